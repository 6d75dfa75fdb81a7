@NullMarked
package dev.storemesh.persistence.postgres;

import org.jspecify.annotations.NullMarked;
