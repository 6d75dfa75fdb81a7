/// Measures a node over HTTP, beside what the same machine could do at best. Start at
/// [dev.storemesh.ops.bench.NodeBench].
@NullMarked
package dev.storemesh.ops.bench;

import org.jspecify.annotations.NullMarked;
