package dev.storemesh.ops.site;

import dev.storemesh.persistence.postgres.PostgresServer;
import java.nio.file.Path;

/// The same over PostgreSQL, by configuration alone.
final class CrashUnderLoadOnPostgresTest extends CrashUnderLoadTest {
    @Override
    int kills() {
        return 3;
    }

    @Override
    void chooseStorage(Path home) {
        PostgresServer.use(PostgresServer.shared().database(), home);
    }
}
