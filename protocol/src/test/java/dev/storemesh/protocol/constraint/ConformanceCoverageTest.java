package dev.storemesh.protocol.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.storemesh.protocol.value.ValueType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What the conformance files cover, and that they are as their README says.
final class ConformanceCoverageTest {
    private static final List<ConformanceCase> CASES = ConformanceCase.all().toList();
    private static final Set<String> ALL =
            Arrays.stream(ValueType.values()).map(ValueType::wireName).collect(Collectors.toUnmodifiableSet());

    /// The value types that each kind applies to, by the rules' text.
    private static final Map<String, Set<String>> FITS = Map.of(
            "required", ALL,
            "cardinality", ALL,
            "range", Set.of("integer", "decimal", "money"),
            "length", Set.of("string"),
            "pattern", Set.of("string"),
            "one_of", Set.of("string", "integer", "decimal", "instant", "reference", "boolean"),
            "unique", ALL,
            "reference", Set.of("reference"),
            "global_only", ALL);

    /// What a case says it covers, and whether the write passes there.
    private record Cell(String kind, String valueType, String place, boolean perLocation, boolean passes)
            implements Comparable<Cell> {
        @Override
        public int compareTo(Cell other) {
            return toString().compareTo(other.toString());
        }
    }

    private record Fit(String kind, String valueType, boolean fits) {}

    @Test
    void atLeastThreeHundredCasesDifferInMoreThanALiteral() {
        var shapes = CASES.stream().map(CaseShape::of).collect(Collectors.toSet());
        assertThat(shapes).hasSizeGreaterThanOrEqualTo(300);
    }

    @Test
    void casesThatDifferInALiteralOnlyCountOnce() {
        var cases = ConformanceCase.of("pattern.json")
                .filter(one -> one.name().contains("stands for itself") && one.isAccepted())
                .toList();
        assertThat(cases).hasSizeGreaterThan(10);
        assertThat(cases.stream().map(CaseShape::of).distinct()).hasSize(1);
    }

    @Test
    void everyKindPassesAndFailsWithEveryValueTypeAndPlaceItAppliesTo() {
        var missing = new TreeSet<Cell>();
        FITS.forEach((kind, types) -> types.forEach(type -> missing.addAll(cells(kind, type))));
        CASES.stream()
                .filter(one -> covers(one).has("place"))
                .map(ConformanceCoverageTest::cell)
                .forEach(missing::remove);
        assertThat(missing).isEmpty();
    }

    private static List<Cell> cells(String kind, String type) {
        var cells = new ArrayList<Cell>();
        for (var place : List.of("global", "local")) {
            for (var passes : List.of(true, false)) {
                cells.add(new Cell(kind, type, place, false, passes));
                if (kind.equals("unique")) {
                    cells.add(new Cell(kind, type, place, true, passes));
                }
            }
        }
        if (kind.equals("global_only")) { // a global row cannot break it, and one at a location cannot keep it
            cells.removeIf(cell -> cell.place().equals("global") != cell.passes());
        }
        return cells;
    }

    private static Cell cell(ConformanceCase one) {
        var covers = covers(one);
        return new Cell(
                covers.path("kind").textValue(),
                covers.path("valueType").textValue(),
                covers.path("place").textValue(),
                covers.path("perLocation").booleanValue(),
                one.isAccepted());
    }

    @Test
    void everyKindIsMadeForEveryValueTypeThatItFitsAndRefusedForEveryOther() {
        var wanted = FITS.entrySet().stream()
                .flatMap(entry -> ALL.stream()
                        .map(type ->
                                new Fit(entry.getKey(), type, entry.getValue().contains(type))))
                .collect(Collectors.toSet());
        assertThat(CASES.stream()
                        .filter(one -> covers(one).has("fits"))
                        .map(one -> new Fit(
                                covers(one).path("kind").textValue(),
                                covers(one).path("valueType").textValue(),
                                covers(one).path("fits").booleanValue()))
                        .collect(Collectors.toSet()))
                .isEqualTo(wanted);
    }

    @TestFactory
    Stream<DynamicTest> coversWhatItSays() {
        return CASES.stream()
                .filter(one -> !covers(one).isMissingNode())
                .map(one -> DynamicTest.dynamicTest(one.toString(), () -> {
                    if (covers(one).has("place")) {
                        checkPlace(one);
                    } else {
                        checkFit(one);
                    }
                }));
    }

