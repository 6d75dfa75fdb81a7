package dev.storemesh.ops.demo;

import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The folder of a demo: a folder for each node, and `demo.json` with what the next start needs to know. At most
/// one demo uses it at a time.
final class Home implements AutoCloseable {
    private final Path folder;
    private final boolean kept;
    private final FileChannel lock;

    private Home(Path folder, boolean kept, FileChannel lock) {
        this.folder = folder;
        this.kept = kept;
        this.lock = lock;
    }

    /// A folder that stays, where one is named; else a fresh one that [#close] removes.
    static Home open(Optional<Path> keep) throws CommandFailed {
        try {
            return keep.isPresent() ? kept(keep.get().toAbsolutePath().normalize()) : temporary();
        } catch (IOException e) {
            throw new CommandFailed(
                    "The folder " + keep.map(Path::toString).orElse("for the demo's data") + " cannot be used: " + e,
                    e);
        }
    }

    private static Home kept(Path folder) throws IOException, CommandFailed {
        Files.createDirectories(folder);
        return new Home(folder, true, lock(folder));
    }

    private static Home temporary() throws IOException, CommandFailed {
        var folder = Files.createTempDirectory("storemesh-demo-"); // made with mode 0700
        return new Home(folder, false, lock(folder));
    }

    private static FileChannel lock(Path folder) throws IOException, CommandFailed {
        var channel =
                FileChannel.open(folder.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new CommandFailed("Another demo runs in " + folder + ".", e);
        }
        channel.close();
        throw new CommandFailed("Another demo runs in " + folder + ".");
    }

    Path of(String site) {
        return folder.resolve(site);
    }

    boolean isKept() {
        return kept;
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    Optional<DemoState> state() throws CommandFailed {
        var file = folder.resolve("demo.json");
        try {
            return Optional.of(DemoState.fromJson(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailed(
                    file + " cannot be read (" + e.getMessage()
                            + "): move it and the folders beside it away to start afresh.",
                    e);
        }
    }

    void save(DemoState state) throws CommandFailed {
        try {
            PrivateFile.write(folder.resolve("demo.json"), state.toJson());
        } catch (IOException e) {
            throw new CommandFailed("The folder " + folder + " cannot be written: " + e, e);
        }
    }

    /// Makes a node's folder, with the file that lets it be started alone.
    ///
    /// @param fresh whether ports were chosen anew; else the file stays: somebody may have tried a setting there
    Path site(String id, int port, boolean fresh) throws CommandFailed {
        var home = of(id);
        try {
            Files.createDirectories(
                    home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var conf = home.resolve("storemesh.conf");
            if (fresh || !Files.exists(conf)) {
                PrivateFile.write(
                        conf,
                        "# Written by storemesh demo; every setting stands in reference.conf.\n"
                                + "storemesh.site.id = \"" + id + "\"\n"
                                + "storemesh.http.port = " + port + "\n");
            }
            return home;
        } catch (IOException e) {
            throw new CommandFailed("The folder " + home + " cannot be written: " + e, e);
        }
    }

    /// Lets go of the folder, and removes it unless it is to be kept. Nothing may run in it any more. Safe to call
    /// again.
    @Override
    public synchronized void close() throws IOException {
        if (!lock.isOpen()) {
            return;
        }
        lock.close();
        if (!kept) {
            Files.walkFileTree(folder, new Removal());
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
