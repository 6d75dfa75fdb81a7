@NullMarked
package dev.storemesh.protocol.write;

import org.jspecify.annotations.NullMarked;
