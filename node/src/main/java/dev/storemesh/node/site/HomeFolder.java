package dev.storemesh.node.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The folder in which a node keeps all it has, locked for this process until [#close]. Its small private files
/// (tokens, ids, credentials) are mode 0600 and replaced whole: after a crash at any instant there is either the
/// old content or the new.
public final class HomeFolder implements SiteFiles, AutoCloseable {
    private static final String LOCK = "node.lock";
    private static final String TEMPORARY = ".new";

    private final Path path;
    private final FileChannel lockFile;

    private HomeFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /// Makes the folder (mode 0700) if it is missing, and locks it.
    ///
    /// @throws StartFailure when it cannot be written to, or another node uses it
    public static HomeFolder open(Path path) throws StartFailure {
        var absolute = path.toAbsolutePath().normalize();
        try {
            make(absolute);
            return new HomeFolder(absolute, lock(absolute));
        } catch (IOException cannot) {
            throw new StartFailure("The home folder " + absolute + " cannot be written to: " + reason(cannot), cannot);
        }
    }

    /// The folder, absolute.
    public Path path() {
        return path;
    }

    /// The text of a private file, without white space around it; empty when there is no such file.
    @Override
    public Optional<String> read(String name) throws IOException {
        var file = file(name);
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(Files.readString(file).strip())
                : Optional.empty();
    }

    /// Makes a private file with one line of text. Durable when this returns.
    ///
    /// @throws FileAlreadyExistsException when there is one of that name
    public synchronized void create(String name, String text) throws IOException {
        var file = file(name);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) { // no race: the folder is ours alone
            throw new FileAlreadyExistsException(file.toString());
        }
        write(name, text);
    }

    /// Makes or replaces a private file with one line of text. Durable when this returns.
    public synchronized void write(String name, String text) throws IOException {
        var file = file(name);
        var temporary = file(name + TEMPORARY);
        Files.deleteIfExists(temporary); // of a start that was killed
        try (var channel = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            fill(channel, text + System.lineSeparator());
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        force(path);
    }

    @Override
    public synchronized boolean replace(String name, Optional<String> before, String text) throws IOException {
        if (!read(name).equals(before.map(String::strip))) {
            return false;
        }
        write(name, text);
        return true;
    }

    /// They are this node's alone.
    @Override
    public boolean areShared() {
        return false;
    }

    /// The folder is locked already.
    @Override
    public Optional<Alone> tryAlone() {
        return Optional.of(() -> {});
    }

    @Override
    public String place() {
        return "home folder " + path;
    }

    /// Deletes a private file; nothing happens when there is none. Durable when this returns.
    public synchronized void delete(String name) throws IOException {
        if (Files.deleteIfExists(file(name))) {
            force(path);
        }
    }

    /// Unlocks the folder. The lock file stays: deleting it would let two nodes lock two files of one name.
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException notClosed) {
            throw new UncheckedIOException("lock: " + path.resolve(LOCK) + " (expected: closes)", notClosed);
        }
    }

    private Path file(String name) {
        var file = path.resolve(name);
        if (!path.equals(file.getParent()) || name.equals(LOCK)) {
            throw new IllegalArgumentException("name: " + name + " (expected: a file name inside the home folder)");
        }
        return file;
    }

    private static void make(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        var parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static FileChannel lock(Path path) throws IOException, StartFailure {
        var channel = FileChannel.open(
                path.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            if (tryLock(channel) == null) {
                throw new StartFailure("The home folder " + path + " is used by another node" + holder(channel));
            }
            channel.truncate(0);
            fill(channel, ProcessHandle.current().pid() + System.lineSeparator());
            return channel;
        } catch (IOException | StartFailure failure) {
            channel.close();
            throw failure;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ours) { // another node in this very process
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        var pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "" : " (pid " + pid + ")";
    }

    private static void fill(FileChannel channel, String text) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    private static void force(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String reason(IOException cannot) {
        return switch (cannot) {
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException exists -> exists.getFile() + " is not a folder";
            case FileSystemException failed ->
                Optional.ofNullable(failed.getReason())
                        .map(String::strip)
                        .orElse(failed.getClass().getSimpleName() + " " + failed.getFile());
            default -> String.valueOf(cannot.getMessage());
        };
    }
}
