package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.node.backup.BackupFailed;
import dev.storemesh.node.backup.SiteBackup;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A backup of a node that is being written to, and a node that starts on it.
final class BackupTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int ENOUGH = 30;

    @TempDir
    Path folder = Path.of("");

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private SiteProcess hq;
    private SiteProcess restored;

    @BeforeEach
    void startHq() throws Exception {
        hq = new SiteProcess(folder.resolve("hq"));
        restored = new SiteProcess(folder.resolve("restored"));
        hq.start();
        hq.operator().put("/catalogs/demo").expect(201);
    }

    @AfterEach
    void leaveNothingRunning() {
        over.set(true);
        hq.close();
        restored.close();
    }

    private void write() {
        try {
            while (!over.get()) {
                acknowledged.set(hq.operator()
                        .post(
                                "/catalogs/demo/writes",
                                "{\"operations\":[{\"op\":\"put\",\"object\":\"#item\",\"type\":\"retail.item\",\"set\":[{"
                                        + "\"attribute\":\"retail.item.name\",\"value\":\"after " + acknowledged
                                        + "\"}]}]}")
                        .expect(200)
                        .version());
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void awaitWrites(long version) throws Exception {
        Eventually.see("version " + version, SOON, acknowledged::get, seen -> seen >= version);
    }

    @Test
    void whatWasAcknowledgedBeforeABackupBeganIsThereWhenANodeStartsOnIt() throws Exception {
        var writer = CompletableFuture.runAsync(this::write);
        awaitWrites(ENOUGH);
        var backup = folder.resolve("backup");
        var before = acknowledged.get(); // at once, since a process takes longer to start than a log to move on
        var manifest = SiteBackup.take(hq.home(), backup, "hq", "1", Instant.EPOCH);
        awaitWrites(acknowledged.get() + ENOUGH); // it has held up nobody
        over.set(true);
        writer.get();

        var catalog = manifest.path("catalogs").path(0);
        var version = catalog.path("version").asLong();
        System.out.printf("version %d when the backup began, %d in it%n", before, version);
        assertThat(version).isBetween(before, acknowledged.get());
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().contains("partial"));
        startOnACopyOf(backup);
        assertThat(restored.operator().visible("demo")).isEqualTo(version);
        assertThat(restored.operator().objects("demo", version))
                .isEqualTo(hq.operator().objects("demo", version))
                .hasSize((int) version - 1);
        for (var site : new SiteProcess[] {hq, restored}) {
            assertThat(chain(site, version)).isEqualTo(catalog.path("chain").asText());
        }
        aCommandTakesOneAsWell(version);
        isRefusedIfItIsNotWhatItWas(backup, manifest);
    }

    private void aCommandTakesOneAsWell(long version) throws Exception {
        var other = folder.resolve("other");
        var ended = SiteProcess.run(
                SOON, "backup", other.toString(), "--home", hq.home().toString());
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("Backup of hq in").contains("checked, and whole");
        assertThat(SiteBackup.verify(other).at("/catalogs/0/version").asLong()).isGreaterThanOrEqualTo(version);
    }

    private void startOnACopyOf(Path backup) throws Exception {
        Files.createDirectory(restored.home());
        try (var files = Files.list(backup)) {
            for (var file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
                Files.copy(file, restored.home().resolve(file.getFileName()));
            }
        }
        assertThat(restored.home().resolve("operator.token")).isRegularFile();
        restored.start();
    }

    private static String chain(SiteProcess site, long version) throws Exception {
        return site.operator()
                .get("/catalogs/demo/log?limit=1&after=" + (version - 1))
                .expect(200)
                .body()
                .at("/entries/0/chain")
                .asText();
    }

    private void isRefusedIfItIsNotWhatItWas(Path backup, JsonNode manifest) throws Exception {
        assertThat(SiteBackup.verify(backup)).hasToString(manifest.toString());
        assertThatThrownBy(() -> SiteBackup.take(hq.home(), backup, "hq", "1", Instant.EPOCH))
                .isInstanceOf(BackupFailed.class)
                .hasMessageContaining("is there already");
        try (var log = new RandomAccessFile(backup.resolve("log.db").toFile(), "rw")) {
            log.seek(log.length() - 1);
            var last = log.read();
            log.seek(log.length() - 1);
            log.write(last ^ 1);
        }
        assertThatThrownBy(() -> SiteBackup.verify(backup))
                .isInstanceOf(BackupFailed.class)
                .hasMessageContaining("log.db is not what it was");
        var postgres = Files.createDirectory(folder.resolve("postgres"));
        Files.writeString(postgres.resolve("storage.kind"), "postgres\n");
        assertThatThrownBy(() -> SiteBackup.take(postgres, folder.resolve("x"), "hq", "1", Instant.EPOCH))
                .hasMessageContaining("pg_basebackup");
        assertThatThrownBy(() -> SiteBackup.take(folder, folder.resolve("x"), "hq", "1", Instant.EPOCH))
                .hasMessageContaining("has no log.db");
        assertThat(folder.resolve("x")).doesNotExist();
    }
}
