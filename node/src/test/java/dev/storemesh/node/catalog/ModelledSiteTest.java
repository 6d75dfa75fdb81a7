package dev.storemesh.node.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.model.ModelRun;
import dev.storemesh.protocol.value.CatalogId;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/// The real actors over a real journal beside the model, with restarts of the whole site in between.
class ModelledSiteTest {
    private static final int STEPS = 40;
    private static final int RESTARTS = 4;
    private static final PartitionSettings TINY = SiteCatalog.partitions(500, 3);
    private static final PartitionSettings SMALL = SiteCatalog.partitions(500, 20_000);

    private static final PartitionSettings FORGETFUL = SiteCatalog.partitions(300, 20_000, 2);

    @TempDir
    Path folder;

    @Seeds(14)
    void doesWhatTheModelDoes(long seed) {
        try (var catalog = new SiteCatalog(folder, new CatalogId("demo"))) {
            new ModelRun(catalog, seed, RESTARTS).run(STEPS);
        }
    }

    /// Snapshots of the writer and checkpoints of the partition are made often, and so each restart begins with one
    /// and some rows.
    @Seeds(10)
    void doesSoWhateverBecomesOfFeeds(long seed) {
        var settings = Map.of("catalog.snapshot-every", "5");
        try (var catalog = new SiteCatalog(folder, new CatalogId("demo"), new BadRoute(seed), settings, SMALL)) {
            new ModelRun(catalog, seed, 2 * RESTARTS).run(STEPS);
        }
    }

    /// Of nearly all reads of the past the rows are in memory no more, and come from older checkpoints and the log.
    @Seeds(8)
    void doesSoWhereThePastIsNotInMemory(long seed) {
        var settings = Map.of("catalog.snapshot-every", "5");
        try (var catalog = new SiteCatalog(folder, new CatalogId("demo"), new BadRoute(seed), settings, FORGETFUL)) {
            new ModelRun(catalog, seed, RESTARTS).run(STEPS);
        }
    }

    /// The partitions double several times in each run, wherever it is just then.
    @Seeds(3)
    void doesSoWhileItsPartitionsDouble(long seed) {
        var settings = Map.of("catalog.snapshot-every", "5");
        try (var catalog = new SiteCatalog(folder, new CatalogId("demo"), new BadRoute(seed), settings, TINY)) {
            new ModelRun(catalog, seed, RESTARTS).run(STEPS);
            assertThat(catalog.partitions().generation()).isGreaterThanOrEqualTo(3);
        }
    }
}
