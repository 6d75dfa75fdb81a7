package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import java.time.Instant;
import java.util.Optional;

/// How far a catalog is. `objects` counts the live ones, bookkeeping left out; `followed`: this site copies it
/// from HQ. `transaction`: the one that is open, told at HQ only. `floor`: the version that this site began with;
/// empty: it has the whole log. `origin`: the history that the chain begins in, where that is another one, since
/// HQ was restored. `loading`: a copy of HQ's state is to take the place of what is held, or is coming in.
/// `location`: this site holds what is global and at this location; empty: all.
public record CatalogHead(
        CatalogId catalog,
        HistoryId history,
        Version visible,
        ChainHash chain,
        long objects,
        boolean followed,
        Optional<Transaction> transaction,
        Optional<Version> floor,
        boolean loading,
        Optional<HistoryId> origin,
        Optional<LocationId> location) {
    /// Whose it is. `until`: without a write of its holder it ends then; `ends`: so it does whatever is written.
    public record Transaction(Version version, Provenance holder, Instant since, Instant until, Instant ends) {}

    public CatalogHead(
            CatalogId catalog, HistoryId history, Version visible, ChainHash chain, long objects, boolean followed) {
        this(catalog, history, visible, chain, objects, followed, Optional.empty());
    }

    public CatalogHead(
            CatalogId catalog,
            HistoryId history,
            Version visible,
            ChainHash chain,
            long objects,
            boolean followed,
            Optional<Transaction> transaction) {
        this(
                catalog,
                history,
                visible,
                chain,
                objects,
                followed,
                transaction,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }
}
