package dev.storemesh.protocol.query;

import static dev.storemesh.protocol.Samples.IN_DEPARTMENT;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.TAX;
import static dev.storemesh.protocol.Samples.cents;
import static dev.storemesh.protocol.Samples.ofItem;
import static dev.storemesh.protocol.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.query.Fault.Code;
import dev.storemesh.protocol.query.Filter.And;
import dev.storemesh.protocol.query.Filter.Attribute;
import dev.storemesh.protocol.query.Filter.Match;
import dev.storemesh.protocol.query.Filter.Not;
import dev.storemesh.protocol.query.Filter.Or;
import dev.storemesh.protocol.query.Filter.References;
import dev.storemesh.protocol.query.Query.Facet;
import dev.storemesh.protocol.query.Query.Sort;
import dev.storemesh.protocol.query.QueryCompiler.Compiled;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

final class QueryCompilerTest {
    private static final Filter ITEMS = new Filter.OfType(StandardSchema.ITEM);
    private static final DefinitionName UNKNOWN = ofItem("colour");

    private static List<Tuple> faults(Query query) {
        return switch (QueryCompiler.compile(query, StandardSchema.SCHEMA)) {
            case Compiled.Ready ready -> List.of();
            case Compiled.Invalid(var faults) ->
                faults.stream()
                        .map(fault -> Tuple.tuple(fault.pointer(), fault.code()))
                        .toList();
        };
    }

    private static List<Tuple> faults(Filter... filters) {
        return faults(Query.of(new And(List.of(filters))));
    }

    private static Filter equal(DefinitionName name, Literal literal) {
        return new Attribute(name, new Match.Equal(literal));
    }

    private static Filter range(DefinitionName name, Literal min, Literal max) {
        return new Attribute(name, new Match.Range(Optional.of(min), Optional.of(max)));
    }

    @Test
    void takesWhatMakesSense() {
        assertThat(faults(
                        ITEMS,
                        equal(IN_DEPARTMENT, text("drinks")),
                        range(PRICE, cents(1), cents(2)),
                        new Attribute(NAME, new Match.Word("green tea")),
                        new Attribute(NAME, new Match.Prefix("")),
                        new Attribute(NAME, new Match.In(List.of())),
                        new References(Optional.of(IN_DEPARTMENT), new ObjectToken("nobody"))))
                .isEmpty();
    }

    @Test
    void refusesWhatTheSchemaDoesNotKnow() {
        var query = new Query(
                new Or(List.of(
                        new Filter.OfType(new TypeName("retail.ghost")),
                        new Not(equal(UNKNOWN, text("red"))),
                        new References(Optional.of(UNKNOWN), new ObjectToken("tea")),
                        new Filter.ReferencedBy(Optional.of(UNKNOWN), Optional.empty()))),
                List.of(new Sort(NAME, false), new Sort(UNKNOWN, true)),
                10,
                Optional.of(new LocationId("nowhere")),
                Optional.of(List.of(UNKNOWN)),
                List.of(new Facet(UNKNOWN, 3)),
                false);
        assertThat(faults(query))
                .containsExactly(
                        Tuple.tuple("/filter/or/0/type", Code.UNKNOWN_TYPE),
                        Tuple.tuple("/filter/or/1/not/attribute", Code.UNKNOWN_ATTRIBUTE),
                        Tuple.tuple("/filter/or/2/references/attribute", Code.UNKNOWN_ATTRIBUTE),
                        Tuple.tuple("/filter/or/3/referencedBy/attribute", Code.UNKNOWN_ATTRIBUTE),
                        Tuple.tuple("/sort/1/attribute", Code.UNKNOWN_ATTRIBUTE),
                        Tuple.tuple("/facets/0/attribute", Code.UNKNOWN_ATTRIBUTE),
                        Tuple.tuple("/location", Code.UNKNOWN_LOCATION),
                        Tuple.tuple("/attributes/0", Code.UNKNOWN_ATTRIBUTE));
    }

