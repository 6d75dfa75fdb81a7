/// The single writer's rules: commands in, events out. Start at [dev.storemesh.protocol.catalog.CatalogDecider].
@NullMarked
package dev.storemesh.protocol.catalog;

import org.jspecify.annotations.NullMarked;
