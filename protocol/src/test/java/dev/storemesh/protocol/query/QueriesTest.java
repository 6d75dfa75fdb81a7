package dev.storemesh.protocol.query;

import static dev.storemesh.protocol.Samples.IN_DEPARTMENT;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.TARE;
import static dev.storemesh.protocol.Samples.cents;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.delete;
import static dev.storemesh.protocol.Samples.department;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects;
import dev.storemesh.protocol.query.Query.Facet;
import dev.storemesh.protocol.query.Query.Sort;
import dev.storemesh.protocol.query.QueryAnswer.Count;
import dev.storemesh.protocol.query.QueryCompiler.Compiled;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Folded;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class QueriesTest {
    private static Plan plan(Query query) {
        return switch (QueryCompiler.compile(query, Shelves.SCHEMA)) {
            case Compiled.Ready(var plan) -> plan;
            case Compiled.Invalid(var faults) -> throw new AssertionError(faults);
        };
    }

    private static <T> T within(Bounded<T> bounded) {
        return switch (bounded) {
            case Bounded.Within<T>(var value) -> value;
            case Bounded.TooCostly<T> costly -> throw new AssertionError(costly);
        };
    }

    /// As a site does it.
    private static QueryAnswer ask(
            List<VersionedObjects> partitions, Query query, Version version, Optional<ObjectToken> after) {
        var plan = plan(query);
        if (plan.isLinked()) {
            plan = plan.with(partitions.stream().map(link(plan, version)).reduce(Targets.NONE, Targets::and));
        }
        var ready = plan;
        var place = after.map(token -> ready.place(partitions.stream()
                .flatMap(objects -> objects.object(token, version, ready.scope()).stream())
                .findFirst()
                .orElseThrow()));
        return Queries.merge(
                ready,
                partitions.stream()
                        .map(objects -> within(Queries.part(objects, ready, version, place)))
                        .toList());
    }

    private static Function<VersionedObjects, Targets> link(Plan plan, Version version) {
        return objects -> within(Queries.targets(objects, plan, version));
    }

    @Nested
    class GivenAShop {
        private final CatalogBench shop = CatalogBench.made();

        GivenAShop() {
            shop.write(
                    department("drinks"),
                    department("sweets"),
                    item(
                            "green",
                            set(NAME, text("Green Tea")),
                            set(PRICE, cents(350)),
                            set("store-1", PRICE, cents(390)),
                            set(IN_DEPARTMENT, text("drinks"))),
                    item(
                            "black",
                            set(NAME, text("Black tea, loose")),
                            set(PRICE, cents(300)),
                            set(IN_DEPARTMENT, text("drinks"))),
                    item(
                            "creme",
                            set(NAME, text("Crème brûlée")),
                            set(PRICE, cents(500)),
                            set(TARE, text("1.50")),
                            set(IN_DEPARTMENT, text("sweets"))),
                    item("bare", set(NAME, text("Teapot"))));
        }

        private List<String> ask(String json) {
            return tokens(answer(json, shop.head()));
        }

        private QueryAnswer answer(String json, Version version) {
            var query = QueryJson.read(Fields.of(Json.parse(json.replace('\'', '"'))));
            return QueriesTest.ask(List.of(shop.partition().objects()), query, version, Optional.empty());
        }

        private static List<String> tokens(QueryAnswer answer) {
            return answer.objects().stream().map(view -> view.object().text()).toList();
        }

        private List<String> where(String filter) {
            return ask("{'filter': " + filter + "}");
        }

        @Test
        void findsWordsWhateverTheirCaseAndAccents() {
            assertThat(where("{'attribute': 'retail.item.name', 'word': 'TEA'}"))
                    .containsExactlyInAnyOrder("green", "black");
            assertThat(where("{'attribute': 'retail.item.name', 'word': 'brulee creme'}"))
                    .containsExactly("creme");
            assertThat(where("{'attribute': 'retail.item.name', 'word': 'te'}")).isEmpty();
            assertThat(where("{'attribute': 'retail.item.name', 'prefix': 'tea'}"))
                    .containsExactly("bare");
            assertThat(where("{'attribute': 'retail.item.name', 'equal': 'GREEN tëa'}"))
                    .containsExactly("green");
        }

        @Test
        void sortsByAttributesAndPutsMissingValuesLast() {
            var sorted = "{'filter': {'type': 'retail.item'}, 'sort': [{'attribute': 'retail.item.price'";
            assertThat(ask(sorted + "}]}")).containsExactly("black", "green", "creme", "bare");
            assertThat(ask(sorted + ", 'order': 'desc'}]}")).containsExactly("creme", "green", "black", "bare");
        }

        @Test
        void seesWhatALocationSees() {
            var range = "{'filter': {'attribute': 'retail.item.price', 'range':"
                    + " {'min': {'amount': 350, 'currency': 'USD'}, 'max': {'amount': 380, 'currency': 'USD'}}}";
            assertThat(ask(range + "}")).containsExactly("green");
            assertThat(ask(range + ", 'location': 'store-1'}")).isEmpty();
            assertThat(ask(range + ", 'location': 'store-2'}")).containsExactly("green");
        }

        @Test
        void answersAsOfTheAskedVersion() {
            var before = shop.head();
            shop.write(change("black", set(NAME, text("Coffee"))), delete("green"));
            var tea = "{'filter': {'attribute': 'retail.item.name', 'word': 'tea'}}";
            assertThat(tokens(answer(tea, before))).containsExactlyInAnyOrder("green", "black");
            assertThat(tokens(answer(tea, shop.head()))).isEmpty();
        }

        @Test
        void followsReferencesBothWays() {
            assertThat(where("{'references': {'object': 'drinks'}}")).containsExactlyInAnyOrder("green", "black");
            assertThat(where("{'referencedBy': {}}")).containsExactlyInAnyOrder("drinks", "sweets");
            assertThat(where("{'referencedBy': {'object': 'creme'}}")).containsExactly("sweets");
            assertThat(where("{'and': [{'type': 'retail.department'},"
                            + " {'not': {'referencedBy': {'attribute': 'retail.item.department'}}}]}"))
                    .isEmpty();
        }

        @Test
        void countsAndDivides() {
            var answer = answer(
                    "{'filter': {'type': 'retail.item'}, 'limit': 1, 'total': true, 'attributes': [],"
                            + "'facets': [{'attribute': 'retail.item.department', 'limit': 1},"
                            + " {'attribute': 'retail.item.tare'}]}",
                    shop.head());
            assertThat(answer.objects())
                    .singleElement()
                    .satisfies(view -> assertThat(view.rows()).isEmpty());
            assertThat(answer.more()).isTrue();
            assertThat(answer.total()).contains(4L);
            assertThat(answer.facets())
                    .containsExactly(
                            new QueryAnswer.Counts(
                                    IN_DEPARTMENT,
                                    List.of(new Count(new Value.Reference(new ObjectToken("drinks")), 2)),
                                    true),
                            new QueryAnswer.Counts(TARE, List.of(new Count(Value.Decimal.parse("1.5"), 1)), false));
            assertThat(answer.facets().getLast().values().getFirst().value().literal())
                    .isEqualTo(text("1.5"));
        }

        @Test
        void leavesTheServersObjectsOutUnlessTheyAreAskedFor() {
            assertThat(where("{'and': []}")).hasSize(6);
            assertThat(where("{'not': {'attribute': 'sys.location.id', 'exists': true}}"))
                    .hasSize(6);
            assertThat(where("{'type': 'sys.location'}"))
                    .hasSize(Samples.LOCATIONS.size())
                    .contains("sys.store-1");
        }

        @Test
        void givesUpWhenItCostsTooMuch() {
            var plan = plan(new Query(
                    new Filter.And(List.of(new Filter.OfType(StandardSchema.ITEM))),
                    List.of(new Sort(NAME, false)),
                    10,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    false));
            var objects = shop.partition().objects();
            assertThat(Queries.part(objects, plan, shop.head(), Optional.empty(), 18))
                    .isInstanceOf(Bounded.Within.class);
            assertThat(Queries.part(objects, plan, shop.head(), Optional.empty(), 17))
                    .isInstanceOf(Bounded.TooCostly.class);
        }

        @Test
        void isShortWhereAnIndexNamesFewObjects() {
            var objects = shop.partition().objects();
            assertThat(Queries.isShort(objects, plan(Query.of(new Filter.OfType(StandardSchema.ITEM)))))
                    .isTrue();
            assertThat(Queries.isShort(objects, plan(Query.of(new Filter.Not(new Filter.OfType(StandardSchema.ITEM))))))
                    .isFalse();
        }

        @Test
        void isTooCostlyAsAWholeWhereItIsForOnePartition() {
            List<Bounded<Integer>> answers =
                    List.of(new Bounded.Within<>(1), new Bounded.TooCostly<>("objects", 7), new Bounded.Within<>(2));
            assertThat(Bounded.all(answers, List::size)).isEqualTo(new Bounded.TooCostly<Integer>("objects", 7));
            assertThat(Bounded.all(List.of(answers.getFirst(), answers.getLast()), List::size))
                    .isEqualTo(new Bounded.Within<>(2));
        }

        @Test
        void givesUpAtItsShareWhenItIsOneLocationOfAReport() {
            var objects = shop.partition().objects();
            var plan = plan(Query.of(new Filter.OfType(StandardSchema.ITEM)));
            var here = new LocationId("store-1");
            assertThat(Queries.part(objects, plan.seenFrom(here, 1_000), shop.head(), Optional.empty()))
                    .isInstanceOf(Bounded.Within.class);
            assertThat(Queries.part(objects, plan.seenFrom(here, 3), shop.head(), Optional.empty()))
                    .isEqualTo(new Bounded.TooCostly<Part>("filter nodes, sort keys and facets times objects", 3));
        }

        @Test
        void findsTheHolderOfAKey() {
            var objects = shop.partition().objects();
            assertThat(Queries.holder(objects, NAME, new Value.Text("Green Tea"), shop.head(), Scope.all())
                            .map(ObjectView.Live::object))
                    .contains(new ObjectToken("green"));
            assertThat(Queries.holder(objects, NAME, new Value.Text("green tea"), shop.head(), Scope.all()))
                    .isEmpty();
            var store = new Scope.At(new LocationId("store-1"));
            assertThat(Queries.holder(objects, PRICE, new Value.Money(350, "USD"), shop.head(), store))
                    .isEmpty();
            assertThat(Queries.holder(objects, PRICE, new Value.Money(390, "USD"), shop.head(), store))
                    .isPresent();
        }
    }

    // Against the naive reading, over random objects

    @Seeds(25)
    void answersAsIfEveryObjectWereLookedAt(long seed) {
        var random = new SplittableRandom(seed);
        var shelves = new Shelves(random.split(), 1 + random.nextInt(3));
        var questions = new Questions(random.split(), shelves);
        for (var round = 0; round < 60; round++) {
            shelves.write();
            var version = new Version(random.nextLong(shelves.head().number() + 1));
            check(shelves.partitions(), questions.next(), random.nextBoolean() ? version : shelves.head());
            check(shelves.partitions(), questions.simple(), shelves.head());
            if (random.nextInt(60) == 0) {
                shelves.partitions().forEach(objects -> objects.restore(objects.image()));
            }
        }
        checkHolders(shelves, random);
    }

    private static void check(List<VersionedObjects> partitions, Query query, Version version) {
        var expected = new NaiveQueries(partitions, version, Scope.of(query.location())).answer(query);
        var objects = new ArrayList<ObjectView.Live>();
        var after = Optional.<ObjectToken>empty();
        var more = true;
        while (more) {
            var page = ask(partitions, query, version, after);
            assertThat(page.total()).isEqualTo(query.total() ? Optional.of((long) expected.size()) : Optional.empty());
            assertThat(page.objects()).hasSizeLessThanOrEqualTo(query.limit());
            checkFacets(query, expected, page);
            objects.addAll(page.objects());
            after = Optional.of(objects)
                    .filter(some -> !some.isEmpty())
                    .map(some -> some.getLast().object());
            more = page.more();
        }
        assertThat(objects).as("%s at %s", query, version).isEqualTo(projected(query, expected));
    }

    private static List<ObjectView.Live> projected(Query query, List<ObjectView.Live> views) {
        return query.attributes().isEmpty()
                ? views
                : views.stream()
                        .map(view -> new ObjectView.Live(
                                view.object(),
                                view.type(),
                                view.version(),
                                view.rows().stream()
                                        .filter(row -> query.attributes()
                                                .get()
                                                .contains(row.attribute().definition()))
                                        .toList()))
                        .toList();
    }

    private static void checkFacets(Query query, List<ObjectView.Live> expected, QueryAnswer answer) {
        assertThat(answer.facets()).hasSameSizeAs(query.facets());
        for (var i = 0; i < query.facets().size(); i++) {
            var facet = query.facets().get(i);
            var counts = NaiveQueries.counts(expected, facet.attribute());
            assertThat(answer.facets().get(i))
                    .isEqualTo(new QueryAnswer.Counts(
                            facet.attribute(),
                            counts.stream()
                                    .limit(facet.limit())
                                    .map(count -> new Count(count.getKey(), count.getValue()))
                                    .toList(),
                            counts.size() > facet.limit()));
        }
    }

    private static void checkHolders(Shelves shelves, SplittableRandom random) {
        for (var objects : shelves.partitions()) {
            for (var i = 0; i < 20; i++) {
                var definition = Shelves.DEFINITIONS.get(random.nextInt(Shelves.DEFINITIONS.size()));
                var value = shelves.value(definition);
                var target = shelves.token();
                var holders = new HashSet<ObjectToken>();
                var referrers = new HashSet<ObjectToken>();
                objects.inPageOrder(Optional.empty())
                        .forEach(object -> object.live().stream()
                                .map(Row::attribute)
                                .forEach(attribute -> {
                                    if (attribute.definition().equals(definition)
                                            && attribute.value().equals(value)) {
                                        holders.add(object.token());
                                    }
                                    if (attribute.value().equals(new Value.Reference(target))) {
                                        referrers.add(object.token());
                                    }
                                }));
                assertThat(objects.holders(definition, value)).isEqualTo(holders);
                assertThat(objects.referrers(target)).isEqualTo(referrers);
            }
        }
    }

    /// Random questions about the shelves that make sense.
    private record Questions(SplittableRandom random, Shelves shelves) {
        Query next() {
            return new Query(
                    filter(0),
                    some(3).map(i -> new Sort(definition(), random.nextBoolean()))
                            .toList(),
                    1 + random.nextInt(7),
                    random.nextInt(3) == 0
                            ? Optional.of(
                                    new LocationId(Shelves.LOCATIONS.get(random.nextInt(Shelves.LOCATIONS.size()))))
                            : Optional.empty(),
                    random.nextInt(3) == 0
                            ? Optional.of(some(3).map(i -> definition()).toList())
                            : Optional.empty(),
                    some(3).map(i -> new Facet(definition(), 1 + random.nextInt(4)))
                            .toList(),
                    random.nextBoolean());
        }

        /// One that an index answers.
        Query simple() {
            return Query.of(attribute(definition()));
        }

        private Stream<Integer> some(int bound) {
            return random.nextBoolean()
                    ? Stream.empty()
                    : IntStream.range(0, random.nextInt(bound)).boxed();
        }

        private DefinitionName definition() {
            return Shelves.DEFINITIONS.get(random.nextInt(Shelves.DEFINITIONS.size()));
        }

        private Filter filter(int depth) {
            return switch (random.nextInt(depth > 3 ? 4 : 8)) {
                case 0 -> new Filter.OfType(Shelves.TYPES.get(random.nextInt(Shelves.TYPES.size())));
                case 1 -> new Filter.References(reference(), shelves.token());
                case 2 ->
                    new Filter.ReferencedBy(
                            reference(), random.nextBoolean() ? Optional.of(shelves.token()) : Optional.empty());
                case 4 -> new Filter.And(parts(depth));
                case 5 -> new Filter.Or(parts(depth));
                case 6 -> new Filter.Not(filter(depth + 1));
                default -> attribute(definition());
            };
        }

        private List<Filter> parts(int depth) {
            return IntStream.range(0, random.nextInt(4))
                    .mapToObj(i -> filter(depth + 1))
                    .toList();
        }

        private Optional<DefinitionName> reference() {
            return random.nextBoolean() ? Optional.of(IN_DEPARTMENT) : Optional.empty();
        }

        private Filter attribute(DefinitionName name) {
            var type = Shelves.SCHEMA.definition(name).orElseThrow().type();
            return new Filter.Attribute(
                    name,
                    switch (type) {
                        case STRING -> text();
                        case BOOLEAN, REFERENCE -> random.nextBoolean() ? equal(name) : exists();
                        default ->
                            switch (random.nextInt(4)) {
                                case 0 -> equal(name);
                                case 1 -> in(name);
                                case 2 -> exists();
                                default -> range(name);
                            };
                    });
        }

        private Filter.Match text() {
            var one = Shelves.TEXTS.get(random.nextInt(Shelves.TEXTS.size()));
            return switch (random.nextInt(6)) {
                case 0 -> new Filter.Match.Equal(new Literal.Text(one));
                case 1 -> in(NAME);
                case 2 -> new Filter.Match.Word(Folded.words(one).getFirst());
                case 3 -> new Filter.Match.Prefix(one.substring(0, random.nextInt(one.length() + 1)));
                case 4 -> exists();
                default -> range(NAME);
            };
        }

        private Filter.Match exists() {
            return new Filter.Match.Exists(random.nextBoolean());
        }

        private Filter.Match equal(DefinitionName name) {
            return new Filter.Match.Equal(shelves.value(name).literal());
        }

        private Filter.Match in(DefinitionName name) {
            return new Filter.Match.In(IntStream.range(0, random.nextInt(4))
                    .mapToObj(i -> shelves.value(name).literal())
                    .toList());
        }

        private Filter.Match range(DefinitionName name) {
            var min = shelves.value(name).literal();
            var max = shelves.value(name).literal();
            if (min instanceof Literal.Amount(var amount, var currency)
                    && max instanceof Literal.Amount(var other, var another)) {
                max = new Literal.Amount(other, currency);
            }
            return switch (random.nextInt(3)) {
                case 0 -> new Filter.Match.Range(Optional.of(min), Optional.empty());
                case 1 -> new Filter.Match.Range(Optional.empty(), Optional.of(max));
                default -> new Filter.Match.Range(Optional.of(min), Optional.of(max));
            };
        }
    }
}
