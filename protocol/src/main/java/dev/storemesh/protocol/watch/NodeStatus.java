package dev.storemesh.protocol.watch;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How a node stands.
///
/// @param node the version of its program
/// @param catalogs those whose writer, or replica, is in this node's memory, by name
/// @param clockOffset at a store: how far its clock is ahead of HQ's, as HQ said last; negative: behind
public record NodeStatus(
        String node, Instant startedAt, Instant asOf, List<CatalogStatus> catalogs, Optional<Duration> clockOffset) {
    /// One catalog.
    ///
    /// @param queued at a store: its change requests that HQ has not recorded
    public record CatalogStatus(CatalogId catalog, Version version, boolean transactionOpen, long queued) {}

    public NodeStatus {
        catalogs = List.copyOf(catalogs);
    }
}