    @Test
    void refusesValuesThatTheAttributeCannotHave() {
        assertThat(faults(
                        equal(TAX, text("7")),
                        new Attribute(TAX, new Match.In(List.of(new Literal.Whole(1), text("2"), cents(3)))),
                        equal(ofItem("tare"), text("1e5")),
                        range(PRICE, cents(1), new Literal.Amount(2, "EUR")),
                        range(ofItem("foodstamp"), new Literal.Flag(false), new Literal.Flag(true)),
                        range(IN_DEPARTMENT, text("a"), text("b")),
                        new Attribute(TAX, new Match.Prefix("1")),
                        new Attribute(PRICE, new Match.Word("usd")),
                        new Attribute(NAME, new Match.Word("--")),
                        new References(Optional.of(NAME), new ObjectToken("tea"))))
                .containsExactly(
                        Tuple.tuple("/filter/and/0/equal", Code.WRONG_VALUE_TYPE),
                        Tuple.tuple("/filter/and/1/in/1", Code.WRONG_VALUE_TYPE),
                        Tuple.tuple("/filter/and/1/in/2", Code.WRONG_VALUE_TYPE),
                        Tuple.tuple("/filter/and/2/equal", Code.INVALID_VALUE),
                        Tuple.tuple("/filter/and/3/range", Code.INVALID_VALUE),
                        Tuple.tuple("/filter/and/4/range", Code.WRONG_VALUE_TYPE),
                        Tuple.tuple("/filter/and/5/range", Code.WRONG_VALUE_TYPE),
                        Tuple.tuple("/filter/and/6/prefix", Code.WRONG_VALUE_TYPE),
                        Tuple.tuple("/filter/and/7/word", Code.WRONG_VALUE_TYPE),
                        Tuple.tuple("/filter/and/8/word", Code.INVALID_VALUE),
                        Tuple.tuple("/filter/and/9/references/attribute", Code.WRONG_VALUE_TYPE));
    }

    private static Filter nested(int depth) {
        var filter = ITEMS;
        for (var i = 1; i < depth; i++) {
            filter = new Not(filter);
        }
        return filter;
    }

    @Test
    void boundsTheDepth() {
        assertThat(faults(Query.of(nested(16)))).isEmpty();
        assertThat(faults(Query.of(nested(17))))
                .containsExactly(Tuple.tuple("/filter" + "/not".repeat(16), Code.TOO_DEEP));
    }

    @Test
    void boundsTheNodes() {
        assertThat(faults(Query.of(new Or(Collections.nCopies(199, ITEMS))))).isEmpty();
        assertThat(faults(Query.of(new Or(Collections.nCopies(200, ITEMS)))))
                .containsExactly(Tuple.tuple("/filter", Code.TOO_MANY));
    }

    @Test
    void boundsTheValuesOfIn() {
        assertThat(faults(new Attribute(NAME, new Match.In(Collections.nCopies(1_000, text("tea"))))))
                .isEmpty();
        assertThat(faults(new Attribute(NAME, new Match.In(Collections.nCopies(1_001, text("tea"))))))
                .containsExactly(Tuple.tuple("/filter/and/0/in", Code.TOO_MANY));
    }

    @Test
    void boundsSortKeysAndFacets() {
        var query = new Query(
                ITEMS,
                Collections.nCopies(5, new Sort(NAME, false)),
                10,
                Optional.empty(),
                Optional.empty(),
                Collections.nCopies(9, new Facet(NAME, 1)),
                false);
        assertThat(faults(query))
                .containsExactly(Tuple.tuple("/sort", Code.TOO_MANY), Tuple.tuple("/facets", Code.TOO_MANY));
    }

    @Test
    void listsAtMostAHundredFaults() {
        var wrong = IntStream.range(0, 150)
                .<Filter>mapToObj(i -> equal(UNKNOWN, text("x")))
                .toList();
        assertThat(faults(Query.of(new And(wrong)))).hasSize(100);
    }
}
