/// What the parts of a node count and time while they work. Start at [dev.storemesh.node.measure.Measures].
@NullMarked
package dev.storemesh.node.measure;

import org.jspecify.annotations.NullMarked;
