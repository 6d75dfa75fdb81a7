package dev.storemesh.node.backup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.persistence.codec.UnreadableRowException;
import dev.storemesh.persistence.sqlite.SqliteCopy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A backup of a home folder in SQLite, taken beside the node that uses it, or of one that nobody uses. It is a
/// folder that can be a home: the log, and the small files; the checkpoints are left out, since they are made
/// from the log again.
///
/// ```
/// small files -> how far is the log? -> the log, as of one instant -> check it -> manifest -> on disk -> in place
/// ```
///
/// The small files come first, so that the log is never older than what refers to it.
public final class SiteBackup {
    static final String LOG = "log.db";
    private static final Set<String> LEFT_OUT = Set.of("node.lock", Manifest.NAME);

    private SiteBackup() {}

    /// Takes one. Blocks.
    ///
    /// @param home a home folder, in use or not
    /// @param target the folder that it becomes; nothing is there
    /// @param site the id of the site, for the manifest
    /// @param node the version of this program
    /// @return its manifest, as JSON
    /// @throws BackupFailed if there is none; then nothing is at `target`
    public static JsonNode take(Path home, Path target, String site, String node, Instant now) throws BackupFailed {
        var place = target.toAbsolutePath().normalize();
        check(home, place);
        var partial = place.resolveSibling("." + place.getFileName() + ".partial-"
                + ProcessHandle.current().pid());
        try {
            Files.createDirectory(
                    partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                var manifest = fill(home, partial, site, node, now);
                Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
                force(parent(place));
                return manifest.json();
            } finally {
                discard(partial);
            }
        } catch (IOException e) {
            throw new BackupFailed("The backup cannot be made: " + e, e);
        }
    }

    private static void check(Path home, Path place) throws BackupFailed {
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new BackupFailed(
                    place + " is there already (expected: a new folder, since no backup is overwritten)");
        }
        if (!Files.isDirectory(parent(place))) {
            throw new BackupFailed(parent(place) + " is no folder (expected: one in which the backup can be made)");
        }
        if (text(home.resolve("storage.kind")).equals("postgres")) {
            throw new BackupFailed(
                    "The data of the home folder " + home + " is in PostgreSQL, whose own tools back it up:"
                            + " pg_basebackup with WAL archiving, or pg_dump; keep the files of the home folder with it");
        }
        if (!Files.isRegularFile(home.resolve(LOG))) {
            throw new BackupFailed(home + " has no " + LOG + " (expected: the home folder of a node that was started)");
        }
    }

    static Path parent(Path absolute) {
        var parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }

    static String text(Path file) throws BackupFailed {
        try {
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new BackupFailed(file + " cannot be read: " + e, e);
        }
    }

    private static Manifest fill(Path home, Path partial, String site, String node, Instant now)
            throws IOException, BackupFailed {
        for (var file : smallFiles(home)) {
            copy(file, partial.resolve(String.valueOf(file.getFileName())));
        }
        var source = new SqliteCopy(home.resolve(LOG));
        var before = source.ends();
        source.into(made(partial.resolve(LOG)));
        force(partial.resolve(LOG));
        var copied = new SqliteCopy(partial.resolve(LOG));
        var ends = copied.ends();
        for (var journal : before.entrySet()) {
            if (ends.getOrDefault(journal.getKey(), 0L) < journal.getValue()) {
                throw new BackupFailed("The copy of the log ends too early in " + journal.getKey());
            }
        }
        var manifest = new Manifest(site, kind(partial), node, now, heads(copied), files(partial));
        var place = made(partial.resolve(Manifest.NAME));
        Files.writeString(place, manifest.json().toPrettyString() + System.lineSeparator());
        force(place);
        force(partial);
        return check(partial);
    }

    /// Those in the folder itself: settings, credentials, keys; not the databases, nor what is being written.
    private static List<Path> smallFiles(Path home) throws IOException {
        try (var files = Files.list(home)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> isSmall(String.valueOf(file.getFileName())))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isSmall(String name) {
        return !LEFT_OUT.contains(name)
                && !name.endsWith(".new")
                && !name.startsWith(LOG)
                && !name.startsWith("checkpoints.db");
    }

    /// An empty file for its owner alone.
    private static Path made(Path file) throws IOException {
        return Files.createFile(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    static void copy(Path from, Path to) throws IOException {
        Files.write(made(to), Files.readAllBytes(from));
        force(to);
    }

    /// A log may not fit into memory.
    static void copyLarge(Path from, Path to) throws IOException {
        try (var out = Files.newOutputStream(made(to))) {
            Files.copy(from, out);
        }
        force(to);
    }

    static void force(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static String kind(Path folder) {
        return Files.exists(folder.resolve("link.json")) ? "store" : "hq";
    }

    static List<LogHeads.Head> heads(SqliteCopy log) throws IOException, BackupFailed {
        try {
            return new LogHeads(log).all();
        } catch (UnreadableRowException e) {
            throw new BackupFailed("The log has a row that cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Manifest.File> files(Path folder) throws IOException {
        var files = new ArrayList<Manifest.File>();
        try (var names = Files.list(folder)) {
            for (var file : names.sorted().toList()) {
                var name = String.valueOf(file.getFileName());
                if (name.equals(LOG) || isSmall(name)) { // not what SQLite keeps beside a log while it is read
                    files.add(new Manifest.File(name, Files.size(file), sha256(file)));
                }
            }
        }
        return files;
    }

    private static String sha256(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void refuse(List<String> faults) throws BackupFailed {
        if (!faults.isEmpty()) {
            throw new BackupFailed("The copy of the log is not whole: "
                    + faults.stream().limit(5).collect(Collectors.joining("; ")));
        }
    }

    static void discard(Path partial) throws IOException {
        if (Files.exists(partial)) {
            try (var files = Files.list(partial)) {
                for (var file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(partial);
        }
    }

    /// Looks whether a backup is what its manifest says: the bytes of each file, that the log is whole, and how
    /// far its catalogs are. Reads all of it; it is one that no node was started on.
    ///
    /// @return its manifest, as JSON
    /// @throws BackupFailed if it is not
    public static JsonNode verify(Path folder) throws BackupFailed {
        try {
            return check(folder.toAbsolutePath().normalize()).json();
        } catch (IOException e) {
            throw new BackupFailed("The backup cannot be read: " + e, e);
        }
    }

    static Manifest check(Path folder) throws IOException, BackupFailed {
        Manifest manifest;
        try {
            manifest = Manifest.read(Files.readAllBytes(folder.resolve(Manifest.NAME)));
        } catch (IllegalArgumentException e) {
            throw new BackupFailed(folder.resolve(Manifest.NAME) + ": " + e.getMessage(), e);
        }
        var names = new TreeSet<String>();
        for (var file : manifest.files()) {
            names.add(file.name());
            var copy = folder.resolve(file.name());
            if (!Files.isRegularFile(copy)
                    || Files.size(copy) != file.bytes()
                    || !sha256(copy).equals(file.sha256())) {
                throw new BackupFailed(copy + " is not what it was when the backup was made");
            }
        }
        if (!names.contains(LOG)) {
            throw new BackupFailed(folder + " has no " + LOG);
        }
        var log = new SqliteCopy(folder.resolve(LOG));
        refuse(log.faults());
        var heads = heads(log);
        if (!heads.equals(manifest.catalogs())) {
            throw new BackupFailed("The log is at " + heads + " (expected: " + manifest.catalogs() + ")");
        }
        return manifest;
    }
}
