package dev.storemesh.node.catalog;

import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.model.ModelRun;
import dev.storemesh.protocol.value.CatalogId;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The real actors over a real journal beside the model, with restarts of the whole site in between.
class ModelledSiteTest {
    private static final int STEPS = 40;
    private static final int RESTARTS = 4;

    @TempDir
    Path folder;

    @Seeds(14)
    void doesWhatTheModelDoes(long seed) {
        try (var catalog = new SiteCatalog(folder, new CatalogId("demo"))) {
            new ModelRun(catalog, seed, RESTARTS).run(STEPS);
        }
    }
}
