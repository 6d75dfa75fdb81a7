package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;

/// How far a catalog is. `objects` counts the live ones, bookkeeping left out; `followed`: this site copies it from
/// HQ.
public record CatalogHead(
        CatalogId catalog, HistoryId history, Version visible, ChainHash chain, long objects, boolean followed) {}
