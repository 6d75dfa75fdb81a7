/// What is stored, as bytes: compact, with a format version, readable for ever. Start at
/// [dev.storemesh.persistence.codec.EventSerializer]; the format itself is told at
/// [dev.storemesh.persistence.codec.RowWriter], and every type's tag stands in
/// [dev.storemesh.persistence.codec.Tags].
@NullMarked
package dev.storemesh.persistence.codec;

import org.jspecify.annotations.NullMarked;
