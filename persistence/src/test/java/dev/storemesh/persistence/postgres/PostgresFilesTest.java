package dev.storemesh.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Texts that the nodes of a site share.
class PostgresFilesTest {
    private final PostgresAddress address = PostgresServer.shared().database();

    @Test
    void replacesATextOnlyForWhoKnowsWhatItWas() throws Exception {
        PostgresDatabase.open(address);
        var one = new PostgresFiles(address);
        var other = new PostgresFiles(address);
        assertThat(one.read("link.json")).isEmpty();
        assertThat(one.replace("link.json", Optional.of("x"), "1")).isFalse();
        assertThat(one.replace("link.json", Optional.empty(), "1")).isTrue();
        assertThat(other.replace("link.json", Optional.empty(), "2")).isFalse();
        assertThat(other.replace("link.json", Optional.of("1"), "2")).isTrue();
        assertThat(one.replace("link.json", Optional.of("1"), "3")).isFalse();
        assertThat(one.read("link.json")).contains("2");
    }

    @Test
    void oneNodeAtATimeKeepsTheOthersOut() throws Exception {
        PostgresDatabase.open(address);
        var files = new PostgresFiles(address);
        var alone = files.tryLock().orElseThrow();
        assertThat(files.tryLock()).isEmpty();
        alone.close();
        files.tryLock().orElseThrow().close();
    }

    @Test
    void aDatabaseFromBeforeThereWereFilesSaysWhoseItIs() throws Exception {
        assertThat(kindOf("catalog|demo")).contains("hq");
        assertThat(kindOf("replica|demo")).contains("store");
        assertThat(kindOf("access|site")).isEmpty();
    }

    /// As the migration finds it in a journal that has a row of this id.
    private static Optional<String> kindOf(String persistenceId) throws Exception {
        var database = PostgresServer.shared().database();
        PostgresDatabase.open(database);
        PostgresServer.update(database, "DROP TABLE site_file");
        PostgresServer.update(database, "DELETE FROM storemesh_schema WHERE version = '3'");
        PostgresServer.update(
                database,
                "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,"
                        + " event_ser_id, event_ser_manifest, event_payload) VALUES ('" + persistenceId
                        + "', 1, '', 0, '', 1, '', '')");
        PostgresDatabase.open(database);
        return new PostgresFiles(database).read("site.kind");
    }
}
