package dev.storemesh.ops.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Problem;
import dev.storemesh.ops.importer.Remark.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CatalogImportTest {
    private final Memory catalog = new Memory();

    @Test
    void changesNothingTheSecondTime() throws Exception {
        var first = run(departments(3), products(1_200));
        assertThat(first.parts()).extracting(ImportSummary.Part::created).containsExactly(3L, 1_200L);
        assertThat(catalog.writes).extracting(CatalogImportTest::operations).containsExactly(3, 500, 500, 200);
        var second = run(departments(3), products(1_200));
        assertThat(catalog.writes).hasSize(4);
        assertThat(second.changedNothing()).isTrue();
        assertThat(second.parts()).extracting(ImportSummary.Part::unchanged).containsExactly(3L, 1_200L);
        assertThat(ImportReport.lines(second)).last().asString().startsWith("nothing to change: catalog version 4");
    }

    @Test
    void leavesAloneWhatItDoesNotHandle() throws Exception {
        run(departments(1), products(1));
        catalog.edit("upc-0", "retail.item.note", "\"ask Ada\"");
        catalog.edit("upc-0", "retail.item.name", "\"Mended at HQ\"");
        run(departments(1), products(1));
        assertThat(catalog.writes.getLast().path("operations").toString())
                .isEqualTo("[{\"op\":\"put\",\"object\":\"upc-0\","
                        + "\"set\":[{\"attribute\":\"retail.item.name\",\"value\":\"Item 0\"}]}]");
        assertThat(catalog.objects.get("upc-0")).containsKey("retail.item.note");
    }

    @Test
    void namesTheSameChangeOfALaterVersionAnew() throws Exception {
        run(departments(1), products(1));
        for (var i = 0; i < 2; i++) {
            catalog.edit("upc-0", "retail.item.name", "\"Mended at HQ\"");
            run(departments(1), products(1));
        }
        assertThat(catalog.writes.get(2)).isEqualTo(catalog.writes.get(3));
        assertThat(catalog.keys).hasSize(4).doesNotHaveDuplicates();
        assertThat(catalog.keys).allMatch(key -> key.matches("import-[0-9a-f]{64}"));
    }

    @Test
    void refusesByRowWhatTheCatalogRefusesAndTakesTheRest() throws Exception {
        catalog.refused.addAll(Set.of("upc-3", "upc-7"));
        var summary = run(departments(1), products(10));
        var items = summary.parts().getLast();
        assertThat(items.created()).isEqualTo(8);
        assertThat(items.refused())
                .containsExactly(
                        new Row.Refused(5, "upc-3", List.of("upc-3: it was deleted (object_exists)")),
                        new Row.Refused(9, "upc-7", List.of("upc-7: it was deleted (object_exists)")));
        assertThat(catalog.objects).hasSize(9).doesNotContainKeys("upc-3", "upc-7");
    }

    @Test
    void leavesOutReferencesToADepartmentThatTheCatalogRefused() throws Exception {
        catalog.refused.add("dept-0");
        var items = run(departments(1), products(2)).parts().getLast();
        assertThat(items.created()).isEqualTo(2);
        assertThat(items.remarks())
                .extracting(Remark::kind)
                .containsExactly(Kind.MISSING_DEPARTMENT, Kind.MISSING_DEPARTMENT);
        assertThat(catalog.objects.get("upc-0")).doesNotContainKey("retail.item.department");
    }

    @Test
    void sendsSmallerWritesToACatalogThatTakesNoLargeOnes() throws Exception {
        catalog.mostOperations = 100;
        assertThat(run(departments(1), products(450)).parts().getLast().created())
                .isEqualTo(450);
        assertThat(catalog.writes).hasSize(9).allMatch(write -> operations(write) <= 100);
    }

    @Test
    void saysHowFarItCameAndGoesOnFromThere() throws Exception {
        catalog.mostWrites = 2;
        assertThatThrownBy(() -> run(departments(1), products(1_200)))
                .isInstanceOf(ImportException.class)
                .hasMessage("The import stopped after 501 objects; the same command goes on from there. gone");
        catalog.mostWrites = Integer.MAX_VALUE;
        var items = run(departments(1), products(1_200)).parts().getLast();
        assertThat(items.unchanged()).isEqualTo(500);
        assertThat(items.created()).isEqualTo(700);
    }

    @Test
    void stopsAtARefusalThatIsNotAboutRows() {
        catalog.mostWrites = -1;
        assertThatThrownBy(() -> run(departments(1), products(1)))
                .isInstanceOf(ImportException.class)
                .hasMessage("Nothing was imported. Not for you (403 forbidden)");
    }

    @Test
    void reportsEveryRefusalAndRemark(@TempDir Path folder) throws Exception {
        var rows = new ArrayList<Row>();
        for (var i = 0; i < 25; i++) {
            rows.add(new Row.Refused(i + 2, "upc-" + i, List.of("normal_price: '\"?\"'", "brand: too long")));
        }
        var odd = new Row.Taken(
                27,
                new ImportObject("upc-99", "retail.item", Map.of(), Set.of()),
                List.of(new Remark(Kind.NO_NAME, 27, "upc-99", "")));
        rows.add(odd);
        var summary = run(departments(1), new Group("products", "retail.item", rows));
        assertThat(ImportReport.lines(summary))
                .contains(
                        "departments        1 rows: 1 created, 0 changed, 0 unchanged, 0 refused",
                        "products          26 rows: 1 created, 0 changed, 0 unchanged, 25 refused",
                        "refused: products row 2 upc-0: normal_price: '\"?\"'; brand: too long",
                        "refused: 5 more (--report FILE lists all)",
                        "remark: 1 × no description; taken without a name")
                .filteredOn(line -> line.startsWith("refused: products row"))
                .hasSize(20);
        var file = folder.resolve("report.csv");
        ImportReport.write(summary, file);
        var written = CsvTable.read(file, Set.of("what", "rows", "row", "object", "detail"));
        assertThat(written.lines()).hasSize(26);
        assertThat(written.lines().getFirst().cell("detail")).contains("normal_price: '\"?\"'; brand: too long");
        assertThat(written.lines().getLast().cell("what")).contains("no_name");
    }

    private ImportSummary run(Group... groups) throws ImportException, InterruptedException {
        return new CatalogImport(catalog, new Silent(), System::nanoTime, "test").run(List.of(groups));
    }

    private static Group departments(int count) {
        return group(
                "departments",
                "retail.department",
                count,
                i -> new ImportObject(
                        "dept-" + i,
                        "retail.department",
                        Map.of("retail.department.number", new Value.Whole(i)),
                        Set.of()));
    }

    private static Group products(int count) {
        return group(
                "products",
                "retail.item",
                count,
                i -> new ImportObject(
                        "upc-" + i,
                        "retail.item",
                        Map.of(
                                "retail.item.name", new Value.Text("Item " + i),
                                "retail.item.price", new Value.Money(i, "USD"),
                                "retail.item.department", new Value.Reference("dept-0")),
                        Set.of("retail.item.brand")));
    }

    private static Group group(String what, String type, int count, IntFunction<ImportObject> make) {
        Stream<Row> rows = IntStream.range(0, count).mapToObj(i -> new Row.Taken(i + 2L, make.apply(i), List.of()));
        return Group.of(what, type, rows.toList());
    }

    private static int operations(JsonNode write) {
        return write.path("operations").size();
    }

    /// Global attributes of objects, one version per write, and the refusals it was told to make.
    private static final class Memory implements ImportTarget {
        private final Map<String, Map<String, JsonNode>> objects = new LinkedHashMap<>();
        private final List<ObjectNode> writes = new ArrayList<>();
        private final List<String> keys = new ArrayList<>();
        private final Set<String> refused = new HashSet<>();
        private int mostOperations = Integer.MAX_VALUE;
        private int mostWrites = Integer.MAX_VALUE;
        private long version;

        @Override
        public Snapshot read(List<String> types) {
            var present = new HashMap<String, Present>();
            objects.forEach((token, values) -> present.put(token, new Present(values)));
            return new Snapshot(version, present);
        }

        @Override
        public long write(ObjectNode body, String key) throws ApiException {
            if (mostWrites < 0) {
                throw new ApiException.Refusal(
                        new Problem(403, "forbidden", "Not for you.", List.of(), Optional.empty()));
            }
            if (writes.size() >= mostWrites) {
                throw new ApiException.NoAnswer("gone");
            }
            if (operations(body) > mostOperations) {
                throw new ApiException.Refusal(new Problem(413, "too_large", "Too large", List.of(), Optional.empty()));
            }
            judge(body);
            writes.add(body.deepCopy());
            keys.add(key);
            body.path("operations").forEach(this::apply);
            return ++version;
        }

        void edit(String token, String definition, String json) throws Exception {
            objects.computeIfAbsent(token, absent -> new HashMap<>()).put(definition, ApiClient.JSON.readTree(json));
            version++;
        }

        private void judge(ObjectNode body) throws ApiException {
            var violations = new ArrayList<Problem.Violation>();
            for (var operation : body.path("operations")) {
                var token = operation.path("object").asText();
                if (refused.contains(token)) {
                    violations.add(new Problem.Violation(
                            "object_exists",
                            Optional.of(token),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of("it was deleted")));
                }
            }
            if (!violations.isEmpty()) {
                throw new ApiException.Refusal(
                        new Problem(422, "violations", "Refused.", violations, Optional.empty()));
            }
        }

        private void apply(JsonNode operation) {
            var values = objects.computeIfAbsent(operation.path("object").asText(), token -> new HashMap<>());
            operation
                    .path("set")
                    .forEach(row -> values.put(row.path("attribute").asText(), row.path("value")));
            operation
                    .path("unset")
                    .forEach(row -> values.remove(row.path("attribute").asText()));
        }
    }
}
