package dev.storemesh.node.catalog;

import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.site.SharedSite;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.model.ModelRun;
import dev.storemesh.protocol.value.CatalogId;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes of a site over one database: what is asked at one is answered by actors of the other, beside the
/// model.
class ModelledSiteOfTwoNodesTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final int STEPS = 60;

    @TempDir
    Path folder;

    @Seeds(1)
    void doesWhatTheModelDoes(long seed) {
        var shared = new SharedSite();
        shared.addFirst(folder.resolve("one"));
        shared.addSecond(folder.resolve("two"));
        try (var one = TestSite.start(folder.resolve("one"))) {
            var there = SiteCatalog.catalogs(one);
            get(there.create(DEMO, Provenance.of("operator")));
            get(there.head(DEMO)); // entity and partition live at the first node now
            try (var here = new SiteCatalog(folder.resolve("two"), DEMO)) {
                new ModelRun(here, seed, 0).run(STEPS);
                assertThat(get(there.head(DEMO))).isEqualTo(get(here.catalogs().head(DEMO)));
            }
        }
    }
}
