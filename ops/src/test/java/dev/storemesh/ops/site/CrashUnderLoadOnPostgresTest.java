package dev.storemesh.ops.site;

import dev.storemesh.persistence.postgres.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.parallel.Isolated;

/// The same over PostgreSQL, by configuration alone.
@Isolated("has the machine to itself to be as fast as it can")
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
