@NullMarked
package dev.storemesh.persistence.codec;

import org.jspecify.annotations.NullMarked;
