@NullMarked
package dev.storemesh.protocol.catalog;

import org.jspecify.annotations.NullMarked;
