@NullMarked
package dev.storemesh.protocol.constraint;

import org.jspecify.annotations.NullMarked;
