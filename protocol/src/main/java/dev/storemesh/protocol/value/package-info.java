/// Names and values that objects are made of. Start at [dev.storemesh.protocol.value.Attribute].
@NullMarked
package dev.storemesh.protocol.value;

import org.jspecify.annotations.NullMarked;
