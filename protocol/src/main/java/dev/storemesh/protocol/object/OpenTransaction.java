package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.value.ObjectToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// A transaction that nobody has ended yet.
///
/// @param holder who opened it, with the idempotency key and the reason
/// @param digest of what the opener sent
/// @param idle it ends when nothing is written for so long
/// @param ends it ends then, whatever is written
/// @param maxBytes about how large it may become
/// @param touched when its holder wrote last, or the writer of the log began anew
/// @param lastAt the time of its last step, which the next one's is after
/// @param names the tokens that its first step's temporary names were given
public record OpenTransaction(
        LockToken lock,
        Provenance holder,
        String digest,
        Instant since,
        Duration idle,
        Instant ends,
        long maxBytes,
        Instant touched,
        Instant lastAt,
        long bytes,
        Map<String, ObjectToken> names,
        StagedVersion staged) {
    public OpenTransaction {
        names = Map.copyOf(names);
    }

    /// One that begins on top of a version with this chain and these schemas.
    public static OpenTransaction begun(
            LockToken lock,
            Provenance holder,
            String digest,
            Instant since,
            Duration idle,
            Instant ends,
            long maxBytes,
            ChainHash chain,
            SchemaHistory schemas) {
        var staged = new StagedVersion(lock.version(), 0, chain, schemas);
        return new OpenTransaction(
                lock, holder, digest, since, idle, ends, maxBytes, since, since, 0, Map.of(), staged);
    }

    /// Without a write of its holder it ends then.
    public Instant until() {
        var idleUntil = touched.plus(idle);
        return idleUntil.isBefore(ends) ? idleUntil : ends;
    }

    /// After one more step.
    public OpenTransaction after(LogEntry step, Map<String, ObjectToken> stepNames) {
        return new OpenTransaction(
                lock,
                holder,
                digest,
                since,
                idle,
                ends,
                maxBytes,
                step.at(),
                step.at(),
                bytes + Weight.of(step),
                staged.steps() == 0 ? stepNames : names,
                staged.after(step));
    }

    /// The same, with the idle time to begin at `now`.
    public OpenTransaction touchedAt(Instant now) {
        return new OpenTransaction(
                lock, holder, digest, since, idle, ends, maxBytes, now, lastAt, bytes, names, staged);
    }

    /// Whether one more step makes it too large.
    public boolean isTooLargeWith(LogEntry step) {
        return bytes + Weight.of(step) > maxBytes;
    }
}
