/// The server program, where all modules meet. Start reading at [NodeMain].
@NullMarked
package dev.storemesh.node;

import org.jspecify.annotations.NullMarked;
