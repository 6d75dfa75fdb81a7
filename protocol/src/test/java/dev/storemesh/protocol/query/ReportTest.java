package dev.storemesh.protocol.query;

import static dev.storemesh.protocol.Samples.IN_DEPARTMENT;
import static dev.storemesh.protocol.Samples.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.query.Query.Facet;
import dev.storemesh.protocol.query.ReportCompiler.Compiled;
import dev.storemesh.protocol.schema.Location;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReportTest {
    private static final Filter ITEMS = new Filter.OfType(StandardSchema.ITEM);

    private static Schema with(Stream<Location> locations) {
        return new Schema(
                StandardSchema.SCHEMA.types(),
                StandardSchema.SCHEMA.definitions(),
                StandardSchema.SCHEMA.constraints(),
                locations.toList());
    }

    private static Location location(String id, String group) {
        return new Location(
                new LocationId(id),
                Location.Kind.STORE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(group),
                Optional.empty());
    }

    private static Schema north(int locations) {
        return with(IntStream.range(0, locations).mapToObj(i -> location("n" + i, "north")));
    }

    private static Report read(String json) {
        var fields = Fields.of(Json.parse(json.replace('\'', '"')));
        var report = QueryJson.report(fields);
        fields.end();
        return report;
    }

    private static List<String> faults(Report report, Schema schema) {
        return switch (ReportCompiler.compile(report, schema)) {
            case Compiled.Ready ready -> List.of();
            case Compiled.Invalid(var faults) ->
                faults.stream()
                        .map(fault -> fault.pointer() + " " + fault.code().wireName())
                        .toList();
        };
    }

    private static Map<LocationId, Plan> plans(Report report, Schema schema) {
        return switch (ReportCompiler.compile(report, schema)) {
            case Compiled.Ready(var plans) -> plans;
            case Compiled.Invalid(var faults) -> throw new AssertionError(faults);
        };
    }

    @Test
    void countsAllThatMatchWhereNothingElseIsAskedFor() {
        assertThat(read("{'group': 'north'}")).isEqualTo(new Report("north", Query.EVERYTHING, List.of(), true));
    }

    @Test
    void readsEveryField() {
        assertThat(read("{'group': 'north', 'filter': {'type': 'retail.item'},"
                        + " 'facets': [{'attribute': 'retail.item.department', 'limit': 5}]}"))
                .isEqualTo(new Report("north", ITEMS, List.of(new Facet(IN_DEPARTMENT, 5)), false));
        assertThat(read("{'group': 'north', 'total': true, 'facets': [{'attribute': 'retail.item.name'}]}"))
                .isEqualTo(new Report("north", Query.EVERYTHING, List.of(new Facet(NAME, 20)), true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'location': 'store-1' | invalid_value | /location",
                "'sort': [] | invalid_value | /sort",
                "'limit': 5 | invalid_value | /limit",
                "'attributes': [] | invalid_value | /attributes",
                "'page': 'x' | invalid_value | /page",
                "'total': false | invalid_value | /total",
                "'where': {} | unknown_field | /where"
            })
    void hasNothingToDoWithObjects(String field, String code, String pointer) {
        assertThatThrownBy(() -> read("{'group': 'north', " + field + "}"))
                .isInstanceOfSatisfying(MalformedInput.class, malformed -> {
                    assertThat(malformed.code()).isEqualTo(code);
                    assertThat(malformed.field()).isEqualTo(pointer);
                });
    }

    @Test
    void isToldAllThatIsWrongWithIt() {
        var schema = with(Stream.of(location("store-1", "north"), location("store-2", "south")));
        assertThat(faults(new Report("north", ITEMS, List.of(), true), schema)).isEmpty();
        assertThat(faults(new Report("East", Query.EVERYTHING, List.of(new Facet(IN_DEPARTMENT, 1)), false), schema))
                .containsExactly("/group unknown_group");
        assertThat(faults(read("{'group': 'no', 'filter': {'type': 'com.acme.ghost'}}"), schema))
                .containsExactly("/group unknown_group", "/filter/type unknown_type");
        assertThat(faults(read("{'group': 'north', 'facets': [{'attribute': 'com.acme.ghost'}]}"), schema))
                .containsExactly("/facets/0/attribute unknown_attribute");
    }

    @Test
    void isBounded() {
        var total = new Report("north", ITEMS, List.of(), true);
        assertThat(faults(total, north(ReportCompiler.MAX_LOCATIONS))).isEmpty();
        assertThat(faults(total, north(ReportCompiler.MAX_LOCATIONS + 1))).containsExactly("/group too_many");
        var facets = new Report("north", ITEMS, Collections.nCopies(8, new Facet(NAME, 125)), false);
        assertThat(faults(facets, north(100))).isEmpty();
        assertThat(faults(facets, north(101))).containsExactly("/facets too_many");
    }

    @Test
    void sharesWhatAQueryMayCostAmongItsLocations() {
        var report = new Report("north", ITEMS, List.of(), true);
        for (var count : List.of(1, 3, 1_000)) {
            assertThat(plans(report, north(count)).values())
                    .hasSize(count)
                    .allSatisfy(plan -> assertThat(plan.evaluations()).isEqualTo(Queries.MAX_EVALUATIONS / count));
        }
    }

    @Test
    void seesEachLocationOfTheGroupAsItIs() {
        var schema = with(
                Stream.of(location("store-2", "north"), location("store-1", "north"), location("store-3", "south")));
        var plans = plans(new Report("north", ITEMS, List.of(), true), schema);
        assertThat(plans.keySet()).containsExactly(new LocationId("store-1"), new LocationId("store-2"));
        plans.forEach((location, plan) -> assertThat(plan.scope()).isEqualTo(new Scope.At(location)));
    }

    @Test
    void isWrittenByLocation() {
        var drinks = new QueryAnswer.Count(new Value.Reference(new ObjectToken("drinks")), 2);
        var answer = new Report.Answer(Map.of(
                new LocationId("store-2"), new Report.Counted(Optional.of(0L), List.of()),
                new LocationId("store-1"),
                        new Report.Counted(
                                Optional.empty(),
                                List.of(new QueryAnswer.Counts(IN_DEPARTMENT, List.of(drinks), true)))));
        assertThat(QueryJson.write(answer).toString())
                .isEqualTo(("[{'location':'store-1','facets':[{'attribute':'retail.item.department',"
                                + "'values':[{'value':'drinks','count':2}],'more':true}]},"
                                + "{'location':'store-2','total':0}]")
                        .replace('\'', '"'));
    }
}
