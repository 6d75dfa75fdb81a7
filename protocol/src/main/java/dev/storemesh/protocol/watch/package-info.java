/// What operators see of a running node: its state and its metrics. Start at [dev.storemesh.protocol.watch.WatchPort].
@NullMarked
package dev.storemesh.protocol.watch;

import org.jspecify.annotations.NullMarked;
