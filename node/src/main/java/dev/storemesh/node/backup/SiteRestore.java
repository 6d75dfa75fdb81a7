package dev.storemesh.node.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.node.site.Databases;
import dev.storemesh.node.site.HomeFolder;
import dev.storemesh.node.site.NodeSettings;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.node.site.StorageSettings;
import dev.storemesh.persistence.UnusableDatabaseException;
import dev.storemesh.persistence.sqlite.SqliteCopy;
import dev.storemesh.persistence.sqlite.SqliteDatabases;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.HistoryId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Makes a home folder of a backup, or goes on with storage that other tools have put back. At HQ every catalog
/// begins a new history then, so that a store which holds more than the copy, or something else, is never taken
/// for one that holds the same.
///
/// ```
/// check the backup -> copy it beside the home -> (HQ) begin a new history in the copy -> on disk -> in place
/// ```
public final class SiteRestore {
    private static final List<String> CHECKPOINTS =
            List.of("checkpoints.db", "checkpoints.db-journal", "checkpoints.db-wal", "checkpoints.db-shm");

    private SiteRestore() {}

    /// Makes a home of a backup. Blocks.
    ///
    /// @param backup a folder that [SiteBackup] made
    /// @param home the folder that it becomes; nothing is there, or an empty folder
    /// @param history of HQ's catalogs from now on
    /// @return what is there now, as JSON
    /// @throws BackupFailed if it was not done; then nothing is at `home` that was not there before
    public static JsonNode restore(Path backup, Path home, HistoryId history, Instant now) throws BackupFailed {
        var from = backup.toAbsolutePath().normalize();
        var place = home.toAbsolutePath().normalize();
        try {
            check(place);
            var manifest = SiteBackup.check(from);
            var partial = place.resolveSibling("." + place.getFileName() + ".partial-"
                    + ProcessHandle.current().pid());
            Files.createDirectory(
                    partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                fill(from, partial, manifest, history, now);
                var heads = SiteBackup.heads(new SqliteCopy(partial.resolve(SiteBackup.LOG)));
                Files.deleteIfExists(place); // an empty folder
                Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
                SiteBackup.force(SiteBackup.parent(place));
                return Json.object()
                        .put("home", place.toString())
                        .put("site", manifest.site())
                        .put("kind", manifest.kind())
                        .setAll(catalogs(heads));
            } finally {
                SiteBackup.discard(partial);
            }
        } catch (DirectoryNotEmptyException e) {
            throw isThere(place);
        } catch (UnusableDatabaseException e) {
            throw new BackupFailed(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new BackupFailed("The backup cannot be restored: " + e, e);
        }
    }

    private static void check(Path place) throws IOException, BackupFailed {
        if (!Files.isDirectory(SiteBackup.parent(place))) {
            throw new BackupFailed(
                    SiteBackup.parent(place) + " is no folder (expected: one in which the home can be made)");
        }
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw isThere(place);
        }
        try (var files = Files.list(place)) {
            if (files.findAny().isPresent()) {
                throw isThere(place);
            }
        }
    }

    private static BackupFailed isThere(Path place) {
        return new BackupFailed(place + " is there, and not empty (expected: a new folder; stop its node, and move it"
                + " away, since no home is overwritten)");
    }

    /// What a backup's manifest is of does not hold any more once something is written into its log.
    private static void fill(Path from, Path partial, Manifest manifest, HistoryId history, Instant now)
            throws IOException, BackupFailed {
        for (var file : manifest.files()) {
            SiteBackup.copyLarge(from.resolve(file.name()), partial.resolve(file.name()));
        }
        if (manifest.kind().equals("hq")) {
            SqliteDatabases.beginHistory(partial, history, now);
        }
        try (var files = Files.list(partial)) {
            for (var file : files.toList()) {
                SiteBackup.force(file);
            }
        }
        SiteBackup.force(partial);
    }

    private static ObjectNode catalogs(List<LogHeads.Head> heads) {
        var json = Json.object();
        var array = json.putArray("catalogs");
        heads.forEach(head -> array.add(Manifest.json(head)));
        return json;
    }

    /// Begins a new history in every catalog of HQ's storage, which other tools have put back. Its node is
    /// stopped; with PostgreSQL, all of its nodes. Checkpoints in files are thrown away, since they may be of
    /// another log. Blocks.
    ///
    /// @param home the home folder: the log is there, or the settings that say where it is
    /// @return what is there now, as JSON
    /// @throws BackupFailed if it was not done
    public static JsonNode goOn(Path home, HistoryId history, Instant now) throws BackupFailed {
        var place = home.toAbsolutePath().normalize();
        if (!Files.isDirectory(place)) {
            throw new BackupFailed(place + " is no folder (expected: a home folder whose storage was put back)");
        }
        var isHere = Files.isRegularFile(place.resolve(SiteBackup.LOG));
        try (var locked = HomeFolder.open(place)) {
            return isHere ? goOnInFiles(locked.path(), history, now) : goOnInPostgres(place, history, now);
        } catch (StartFailure | UnusableDatabaseException e) {
            throw new BackupFailed(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new BackupFailed("The storage of " + place + " cannot be gone on with: " + e, e);
        }
    }

    private static JsonNode goOnInFiles(Path place, HistoryId history, Instant now) throws IOException, BackupFailed {
        for (var name : CHECKPOINTS) {
            Files.deleteIfExists(place.resolve(name));
        }
        var names = SqliteDatabases.beginHistory(place, history, now);
        return Json.object()
                .put("home", place.toString())
                .put("kind", names.isEmpty() ? SiteBackup.kind(place) : "hq")
                .setAll(catalogs(SiteBackup.heads(new SqliteCopy(place.resolve(SiteBackup.LOG)))));
    }

    /// How far the catalogs are the database's tools tell.
    private static JsonNode goOnInPostgres(Path place, HistoryId history, Instant now)
            throws StartFailure, BackupFailed {
        if (!(NodeSettings.load(place, Map.of()).storage() instanceof StorageSettings.Postgres postgres)) {
            throw new BackupFailed(
                    place + " has no " + SiteBackup.LOG + " (expected: a home folder whose storage was put back)");
        }
        var names = Databases.beginHistory(postgres, history, now);
        var json = Json.object().put("home", place.toString()).put("kind", names.isEmpty() ? "store" : "hq");
        var array = json.putArray("catalogs");
        names.forEach(name -> array.addObject().put("catalog", name).put("history", history.text()));
        return json;
    }
}
