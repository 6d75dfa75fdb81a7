@NullMarked
package dev.storemesh.protocol.schema;

import org.jspecify.annotations.NullMarked;