    /// The case has a constraint of the kind on a definition of the value type; where it fails, that constraint is
    /// violated in that place; where it passes, the write shows a value in that place.
    private static void checkPlace(ConformanceCase one) {
        var covers = covers(one);
        var isLocal = covers.path("place").textValue().equals("local");
        var constraint = one.schema("constraints").stream()
                .filter(node -> node.path("kind").equals(covers.path("kind"))
                        && node.path("perLocation").booleanValue() == asksPerLocation(covers, isLocal))
                .findFirst()
                .orElseThrow();
        var definition = constraint.path("definition");
        assertThat(valueType(one, definition)).isEqualTo(covers.path("valueType"));
        if (one.isAccepted()) {
            var everywhere = isLocal && asksPerLocation(covers, isLocal); // a global value shows at each location
            assertThat(rows(one)
                            .filter(row -> row.path("attribute").equals(definition))
                            .filter(row -> everywhere || row.has("location") == isLocal))
                    .isNotEmpty();
        } else {
            assertThat(one.violations()).anySatisfy(violation -> {
                assertThat(violation.path("constraint")).isEqualTo(constraint.path("name"));
                assertThat(violation.path("attribute")).isEqualTo(definition);
                assertThat(violation.has("location")).isEqualTo(isLocal);
            });
        }
    }

    private static boolean asksPerLocation(JsonNode covers, boolean isLocal) {
        return covers.path("perLocation").booleanValue()
                || isLocal && covers.path("kind").textValue().equals("required");
    }

    private static Stream<JsonNode> rows(ConformanceCase one) {
        return ConformanceCase.stream(one.write().path("operations"))
                .flatMap(operation -> Stream.concat(
                        ConformanceCase.stream(operation.path("set")),
                        ConformanceCase.stream(operation.path("unset"))));
    }

    private static JsonNode valueType(ConformanceCase one, JsonNode definition) {
        return one.schema("definitions").stream()
                .filter(node -> node.path("name").equals(definition))
                .findFirst()
                .orElseThrow()
                .path("valueType");
    }

    /// The write makes a constraint of the kind on a definition of the value type, and just that is refused or not.
    private static void checkFit(ConformanceCase one) {
        var covers = covers(one);
        var operation = one.write().path("operations").path(0);
        assertThat(made(operation, "sys.constraint.kind")).isEqualTo(covers.path("kind"));
        assertThat(valueType(one, made(operation, "sys.constraint.definition"))).isEqualTo(covers.path("valueType"));
        assertThat(one.isAccepted()).isEqualTo(covers.path("fits").booleanValue());
        if (!one.isAccepted()) {
            assertThat(one.violations()).hasSize(1).first().satisfies(violation -> {
                assertThat(violation.path("code").textValue()).isEqualTo("invalid_constraint");
                assertThat(violation.path("object")).isEqualTo(operation.path("object"));
            });
        }
    }

    private static JsonNode made(JsonNode operation, String attribute) {
        return ConformanceCase.stream(operation.path("set"))
                .filter(row -> row.path("attribute").textValue().equals(attribute))
                .findFirst()
                .orElseThrow()
                .path("value");
    }

    @Test
    void namesAreUnique() {
        assertThat(CASES.stream().map(ConformanceCase::toString)).doesNotHaveDuplicates();
    }

    @Test
    void theIndexNamesEveryFile() throws IOException, URISyntaxException {
        var index = Objects.requireNonNull(getClass().getResource("/conformance/index.json"));
        try (var files =
                Files.list(Objects.requireNonNull(Path.of(index.toURI()).getParent()))) {
            assertThat(files.map(path -> String.valueOf(path.getFileName()))
                            .filter(name -> name.endsWith(".json"))
                            .filter(name -> !Set.of("index.json", "case-file.schema.json")
                                    .contains(name)))
                    .containsExactlyInAnyOrderElementsOf(ConformanceCase.files());
        }
    }

    @TestFactory
    Stream<DynamicTest> keepsToTheSchemaOfCaseFiles() {
        var schema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(ConformanceCase.resource("case-file.schema.json"));
        return ConformanceCase.files().stream()
                .map(file -> DynamicTest.dynamicTest(file, () -> {
                    var content = ConformanceCase.resource(file);
                    assertThat(schema.validate(content)).isEmpty();
                    assertThat(content.path("topic").textValue() + ".json").isEqualTo(file);
                    var given = new TreeSet<String>();
                    content.path("given").fieldNames().forEachRemaining(given::add);
                    assertThat(ConformanceCase.stream(content.path("cases"))
                                    .flatMap(node -> ConformanceCase.texts(node.path("given")).stream())
                                    .collect(Collectors.toSet()))
                            .isEqualTo(given);
                }));
    }

    @Test
    void theSchemaOfCaseFilesRefusesWhatItDoesNotKnow() {
        var schema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(ConformanceCase.resource("case-file.schema.json"));
        var content = ConformanceCase.resource("range.json");
        ((ObjectNode) content.path("cases").path(0)).put("comment", "new");
        assertThat(schema.validate(content)).isNotEmpty();
    }

    private static JsonNode covers(ConformanceCase one) {
        return one.node().path("covers");
    }
}
