/// Catalogs as lines of JSON: how lines are read, held back and refused, and in what order they stand. Start at
/// [dev.storemesh.protocol.bulk.BulkLine].
@NullMarked
package dev.storemesh.protocol.bulk;

import org.jspecify.annotations.NullMarked;
