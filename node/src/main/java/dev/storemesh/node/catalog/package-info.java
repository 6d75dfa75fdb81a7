/// The actors that hold catalogs: the single writer, and the partitions that are made from its log. Start at
/// [dev.storemesh.node.catalog.CatalogEntity].
@NullMarked
package dev.storemesh.node.catalog;

import org.jspecify.annotations.NullMarked;
