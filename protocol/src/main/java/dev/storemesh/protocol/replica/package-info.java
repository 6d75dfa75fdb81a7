/// A store's copy of a catalog and its queue of change requests. Start at
/// [dev.storemesh.protocol.replica.ReplicaDecider].
@NullMarked
package dev.storemesh.protocol.replica;

import org.jspecify.annotations.NullMarked;
