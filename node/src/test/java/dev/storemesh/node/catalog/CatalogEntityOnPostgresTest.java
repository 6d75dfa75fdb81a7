package dev.storemesh.node.catalog;

import dev.storemesh.persistence.postgres.PostgresServer;
import org.junit.jupiter.api.BeforeEach;

/// The single writer over PostgreSQL, by configuration alone: all that holds over SQLite.
class CatalogEntityOnPostgresTest extends CatalogEntityTest {
    @BeforeEach
    void useAnEmptyDatabase() {
        PostgresServer.use(PostgresServer.shared().database(), folder);
    }
}
