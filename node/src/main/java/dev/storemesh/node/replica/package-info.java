/// A store's copy of a catalog and its queue of change requests. Start at [dev.storemesh.node.replica.ReplicaEntity].
@NullMarked
package dev.storemesh.node.replica;

import org.jspecify.annotations.NullMarked;
