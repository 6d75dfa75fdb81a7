/// What the log of a catalog holds. Start at [dev.storemesh.protocol.log.LogEntry].
@NullMarked
package dev.storemesh.protocol.log;

import org.jspecify.annotations.NullMarked;
