@NullMarked
package dev.storemesh.protocol;

import org.jspecify.annotations.NullMarked;
