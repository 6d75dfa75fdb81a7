/// Brings foreign product files into a catalog, so that a second run changes nothing. Start reading at
/// [dev.storemesh.ops.importer.CatalogImport]; what a column comes to stands in `CorePosRows`.
@NullMarked
package dev.storemesh.ops.importer;

import org.jspecify.annotations.NullMarked;
