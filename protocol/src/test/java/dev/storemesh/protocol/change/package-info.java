@NullMarked
package dev.storemesh.protocol.change;

import org.jspecify.annotations.NullMarked;
