/// How a node stands, for its operators. Start at [dev.storemesh.node.watch.NodeWatch].
@NullMarked
package dev.storemesh.node.watch;

import org.jspecify.annotations.NullMarked;
