package dev.storemesh.ops.history;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/// Operations as lines of JSON, each written when it has ended. Safe for all threads.
public final class HistoryFile implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Writer lines;

    public HistoryFile(Path path) throws IOException {
        this.lines = Files.newBufferedWriter(path);
    }

    public synchronized void add(Operation operation) {
        try {
            lines.write(JSON.writeValueAsString(operation) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        lines.close();
    }

    /// The doubts beside them.
    public static void write(Path path, Iterable<Chronicle.Doubt> doubts) throws IOException {
        try (var lines = Files.newBufferedWriter(path)) {
            for (var doubt : doubts) {
                lines.write(JSON.writeValueAsString(doubt) + "\n");
            }
        }
    }

    public static Chronicle read(Path operations, Path doubts) throws IOException {
        try (var first = Files.lines(operations);
                var second = Files.lines(doubts)) {
            return new Chronicle(
                    first.map(line -> value(line, Operation.class)).toList(),
                    second.map(line -> value(line, Chronicle.Doubt.class)).toList());
        }
    }

    private static <T> T value(String line, Class<T> type) {
        try {
            return JSON.readValue(line, type);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }
}
