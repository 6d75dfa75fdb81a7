package dev.storemesh.ops.site;

import dev.storemesh.ops.history.Action;
import dev.storemesh.ops.history.HistoryFile;
import dev.storemesh.ops.history.Operation;
import dev.storemesh.ops.history.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// Writes down what the clients of a run do, and knows how far they are. Safe for all threads.
final class Scribe implements AutoCloseable {
    private final long began = System.nanoTime();
    private final HistoryFile file;
    private final Map<String, Long> written = new ConcurrentHashMap<>();
    private final Map<String, Integer> counts = new ConcurrentSkipListMap<>();
    private volatile long acknowledged;

    Scribe(Path path) throws IOException {
        this.file = new HistoryFile(path);
    }

    /// Nanoseconds since the run began.
    long now() {
        return System.nanoTime() - began;
    }

    synchronized void add(Operation operation) {
        file.add(operation);
        counts.merge(
                operation.action().getClass().getSimpleName() + " "
                        + operation.outcome().getClass().getSimpleName(),
                1,
                Integer::sum);
        if (operation.outcome() instanceof Outcome.Made) {
            written.merge(operation.catalog(), operation.invoked(), Math::max);
        }
        if (operation.action() instanceof Action.Write && operation.outcome() instanceof Outcome.Made) {
            acknowledged++;
        }
    }

    /// Writes outside of transactions that were acknowledged.
    long acknowledged() {
        return acknowledged;
    }

    /// For each catalog, when the latest of its acknowledged writes was asked for.
    Map<String, Long> written() {
        return new TreeMap<>(written);
    }

    /// How often which outcome was met.
    Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
