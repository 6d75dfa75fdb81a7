package dev.storemesh.persistence.postgres;

import static dev.storemesh.persistence.postgres.PostgresServer.number;
import static dev.storemesh.persistence.postgres.PostgresServer.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigRenderOptions;
import dev.storemesh.persistence.UnusableDatabaseException;
import dev.storemesh.protocol.log.HistoryId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresDatabaseTest {
    private static final PostgresServer SERVER = PostgresServer.shared();
    private static final ServerFacts GOOD = new ServerFacts(170_006, "17.6", "on", "on", false);

    @TempDir
    Path folder;

    @Test
    void makesItsTablesOnceAndKeepsWhatIsInThem() {
        var address = SERVER.database();
        PostgresDatabase.open(address);
        update(address, "INSERT INTO snapshot VALUES ('kept', 1, 0, 1, '', ''::bytea)");
        var applied = number(address, "SELECT count(*) FROM storemesh_schema WHERE success");
        PostgresDatabase.open(address);
        assertThat(number(address, "SELECT count(*) FROM snapshot")).isOne();
        assertThat(number(address, "SELECT count(*) FROM storemesh_schema")).isEqualTo(applied);
    }

    @Test
    void beginsANewHistoryInEachCatalogAndNowhereElse() {
        var address = SERVER.database();
        var now = Instant.parse("2026-02-01T12:00:00Z");
        var history = new HistoryId("01JD6ZK8Q0ABCDEFGHJKMNPQRT");
        assertThat(PostgresDatabase.beginHistory(address, history, now)).isEmpty();
        for (var row :
                List.of("('catalog|demo', 1", "('catalog|demo', 2", "('catalog|other', 1", "('access|site', 1")) {
            update(
                    address,
                    "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,"
                            + " event_ser_id, event_ser_manifest, event_payload) VALUES " + row
                            + ", 'a', 1, '', 1, '', ''::bytea)");
        }
        assertThat(PostgresDatabase.beginHistory(address, history, now)).containsExactly("demo", "other");
        assertThat(number(
                        address,
                        "SELECT count(*) FROM event_journal WHERE event_ser_manifest = 'catalog-round' AND NOT deleted AND"
                                + " (persistence_id, sequence_number) IN (('catalog|demo', 3), ('catalog|other', 2))"))
                .isEqualTo(2);
        assertThat(number(address, "SELECT count(*) FROM event_journal")).isEqualTo(6);
    }

    @Test
    void letsManyNodesStartAtOnce() throws Exception {
        var address = SERVER.database();
        try (var threads = Executors.newFixedThreadPool(4)) {
            Callable<PostgresDatabase> start = () -> PostgresDatabase.open(address);
            for (var node :
                    threads.invokeAll(IntStream.range(0, 4).mapToObj(i -> start).toList())) {
                assertThat(node.get()).isNotNull();
            }
        }
        assertThat(number(
                        address,
                        "SELECT (count(*) = count(DISTINCT version) AND bool_and(success))::int FROM storemesh_schema"))
                .isOne();
    }

    @Test
    void writesItsPasswordNowhere() throws IOException {
        var address = SERVER.database();
        var password = Files.readString(address.passwordFile().orElseThrow()).strip();
        var database = PostgresDatabase.open(address);
        assertThat(database.config().root().render(ConfigRenderOptions.concise()))
                .contains(address.url())
                .doesNotContain(password, password.substring(0, 6));
        assertThat(address.toString()).doesNotContain(password);
    }

    @Test
    void refusesAWrongPassword() throws IOException {
        var address = SERVER.database();
        var wrong = Files.writeString(folder.resolve("wrong"), "guess");
        assertRefused(
                new PostgresAddress(address.url(), address.user(), Optional.of(wrong), 4),
                "its server refused the user or the password (FATAL: password authentication failed for user"
                        + " \"storemesh\")");
    }

    @Test
    void saysThatThePasswordFileCannotBeRead() {
        var address = SERVER.database();
        var missing = folder.resolve("missing");
        assertRefused(
                new PostgresAddress(address.url(), address.user(), Optional.of(missing), 4),
                "its server refused the user or the password (the password file " + missing + " cannot be read");
    }

    @Test
    void refusesADatabaseThatIsNotThere() {
        assertRefused(SERVER.address("nowhere"), "its server has no such database");
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertRefused(
                new PostgresAddress(
                        "jdbc:postgresql://127.0.0.1:" + port + "/storemesh", "storemesh", Optional.empty(), 4),
                "its server cannot be reached");
    }

    @Test
    void givesUpOnAServerThatNeverAnswers() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/storemesh";
            var began = System.nanoTime();
            assertRefused(
                    new PostgresAddress(url + "?loginTimeout=1", "storemesh", Optional.empty(), 4),
                    "its server cannot be reached");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void refusesAUserThatMayMakeNoTables() {
        var address = SERVER.database();
        update(address, "ALTER DATABASE " + name(address) + " OWNER TO postgres");
        update(address, "REVOKE ALL ON SCHEMA public FROM storemesh, public");
        assertRefused(address, "the user may not make tables in it");
    }

    @Test
    void refusesADatabaseOfSomethingElse() {
        var address = SERVER.database();
        update(address, "CREATE TABLE tea (cup int)");
        assertRefused(address, "it holds tables of something else");
    }

    @Test
    void refusesWhatANewerVersionWrote() {
        var address = SERVER.database();
        PostgresDatabase.open(address);
        update(
                address,
                "INSERT INTO storemesh_schema SELECT 1000, '1000', 'later', type, 'V1000__later.sql', checksum,"
                        + " installed_by, installed_on, execution_time, true FROM storemesh_schema WHERE version = '1'");
        assertRefused(address, "a newer version of Storemesh wrote it (schema 1000)");
    }

    @Test
    void refusesADatabaseWhoseCommitsDoNotWaitForTheDisk() {
        var address = SERVER.database();
        update(address, "ALTER DATABASE " + name(address) + " SET synchronous_commit = off");
        assertRefused(address, "synchronous_commit is off for this user and database");
    }

    @Test
    void refusesServersThatAreTooOldOrNotDurableOrStandby() {
        assertThat(GOOD.objection()).isEmpty();
        assertThat(new ServerFacts(170_006, "17.6", "on", "remote_apply", false).objection())
                .isEmpty();
        assertThat(new ServerFacts(150_012, "15.12", "on", "on", false).objection())
                .contains("its server is PostgreSQL 15.12 (expected: 16 or later)");
        assertThat(new ServerFacts(170_006, "17.6", "off", "on", false)
                        .objection()
                        .orElseThrow())
                .startsWith("fsync is off");
        assertThat(new ServerFacts(170_006, "17.6", "on", "local", false)
                        .objection()
                        .orElseThrow())
                .startsWith("synchronous_commit is local");
        assertThat(new ServerFacts(170_006, "17.6", "on", "on", true)
                        .objection()
                        .orElseThrow())
                .contains("standby");
    }

    private static String name(PostgresAddress address) {
        return address.url().substring(address.url().lastIndexOf('/') + 1);
    }

    private static void assertRefused(PostgresAddress address, String reason) {
        assertThatThrownBy(() -> PostgresDatabase.open(address))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageStartingWith("database " + address.url() + " cannot be used: " + reason)
                .message()
                .doesNotContain("\n");
    }
}
