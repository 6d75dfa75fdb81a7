package dev.storemesh.node.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.storemesh.persistence.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasesTest {
    private static final StorageSettings SQLITE = new StorageSettings.Sqlite();

    @TempDir
    Path folder;

    @Test
    void keepsASiteWhereItBegan() throws StartFailure {
        try (var home = HomeFolder.open(folder.resolve("in-files"))) {
            Databases.open(SQLITE, home);
            Databases.open(SQLITE, home);
            refuses(postgres(), home, "has its data in its log.db, and storemesh.storage is postgres");
        }
        try (var home = HomeFolder.open(folder.resolve("in-postgres"))) {
            var storage = postgres();
            Databases.open(storage, home);
            Databases.open(storage, home);
            refuses(SQLITE, home, "has its data in PostgreSQL, and storemesh.storage is sqlite");
        }
    }

    @Test
    void saysWhyADatabaseCannotBeUsed() throws StartFailure {
        try (var home = HomeFolder.open(folder.resolve("home"))) {
            refuses(
                    new StorageSettings.Postgres("jdbc:postgresql://127.0.0.1:1/none", "ann", Optional.empty(), 2),
                    home,
                    "database jdbc:postgresql://127.0.0.1:1/none cannot be used: its server cannot be reached");
            assertThat(folder.resolve("home/storage.kind")).doesNotExist();
        }
    }

    private static StorageSettings postgres() {
        var address = PostgresServer.shared().database();
        return new StorageSettings.Postgres(address.url(), address.user(), address.passwordFile(), address.pool());
    }

    private static void refuses(StorageSettings storage, HomeFolder home, String sentence) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> Databases.open(storage, home))
                .withMessageContaining(sentence);
    }
}
