/// Nodes as processes of this machine. Start at [dev.storemesh.ops.process.NodeProcess].
@NullMarked
package dev.storemesh.ops.process;

import org.jspecify.annotations.NullMarked;
