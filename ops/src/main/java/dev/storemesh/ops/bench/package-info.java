/// Measures a node over HTTP, beside what the same machine could do at best, and beside the same API built by hand.
/// Start at [dev.storemesh.ops.bench.CatalogBench] and
/// [dev.storemesh.ops.bench.NodeBench].
@NullMarked
package dev.storemesh.ops.bench;

import org.jspecify.annotations.NullMarked;
