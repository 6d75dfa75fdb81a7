/// The PostgreSQL database of a site, shared by its nodes: journal and snapshots. Start at
/// [dev.storemesh.persistence.postgres.PostgresDatabase].
@NullMarked
package dev.storemesh.persistence.postgres;

import org.jspecify.annotations.NullMarked;
