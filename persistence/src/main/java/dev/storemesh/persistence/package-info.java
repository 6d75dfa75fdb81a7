/// Where a site keeps its journal and snapshots, and in which bytes: [dev.storemesh.persistence.sqlite],
/// [dev.storemesh.persistence.postgres], [dev.storemesh.persistence.codec].
@NullMarked
package dev.storemesh.persistence;

import org.jspecify.annotations.NullMarked;
