package dev.storemesh.http.route;

import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Log entries as they are sent. Those that were asked for last are kept, so that an entry that all followers of a
/// catalog get at about the same time is written once and not for each of them. Safe for all threads.
///
/// Which entry it is says the object that stands for it, not what it says: to compare two of a thousand changes takes
/// as long as to write one. So it serves those who were given the same object, and is right for everybody.
final class WrittenEntries {
    private static final int EACH = 512; // bytes that one takes at least

    private final long limit;
    private final Map<Same, Text> kept = new LinkedHashMap<>(16, 0.75f, true); // the one that was used last at the end
    private long bytes;

    /// @param limit about the most bytes that are kept
    WrittenEntries(long limit) {
        this.limit = limit;
    }

    /// An entry as JSON, in UTF-8; not to be changed.
    byte[] of(LogEntry entry) {
        var same = new Same(entry);
        var text = held(same);
        var written = text.written();
        weigh(same, text, EACH + 2L * written.length); // the entry takes about as much
        return written;
    }

    private synchronized Text held(Same entry) {
        return kept.computeIfAbsent(entry, unwritten -> new Text(unwritten.entry));
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

    private record Same(LogEntry entry) {
        @Override
        @SuppressWarnings("ReferenceEquality") // it is what this is for
        public boolean equals(@Nullable Object other) {
            return other instanceof Same same && same.entry == entry;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(entry);
        }
    }

    /// One entry: the first who needs it writes it, others wait for that.
    private static final class Text {
        private final LogEntry entry;
        private byte @Nullable [] written;
        private long weight; // guarded by the lock of all; 0: nobody has said yet

        private Text(LogEntry entry) {
            this.entry = entry;
        }

        private synchronized byte[] written() {
            var before = written;
            if (before != null) {
                return before;
            }
            var now = Json.bytes(LogJson.write(entry));
            written = now;
            return now;
        }
    }
}
