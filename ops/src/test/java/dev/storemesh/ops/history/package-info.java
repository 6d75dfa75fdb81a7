/// Whether what clients were told can be true of one log: everything they asked and were answered is written down
/// as it happens, and judged by pure rules afterwards. Start reading at [dev.storemesh.ops.history.HistoryChecker].
@NullMarked
package dev.storemesh.ops.history;

import org.jspecify.annotations.NullMarked;
