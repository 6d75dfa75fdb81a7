@NullMarked
package dev.storemesh.protocol.object;

import org.jspecify.annotations.NullMarked;
