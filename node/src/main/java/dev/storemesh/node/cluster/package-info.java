/// How messages travel between the nodes of a site. Start at [dev.storemesh.node.cluster.MessageSerializer].
@NullMarked
package dev.storemesh.node.cluster;

import org.jspecify.annotations.NullMarked;
