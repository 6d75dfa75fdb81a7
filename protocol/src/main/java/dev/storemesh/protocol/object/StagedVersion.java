package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Version;

/// A version that is being made of steps, and not there yet. `chain` is that of the last step (of the version before,
/// while there is none), and `schemas` are as the steps leave them.
public record StagedVersion(Version version, int steps, ChainHash chain, SchemaHistory schemas) {
    /// After one more step.
    public StagedVersion after(LogEntry step) {
        return new StagedVersion(version, steps + 1, step.chain(), schemas.after(step));
    }

    public LogPlace place() {
        return new LogPlace(version.previous(), steps);
    }
}
