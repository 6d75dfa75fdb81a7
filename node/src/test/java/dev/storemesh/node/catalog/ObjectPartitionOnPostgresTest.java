package dev.storemesh.node.catalog;

import dev.storemesh.persistence.postgres.PostgresServer;
import org.junit.jupiter.api.BeforeEach;

/// A partition over PostgreSQL, by configuration alone: all that holds over SQLite.
class ObjectPartitionOnPostgresTest extends ObjectPartitionTest {
    @BeforeEach
    void useAnEmptyDatabase() {
        PostgresServer.use(PostgresServer.shared().database(), folder);
    }
}
