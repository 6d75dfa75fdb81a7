package dev.storemesh.node.catalog;

import dev.storemesh.persistence.postgres.PostgresServer;
import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.model.ModelRun;
import dev.storemesh.protocol.value.CatalogId;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The real actors over PostgreSQL beside the model, with restarts of the whole site in between.
class ModelledSiteOnPostgresTest {
    private static final int STEPS = 40;
    private static final int RESTARTS = 2;

    @TempDir
    Path folder;

    @Seeds(2)
    void doesWhatTheModelDoes(long seed) {
        PostgresServer.use(PostgresServer.shared().database(), folder);
        try (var catalog = new SiteCatalog(folder, new CatalogId("demo"))) {
            new ModelRun(catalog, seed, RESTARTS).run(STEPS);
        }
    }
}
