/// Types and definitions that say which attributes an object may have. Start at
/// [dev.storemesh.protocol.schema.Schema].
@NullMarked
package dev.storemesh.protocol.schema;

import org.jspecify.annotations.NullMarked;
