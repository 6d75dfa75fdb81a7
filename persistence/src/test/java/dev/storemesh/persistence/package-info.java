@NullMarked
package dev.storemesh.persistence;

import org.jspecify.annotations.NullMarked;
