package dev.storemesh.ops.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What importers send, against the protocol's own reading, schema and judging.
final class ImportByTheRulesTest {
    private final RuledCatalog catalog = new RuledCatalog();

    @Test
    void takesTheWholeSampleOnce() throws Exception {
        var groups = SampleCatalog.read();
        var first = run(groups);
        assertThat(first.parts()).allSatisfy(part -> {
            assertThat(part.created()).isEqualTo(part.rows()).isPositive();
            assertThat(part.refused()).isEmpty();
        });
        var writes = catalog.writes();
        assertThat(run(groups).changedNothing()).isTrue();
        assertThat(catalog.writes()).isEqualTo(writes);
    }

    @Test
    void putsRightWhatWasEditedAndLeavesTheRest() throws Exception {
        var groups = SampleCatalog.read();
        run(groups);
        var token = groups.getLast().tokens().iterator().next();
        catalog.edit("""
                [{"op":"put","object":"TOKEN","set":[
                 {"attribute":"retail.item.note","value":"ask Ada"},
                 {"attribute":"retail.item.price","location":"store-1","value":{"amount":1,"currency":"USD"}},
                 {"attribute":"retail.item.price","value":{"amount":1,"currency":"USD"}}]}]""".replace("TOKEN", token));
        assertThat(run(groups).parts()).extracting(ImportSummary.Part::changed).containsExactly(0L, 1L);
        assertThat(run(groups).changedNothing()).isTrue();
        assertThat(catalog.read(List.of("retail.item")).objects())
                .hasEntrySatisfying(token, item -> assertThat(item.values()).containsKey("retail.item.note"));
    }

    @Test
    void refusesWhatWasDeletedAtHqAndWhateverReferredToIt() throws Exception {
        var groups = SampleCatalog.read();
        run(groups.subList(0, 1));
        catalog.edit("[{\"op\":\"delete\",\"object\":\"dept-120\"}]");
        var parts = run(groups).parts();
        assertThat(parts.getFirst().refused()).extracting(Row.Refused::name).containsExactly("dept-120");
        assertThat(parts.getLast().refused()).isEmpty();
        assertThat(parts.getLast().remarks())
                .hasSize(20)
                .allMatch(remark -> remark.kind() == Remark.Kind.MISSING_DEPARTMENT);
    }

    @Test
    void takesARealShopOnce() throws Exception {
        var folder = Path.of(System.getProperty("storemesh.data", "")).resolve("core-pos");
        if (!Files.isDirectory(folder)) {
            System.out.println("SKIPPED ImportByTheRulesTest.takesARealShopOnce: there is no folder "
                    + folder.toAbsolutePath() + " (-Dstoremesh.data=FOLDER names the one that holds core-pos)");
            assumeTrue(false, "no real data at " + folder.toAbsolutePath());
        }
        var groups = CorePosFolder.read(folder, Currency.getInstance("USD"), ZoneOffset.UTC);
        assertThat(run(groups).parts()).extracting(ImportSummary.Part::created).containsExactly(247L, 6_650L);
        var second = run(groups);
        assertThat(second.changedNothing()).isTrue();
        assertThat(second.taken()).isEqualTo(6_897);
        ImportReport.lines(second).forEach(System.out::println);
    }

    private ImportSummary run(List<Group> groups) throws ImportException, InterruptedException {
        return new CatalogImport(catalog, new Silent(), System::nanoTime, "test").run(groups);
    }
}
