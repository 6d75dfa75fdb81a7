package dev.storemesh.http.route;

import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.object.Scoped;
import dev.storemesh.protocol.value.LocationId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Log entries as they are sent. Those that were asked for last are kept, so that an entry that all followers of a
/// catalog get at about the same time is written once and not for each of them. Safe for all threads.
///
/// Which entry it is says the object that stands for it, not what it says: to compare two of a thousand changes
/// takes as long as to write one. So it serves those who were given the same object, and is right for everybody.
final class WrittenEntries {
    private static final int EACH = 512; // bytes that one takes at least
    private static final Optional<Optional<LocationId>> WHOLE = Optional.empty();
    private static final Optional<Optional<LocationId>> GLOBAL = Optional.of(Optional.empty());

    private final long limit;
    private final Map<Same, Text> kept = new LinkedHashMap<>(16, 0.75f, true); // the one that was used last at the end
    private long bytes;

    /// @param limit about the most bytes that are kept
    WrittenEntries(long limit) {
        this.limit = limit;
    }

    /// An entry as JSON, in UTF-8; not to be changed.
    byte[] of(LogEntry entry) {
        return part(entry, WHOLE);
    }

    /// The same as who follows what is global and at one location is told it. Where that is all of it, it is the
    /// text that everybody gets; where nothing of it is at the location, that of all such followers but those it is
    /// about.
    byte[] of(LogEntry entry, Optional<LocationId> location) {
        if (location.isEmpty() || Scoped.isAllOf(entry, location)) {
            return part(entry, WHOLE);
        }
        return part(entry, Scoped.isAt(entry, location.get()) ? Optional.of(location) : GLOBAL);
    }

    private byte[] part(LogEntry entry, Optional<Optional<LocationId>> part) {
        var same = new Same(entry, part);
        var text = held(same);
        var written = text.written();
        weigh(same, text, EACH + 2L * written.length); // the entry takes about as much
        return written;
    }

    private synchronized Text held(Same entry) {
        return kept.computeIfAbsent(entry, unwritten -> new Text(unwritten.entry, unwritten.part));
    }

    /// Only the first time that an entry was written.
    private synchronized void weigh(Same entry, Text text, long weight) {
        if (text.weight == 0 && kept.get(entry) == text) {
            text.weight = weight;
            bytes += weight;
            var eldest = kept.values().iterator();
            while (bytes > limit) {
                bytes -= eldest.next().weight;
                eldest.remove();
            }
        }
    }

    /// @param part what of the entry: all of it; what is global; that and what is at a location
    private record Same(LogEntry entry, Optional<Optional<LocationId>> part) {
        @Override
        @SuppressWarnings("ReferenceEquality") // it is what this is for
        public boolean equals(@Nullable Object other) {
            return other instanceof Same same && same.entry == entry && same.part.equals(part);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(entry) + part.hashCode();
        }
    }

    /// One entry: the first who needs it writes it, others wait for that.
    private static final class Text {
        private final LogEntry entry;
        private final Optional<Optional<LocationId>> part;
        private byte @Nullable [] written;
        private long weight; // guarded by the lock of all; 0: nobody has said yet

        private Text(LogEntry entry, Optional<Optional<LocationId>> part) {
            this.entry = entry;
            this.part = part;
        }

        private synchronized byte[] written() {
            var before = written;
            if (before != null) {
                return before;
            }
            var now = Json.bytes(LogJson.write(told()));
            written = now;
            return now;
        }

        private LogEntry told() {
            return part.map(place -> place.isPresent() ? Scoped.entry(entry, place) : Scoped.globalEntry(entry))
                    .orElse(entry);
        }
    }
}
