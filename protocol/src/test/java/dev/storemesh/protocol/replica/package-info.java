@NullMarked
package dev.storemesh.protocol.replica;

import org.jspecify.annotations.NullMarked;
