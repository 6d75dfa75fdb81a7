@NullMarked
package dev.storemesh.persistence.sqlite;

import org.jspecify.annotations.NullMarked;
