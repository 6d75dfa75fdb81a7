package dev.storemesh.protocol.log;

import java.time.Instant;
import java.util.List;

/// One version of a catalog as everybody sees it: who wrote what when. `chain` vouches for it and for all before it
/// (see [ChainHash]). `at` is for people and never orders anything: versions do.
public record LogEntry(
        Version version,
        Instant at,
        Provenance provenance,
        ChainHash chain,
        boolean isVoid,
        List<ObjectChange> changes) {
    public LogEntry {
        changes = List.copyOf(changes);
    }
}
