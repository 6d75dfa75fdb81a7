package dev.storemesh.ops.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Files that hold tokens: readable by their owner alone, and there whole or not at all.
final class PrivateFile {
    private PrivateFile() {}

    /// Replaces `file`. A reader sees the old content or the new, also when we die in between.
    static void write(Path file, String content) throws IOException {
        var draft = draft(file);
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft); // still there only after a failure
        }
    }

    /// Removes `file` if it is there, and fails where [#write] would.
    static void clear(Path file) throws IOException {
        Files.delete(draft(file));
        Files.deleteIfExists(file);
    }

    /// A new file beside `file`, with mode 0600.
    private static Path draft(Path file) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        Files.createDirectories(folder);
        return Files.createTempFile(folder, "." + file.getFileName(), ".draft");
    }
}
