@NullMarked
package dev.storemesh.protocol.watch;

import org.jspecify.annotations.NullMarked;
