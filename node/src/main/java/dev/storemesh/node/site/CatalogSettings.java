package dev.storemesh.node.site;

import java.time.Duration;

/// `storemesh.catalog`: the bounds of a catalog's writer.
///
/// @param maxWaiting writes that may wait for their round
/// @param maxWaitingBytes bytes that may wait for their round; at least the largest request body
/// @param roundWrites the most writes that one round decides
/// @param roundBytes about the most bytes that one round decides; a round takes at least one write
/// @param snapshotEvery rounds between two snapshots
/// @param lookupTimeout how long a round waits for a partition
/// @param askTimeout how long a request waits for the catalog; shorter than the HTTP request time-out
/// @param logPageBytes about the most bytes that one page of the log carries
/// @param transactionMax a transaction that is open for longer ends, as void
/// @param transactionMaxBytes about the most bytes that the steps of one transaction take
public record CatalogSettings(
        int maxWaiting,
        long maxWaitingBytes,
        int roundWrites,
        long roundBytes,
        int snapshotEvery,
        Duration lookupTimeout,
        Duration askTimeout,
        long logPageBytes,
        Duration transactionMax,
        long transactionMaxBytes) {

    static CatalogSettings read(SettingsReader reader) throws StartFailure {
        return new CatalogSettings(
                reader.whole("catalog.max-waiting", 1, 1_000_000),
                reader.size("catalog.max-waiting-bytes", "64KiB", "1GiB"),
                reader.whole("catalog.round-writes", 1, 10_000),
                reader.size("catalog.round-bytes", "64KiB", "64MiB"),
                reader.whole("catalog.snapshot-every", 1, 1_000_000),
                reader.span("catalog.lookup-timeout", Duration.ofMillis(100), Duration.ofMinutes(1)),
                reader.span("catalog.ask-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10)),
                reader.size("catalog.log-page-bytes", "64KiB", "64MiB"),
                reader.span("catalog.transaction-max", Duration.ofMinutes(1), Duration.ofDays(1)),
                reader.size("catalog.transaction-max-bytes", "1MiB", "1TiB"));
    }
}
