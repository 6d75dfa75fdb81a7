/// The embedded databases of a site: one SQLite file for the log, another for checkpoints. Start at
/// [dev.storemesh.persistence.sqlite.SqliteDatabases].
@NullMarked
package dev.storemesh.persistence.sqlite;

import org.jspecify.annotations.NullMarked;
