/// A store's connection to HQ. Start at [dev.storemesh.node.link.StoreLink].
@NullMarked
package dev.storemesh.node.link;

import org.jspecify.annotations.NullMarked;
