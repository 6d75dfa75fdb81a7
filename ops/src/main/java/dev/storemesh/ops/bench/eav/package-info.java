/// What a competent team would build by hand, to measure Storemesh against: the same routes and JSON on the same HTTP
/// server, answered from PostgreSQL, where attributes lie in one append-only table (entity, attribute, value). For
/// `bench catalog` only; no node runs any of it. Start reading at [dev.storemesh.ops.bench.eav.EavServer] and
/// `schema.sql`.
@NullMarked
package dev.storemesh.ops.bench.eav;

import org.jspecify.annotations.NullMarked;
