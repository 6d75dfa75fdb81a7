package dev.storemesh.protocol.log;

import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import java.time.Instant;
import java.util.Optional;

/// Which versions of a log are wanted: those that have all that is given. `from` is the first instant, `until` the
/// first
/// one that is not wanted any more.
public record LogFilter(
        Optional<String> caller,
        Optional<String> app,
        Optional<String> actingFor,
        Optional<StoreId> store,
        Optional<ObjectToken> object,
        Optional<Instant> from,
        Optional<Instant> until) {
    public static final LogFilter ALL = new LogFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public boolean wants(LogEntry entry) {
        return isOf(entry.provenance())
                && from.map(first -> !entry.at().isBefore(first)).orElse(true)
                && !isPast(entry)
                && object.map(token -> entry.changes().stream()
                                .anyMatch(change -> change.object().equals(token)))
                        .orElse(true);
    }

    /// The same, whatever object it is about.
    public LogFilter ofAnyObject() {
        return new LogFilter(caller, app, actingFor, store, Optional.empty(), from, until);
    }

    private boolean isOf(Provenance provenance) {
        return caller.map(provenance.caller()::equals).orElse(true)
                && isSame(app, provenance.app())
                && isSame(actingFor, provenance.actingFor())
                && isSame(store, provenance.store());
    }

    private static <T> boolean isSame(Optional<T> wanted, Optional<T> there) {
        return wanted.isEmpty() || wanted.equals(there);
    }

    /// Whether neither this entry is wanted nor any after it, since times grow with versions.
    public boolean isPast(LogEntry entry) {
        return until.map(end -> !entry.at().isBefore(end)).orElse(false);
    }
}
