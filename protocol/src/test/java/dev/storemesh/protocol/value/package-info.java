@NullMarked
package dev.storemesh.protocol.value;

import org.jspecify.annotations.NullMarked;
