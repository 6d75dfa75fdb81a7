package dev.storemesh.ops.cli;

import dev.storemesh.ops.api.ApiClient.Upload;
import dev.storemesh.ops.importer.Progress;
import dev.storemesh.ops.process.CommandFailed;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files on their way to a node, with progress by bytes.
final class Uploads {
    private Uploads() {}

    /// A file, packed if its name ends in `.gz`; `-` is standard input.
    static Upload of(Path file, Progress progress) throws CommandFailed {
        if (file.toString().equals("-")) {
            return new Upload(() -> watched(System.in, 0, progress), false, false);
        }
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new CommandFailed(file + ": cannot be read (expected: a file of lines)");
        }
        return new Upload(() -> opened(file, progress), file.toString().endsWith(".gz"), true);
    }

    private static InputStream opened(Path file, Progress progress) {
        try {
            return watched(Files.newInputStream(file), Files.size(file), progress);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream watched(InputStream bytes, long total, Progress progress) {
        progress.begin("sending", total);
        return new FilterInputStream(bytes) {
            @Override
            public int read() throws IOException {
                var one = super.read();
                progress.advance(one < 0 ? 0 : 1);
                return one;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                var count = super.read(into, from, length);
                progress.advance(Math.max(0, count));
                return count;
            }
        };
    }
}
