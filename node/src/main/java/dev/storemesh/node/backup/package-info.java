/// Backups of a site in SQLite, taken while its node runs. Start at [dev.storemesh.node.backup.SiteBackup].
@NullMarked
package dev.storemesh.node.backup;

import org.jspecify.annotations.NullMarked;
