package dev.storemesh.protocol.schema;

import static dev.storemesh.protocol.schema.SchemaObjects.app;
import static dev.storemesh.protocol.schema.SchemaObjects.constraint;
import static dev.storemesh.protocol.schema.SchemaObjects.definition;
import static dev.storemesh.protocol.schema.SchemaObjects.location;
import static dev.storemesh.protocol.schema.SchemaObjects.object;
import static dev.storemesh.protocol.schema.SchemaObjects.type;
import static dev.storemesh.protocol.schema.SchemaObjects.with;
import static dev.storemesh.protocol.schema.SchemaObjects.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.ValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SchemaRulesTest {
    private static final String POINTS = "com.acme.points";
    private static final SchemaObject INTEGER = definition(POINTS, "integer", "type", "retail.item");
    private static final SchemaObject STRING = definition("com.acme.code", "string", "maxBytes", 100);
    private static final SchemaObject SET = definition("com.acme.tags", "string", "cardinality", "many");

    private static BigDecimal bound(String number) {
        return new BigDecimal(number);
    }

    /// What is wrong with new objects, as `code attribute`, without the prefix of the attribute's name.
    private static List<String> faults(SchemaObject... objects) {
        return faults(List.of(), List.of(objects));
    }

    private static List<String> faults(Collection<SchemaObject> before, Collection<SchemaObject> after) {
        return shown(judge(before, after).violations());
    }

    private static List<String> shown(List<Violation> violations) {
        return violations.stream()
                .map(violation -> violation.code().wireName() + " "
                        + violation
                                .attribute()
                                .map(a -> a.text().replaceFirst(".*\\.", ""))
                                .orElse(""))
                .toList();
    }

    private static SchemaRules.Judged judge(Collection<SchemaObject> before, Collection<SchemaObject> after) {
        var judged = SchemaRules.judge(before, after, name -> name.startsWith("com.other."));
        assertThat(judged.schema()).isEqualTo(SchemaRules.read(after));
        return judged;
    }

    private static List<SchemaObject> and(Collection<SchemaObject> some, SchemaObject... more) {
        var all = new ArrayList<>(some);
        all.addAll(Arrays.asList(more));
        return all;
    }

    @Nested
    class Types {
        @Test
        void areKnownByTheirNames() {
            var schema = judge(List.of(), List.of(type("com.acme.recipe", "description", "What to cook")))
                    .schema();
            assertThat(schema.hasType(new TypeName("com.acme.recipe"))).isTrue();
            assertThat(schema.hasType(StandardSchema.ITEM)).isTrue();
        }

        @Test
        void needANameInDots() {
            assertThat(faults(without(type("com.acme.recipe"), "name"))).containsExactly("invalid_schema name");
            assertThat(faults(object(StandardSchema.TYPE, "sys.x", "name", "Recipe")))
                    .containsExactly("invalid_schema name");
        }

        @Test
        void areNamedWithObjectAttributeAndValue() {
            var object = object(StandardSchema.TYPE, "sys.x", "name", "Recipe");
            var violation = judge(List.of(), List.of(object)).violations().getFirst();
            assertThat(violation.object()).isEqualTo("sys.x");
            assertThat(violation.attribute()).hasValue(new DefinitionName("sys.type.name"));
            assertThat(violation.value()).hasValue(new Literal.Text("Recipe"));
            assertThat(violation.message()).contains("retail.item.price");
        }
    }

    @Nested
    class Definitions {
        @Test
        void areReadWithTheirDefaults() {
            assertThat(SchemaRules.read(List.of(definition(POINTS, "integer"))).definition(new DefinitionName(POINTS)))
                    .hasValue(new Definition(
                            new DefinitionName(POINTS),
                            Optional.empty(),
                            ValueType.INTEGER,
                            Cardinality.ONE,
                            false,
                            Optional.empty(),
                            65_536));
        }

        @Test
        void areReadWhole() {
            var made = definition(
                    POINTS,
                    "reference",
                    "type",
                    "retail.item",
                    "cardinality",
                    "many",
                    "variesByLocation",
                    true,
                    "target",
                    "retail.department",
                    "description",
                    "where");
            assertThat(faults(made)).isEmpty();
            assertThat(SchemaRules.read(List.of(made)).definition(new DefinitionName(POINTS)))
                    .hasValue(new Definition(
                            new DefinitionName(POINTS),
                            Optional.of(StandardSchema.ITEM),
                            ValueType.REFERENCE,
                            Cardinality.MANY,
                            true,
                            Optional.of(StandardSchema.DEPARTMENT),
                            65_536));
        }

        @Test
        void needNameAndValueType() {
            var made = definition(POINTS, "integer");
            assertThat(faults(without(made, "name"))).containsExactly("invalid_schema name");
            assertThat(faults(without(made, "valueType"))).containsExactly("invalid_schema valueType");
            assertThat(faults(with(made, "valueType", "INTEGER"))).containsExactly("invalid_schema valueType");
            assertThat(faults(with(made, "cardinality", "several"))).containsExactly("invalid_schema cardinality");
        }

        @Test
        void haveATargetOnlyAsReferences() {
            assertThat(faults(definition(POINTS, "integer", "target", "retail.item")))
                    .containsExactly("invalid_schema target");
            assertThat(faults(definition(POINTS, "reference", "target", "Item")))
                    .containsExactly("invalid_schema target");
        }

        @Test
        void haveABoundInBytesOnlyAsStrings() {
            assertThat(faults(definition(POINTS, "integer", "maxBytes", 5))).containsExactly("invalid_schema maxBytes");
            assertThat(faults(definition(POINTS, "string", "maxBytes", 0))).containsExactly("invalid_schema maxBytes");
            assertThat(faults(definition(POINTS, "string", "maxBytes", 65_537)))
                    .containsExactly("invalid_schema maxBytes");
            assertThat(faults(definition(POINTS, "string", "maxBytes", 1))).isEmpty();
            assertThat(faults(definition(POINTS, "string", "maxBytes", 65_536))).isEmpty();
            assertThat(SchemaRules.read(List.of(STRING))
                            .definition(new DefinitionName("com.acme.code"))
                            .orElseThrow()
                            .maxBytes())
                    .isEqualTo(100);
        }

        @Test
        void nameTypesThatAreThereAtTheEnd() {
            var recipe =
                    definition("com.acme.recipes", "reference", "type", "com.acme.recipe", "target", "com.acme.recipe");
            assertThat(faults(recipe)).containsExactly("unknown_type type", "unknown_type target");
            assertThat(faults(recipe, type("com.acme.recipe"))).isEmpty();
            assertThat(faults(List.of(recipe, type("com.acme.recipe")), List.of(recipe)))
                    .containsExactly("unknown_type type", "unknown_type target");
        }

        @Test
        void areNotForBookkeeping() {
            assertThat(faults(definition(POINTS, "integer", "type", "sys.change_request")))
                    .containsExactly("invalid_schema type");
            assertThat(faults(definition(POINTS, "integer", "type", "sys.location")))
                    .isEmpty();
        }
    }

    @Nested
    class Locations {
        @Test
        void areRead() {
            var store = location(
                    "store-1",
                    "name",
                    "Main Street",
                    "timeZone",
                    "Europe/Vienna",
                    "currency",
                    "EUR",
                    "group",
                    "west",
                    "store",
                    "hall");
            assertThat(faults(store)).isEmpty();
            assertThat(SchemaRules.read(List.of(store)).locations())
                    .containsExactly(new Location(
                            new LocationId("store-1"),
                            Location.Kind.STORE,
                            Optional.of("Main Street"),
                            Optional.of("Europe/Vienna"),
                            Optional.of("EUR"),
                            Optional.of("west"),
                            Optional.of(new StoreId("hall"))));
            assertThat(SchemaRules.read(List.of(with(store, "kind", "virtual"))).locations())
                    .first()
                    .extracting(Location::kind)
                    .isEqualTo(Location.Kind.VIRTUAL);
        }

        @ParameterizedTest
        @CsvSource({"id, a b", "kind, shop", "timeZone, Mars/Olympus", "currency, XXQ", "store, Main Street"})
        void areRefusedIfAFieldDoesNotRead(String field, String value) {
            assertThat(faults(with(location("store-1"), field, value))).containsExactly("invalid_schema " + field);
        }

        @Test
        void areServedByTheStoreTheyNameElseByTheOneOfTheirName() {
            var schema = SchemaRules.read(List.of(
                    location("hall"),
                    location("kiosk", "store", "hall"),
                    location("store-2", "store", "hall"),
                    location("web"),
                    location("STORE.3")));
            assertThat(schema.servedBy(new StoreId("hall")))
                    .extracting(LocationId::text)
                    .containsExactly("hall", "kiosk", "store-2");
            assertThat(schema.servedBy(new StoreId("store-2"))).isEmpty();
            assertThat(schema.servedBy(new StoreId("web")))
                    .extracting(LocationId::text)
                    .containsExactly("web");
            assertThat(schema.servedBy(new StoreId("nobody"))).isEmpty();
        }

        @Test
        void needIdAndKind() {
            assertThat(faults(without(without(location("store-1"), "id"), "kind")))
                    .containsExactly("invalid_schema id", "invalid_schema kind");
        }

        @Test
        void haveAnIdOfTheirOwnWhateverTheCase() {
            assertThat(faults(location("store-1"), location("STORE-1"))).containsExactly("name_taken id");
        }

        @Test
        void keepTheirId() {
            var store = location("store-1");
            assertThat(faults(List.of(store), List.of(with(store, "id", "store-2"))))
                    .containsExactly("immutable id");
            assertThat(faults(List.of(store), List.of(with(store, "kind", "virtual"))))
                    .isEmpty();
        }

        @Test
        void areNobodysNamespace() {
            assertThat(faults(location("com.other.store"), location("retail.x")))
                    .isEmpty();
        }

        @Test
        void stayWhenTheListOfTimeZonesIsAnother() {
            var store = location("store-1", "timeZone", "Mars/Olympus");
            assertThat(faults(List.of(store), List.of(store, location("store-2"))))
                    .isEmpty();
            assertThat(SchemaRules.read(List.of(store)).hasLocation(new LocationId("store-1")))
                    .isTrue();
            assertThat(faults(List.of(store), List.of(with(store, "name", "x"))))
                    .containsExactly("invalid_schema timeZone");
        }
    }

    @Nested
    class Apps {
        @Test
        void haveANameAndAVersion() {
            assertThat(faults(app("com.acme.loyalty", "version", 1))).isEmpty();
            assertThat(faults(app("com.acme.loyalty"))).containsExactly("invalid_schema version");
            assertThat(faults(app("com.acme.loyalty", "version", 0))).containsExactly("invalid_schema version");
            assertThat(faults(without(app("com.acme.loyalty", "version", 1), "name")))
                    .containsExactly("invalid_schema name");
        }
    }

    @Nested
    class Names {
        @Test
        void areUniqueForEachKindWhateverTheCase() {
            assertThat(faults(type("com.acme.item"), type("com.acme.itEm"))).containsExactly("name_taken name");
            assertThat(faults(type(POINTS), INTEGER, constraint(POINTS, "required", POINTS)))
                    .isEmpty();
        }

        @Test
        void belongToWhoHadThemBefore() {
            var late = object(StandardSchema.TYPE, "sys.z", "name", "com.acme.item");
            var early = object(StandardSchema.TYPE, "sys.a", "name", "com.acme.item");
            var violations = judge(List.of(late), List.of(early, late)).violations();
            assertThat(violations).extracting(Violation::object).containsExactly("sys.a");
            assertThat(violations.getFirst().message()).contains("sys.z");
        }

        @Test
        void areFreeAgainAfterADelete() {
            var old = object(StandardSchema.TYPE, "sys.a", "name", "com.acme.item");
            var fresh = object(StandardSchema.TYPE, "sys.b", "name", "com.acme.item");
            assertThat(faults(List.of(old), List.of(fresh))).isEmpty();
        }

        @Test
        void neverChange() {
            var rule = constraint("com.acme.r", "required", POINTS);
            assertThat(faults(List.of(INTEGER, rule), List.of(INTEGER, with(rule, "name", "com.acme.s"))))
                    .containsExactly("immutable name");
            assertThat(faults(List.of(INTEGER, rule), List.of(INTEGER, with(rule, "kind", "unique"))))
                    .containsExactly("immutable kind");
            assertThat(faults(List.of(INTEGER), List.of(with(INTEGER, "name", "com.acme.pOINTS"))))
                    .containsExactly("immutable name");
            assertThat(faults(List.of(INTEGER, rule), List.of(INTEGER, with(rule, "message", "x"))))
                    .isEmpty();
            assertThat(faults(List.of(INTEGER), List.of(with(INTEGER, "valueType", "string"))))
                    .isEmpty();
            assertThat(faults(List.of(INTEGER), List.of(without(INTEGER, "name"))))
                    .containsExactly("invalid_schema name");
        }

        @ParameterizedTest
        @ValueSource(strings = {"sys.mine", "retail.mine", "rEtail.mine", "retail.item.mine"})
        void ofTheStandardAreRefused(String name) {
            assertThat(faults(type(name))).containsExactly("standard_name name");
            assertThat(faults(definition(name, "integer"))).containsExactly("standard_name name");
            assertThat(faults(INTEGER, constraint(name, "required", POINTS))).containsExactly("standard_name name");
            assertThat(faults(app(name, "version", 1))).containsExactly("standard_name name");
        }

        @Test
        void ofSomebodyElseCanBeNeitherMadeNorChangedNorDeleted() {
            var theirs = type("com.other.thing");
            assertThat(faults(theirs)).containsExactly("namespace_owned name");
            assertThat(faults(List.of(theirs), List.of(with(theirs, "description", "x"))))
                    .containsExactly("namespace_owned name");
            assertThat(faults(List.of(theirs), List.of())).containsExactly("namespace_owned name");
            assertThat(faults(List.of(theirs), List.of(theirs, type("com.acme.thing"))))
                    .isEmpty();
            assertThat(faults(List.of(theirs), List.of(with(theirs, "name", "com.acme.thing"))))
                    .containsExactly("immutable name", "namespace_owned name");
        }

        @Test
        void ofSomebodyElseAreNamedWhenDeleted() {
            var violation = judge(List.of(type("com.other.thing")), List.of())
                    .violations()
                    .getFirst();
            assertThat(violation.object()).isEqualTo("sys.t-com.other.thing");
            assertThat(violation.value()).hasValue(new Literal.Text("com.other.thing"));
        }
    }

    @Nested
    class Constraints {
        @Test
        void areReadWhole() {
            var made = constraint(
                    "com.acme.r",
                    "required",
                    "retail.item.price",
                    "type",
                    "retail.item",
                    "perLocation",
                    true,
                    "group",
                    "west",
                    "fromNowOn",
                    true,
                    "message",
                    "A price, please.");
            assertThat(faults(made)).isEmpty();
            assertThat(SchemaRules.read(List.of(made)).constraint(new ConstraintName("com.acme.r")))
                    .hasValue(new Constraint(
                            new ConstraintName("com.acme.r"),
                            Optional.of(StandardSchema.ITEM),
                            new DefinitionName("retail.item.price"),
                            new Rule.Required(true, Optional.of("west")),
                            true,
                            Optional.of("A price, please.")));
        }

        private Rule rule(SchemaObject definition, SchemaObject constraint) {
            assertThat(faults(definition, constraint)).isEmpty();
            return SchemaRules.read(List.of(definition, constraint))
                    .constraint(new ConstraintName("com.acme.r"))
                    .orElseThrow()
                    .rule();
        }

        @Test
        void haveARuleOfTheirKind() {
            assertThat(rule(INTEGER, constraint("com.acme.r", "required", POINTS)))
                    .isEqualTo(new Rule.Required(false, Optional.empty()));
            assertThat(rule(
                            SET,
                            constraint(
                                    "com.acme.r",
                                    "cardinality",
                                    "com.acme.tags",
                                    "min",
                                    bound("1"),
                                    "max",
                                    bound("3"))))
                    .isEqualTo(new Rule.Count(Optional.of(1L), Optional.of(3L)));
            assertThat(rule(INTEGER, constraint("com.acme.r", "range", POINTS, "min", bound("-1.5"))))
                    .isEqualTo(new Rule.Range(Optional.of(bound("-1.5")), Optional.empty()));
            assertThat(rule(STRING, constraint("com.acme.r", "length", "com.acme.code", "max", bound("0"))))
                    .isEqualTo(new Rule.Length(Optional.empty(), Optional.of(0L)));
            assertThat(rule(STRING, constraint("com.acme.r", "pattern", "com.acme.code", "pattern", "[a-z]+")))
                    .isEqualTo(new Rule.Pattern("[a-z]+"));
            assertThat(rule(INTEGER, constraint("com.acme.r", "unique", POINTS, "perLocation", true)))
                    .isEqualTo(new Rule.Unique(true));
            assertThat(rule(INTEGER, constraint("com.acme.r", "global_only", POINTS)))
                    .isEqualTo(new Rule.GlobalOnly());
            var reference = definition("com.acme.link", "reference");
            assertThat(rule(reference, constraint("com.acme.r", "reference", "com.acme.link")))
                    .isEqualTo(new Rule.Refer(Optional.empty(), Rule.OnDelete.BLOCK));
            assertThat(rule(
                            reference,
                            constraint(
                                    "com.acme.r",
                                    "reference",
                                    "com.acme.link",
                                    "target",
                                    "retail.item",
                                    "onDelete",
                                    "clear")))
                    .isEqualTo(new Rule.Refer(Optional.of(StandardSchema.ITEM), Rule.OnDelete.CLEAR));
        }

        @ParameterizedTest
        @CsvSource({"name", "kind", "definition"})
        void needNameKindAndDefinition(String field) {
            assertThat(faults(INTEGER, without(constraint("com.acme.r", "required", POINTS), field)))
                    .containsExactly("invalid_schema " + field);
        }

        @Test
        void needADefinitionThatIsThere() {
            var rule = constraint("com.acme.r", "required", POINTS);
            assertThat(faults(rule)).containsExactly("unknown_attribute definition");
            assertThat(faults(List.of(INTEGER, rule), List.of(rule))).containsExactly("unknown_attribute definition");
        }

        @Test
        void areOfAKnownKind() {
            assertThat(faults(INTEGER, constraint("com.acme.r", "even", POINTS)))
                    .containsExactly("invalid_schema kind");
        }

        @ParameterizedTest
        @CsvSource({
            "range, string",
            "range, boolean",
            "range, instant",
            "range, reference",
            "length, integer",
            "pattern, decimal",
            "one_of, money",
            "reference, string"
        })
        void ruleOnlyValuesThatTheyFit(String kind, String valueType) {
            var fields = switch (kind) {
                case "range", "length" -> new Object[] {"min", bound("1")};
                case "pattern" -> new Object[] {"pattern", "a"};
                default -> new Object[] {};
            };
            assertThat(faults(definition(POINTS, valueType), constraint("com.acme.r", kind, POINTS, fields)))
                    .contains("invalid_constraint kind");
        }

        @ParameterizedTest
        @CsvSource({
            "required, min",
            "required, pattern",
            "cardinality, perLocation",
            "range, onDelete",
            "length, group",
            "unique, group",
            "global_only, perLocation",
            "reference, min",
            "one_of, max",
            "pattern, value",
            "unique, target"
        })
        void haveNoParametersOfOtherKinds(String kind, String field) {
            var definition = switch (kind) {
                case "range" -> INTEGER;
                case "reference" -> definition("com.acme.link", "reference");
                default -> SET;
            };
            var name = ((Value.Text) definition.attributes().getFirst().value()).text();
            var fields = new ArrayList<Object>(
                    switch (kind) {
                        case "cardinality", "range", "length" -> List.of("min", bound("1"));
                        case "pattern" -> List.of("pattern", "a");
                        case "one_of" -> List.of("value", List.of("a"));
                        default -> List.of();
                    });
            fields.add(field);
            fields.add(
                    switch (field) {
                        case "min", "max" -> bound("7");
                        case "perLocation" -> true;
                        default -> "com.acme.x";
                    });
            var bounded = with(definition, "description", "x");
            assertThat(faults(
                            kind.equals("pattern") || kind.equals("length") || kind.equals("one_of")
                                    ? with(bounded, "maxBytes", 100)
                                    : bounded,
                            constraint("com.acme.r", kind, name, fields.toArray())))
                    .containsExactly("invalid_constraint " + field);
        }

        @Test
        void nameTypesThatCarryTheAttribute() {
            assertThat(faults(INTEGER, constraint("com.acme.r", "required", POINTS, "type", "retail.department")))
                    .containsExactly("invalid_constraint type");
            assertThat(faults(SET, constraint("com.acme.r", "required", "com.acme.tags", "type", "com.acme.x")))
                    .containsExactly("unknown_type type");
            assertThat(faults(
                            definition("com.acme.link", "reference"),
                            constraint("com.acme.r", "reference", "com.acme.link", "target", "com.acme.x")))
                    .containsExactly("unknown_type target");
            assertThat(faults(INTEGER, constraint("com.acme.r", "required", POINTS, "type", "Item")))
                    .containsExactly("invalid_schema type");
        }

        @Test
        void leaveBookkeepingAlone() {
            assertThat(faults(constraint("com.acme.r", "required", "sys.change_request.status")))
                    .containsExactly("invalid_constraint definition");
        }

        @Test
        void haveAGroupOnlyPerLocation() {
            assertThat(faults(INTEGER, constraint("com.acme.r", "required", POINTS, "group", "west")))
                    .containsExactly("invalid_constraint group");
        }

        @Test
        void haveBoundsThatDoNotContradictEachOther() {
            assertThat(faults(INTEGER, constraint("com.acme.r", "range", POINTS)))
                    .containsExactly("invalid_constraint min");
            assertThat(faults(INTEGER, constraint("com.acme.r", "range", POINTS, "min", bound("2"), "max", bound("1"))))
                    .containsExactly("invalid_constraint max");
            assertThat(faults(
                            INTEGER, constraint("com.acme.r", "range", POINTS, "min", bound("2"), "max", bound("2.0"))))
                    .isEmpty();
            assertThat(faults(
                            SET,
                            constraint("com.acme.r", "length", "com.acme.tags", "min", bound("3"), "max", bound("2"))))
                    .containsExactly("invalid_constraint max");
        }

        @ParameterizedTest
        @CsvSource({"length, -1", "length, 1.5", "cardinality, 0", "cardinality, 1.5", "length, 9007199254740992"})
        void countInWholeNumbers(String kind, String min) {
            assertThat(faults(SET, constraint("com.acme.r", kind, "com.acme.tags", "min", bound(min))))
                    .containsExactly("invalid_constraint min");
            assertThat(faults(SET, constraint("com.acme.r", kind, "com.acme.tags", "max", bound(min))))
                    .containsExactly("invalid_constraint max");
        }

        @Test
        void boundMoneyInMinorUnits() {
            assertThat(faults(constraint("com.acme.r", "range", "retail.item.price", "max", bound("99.99"))))
                    .containsExactly("invalid_constraint max");
            assertThat(faults(constraint("com.acme.r", "range", "retail.item.price", "min", bound("0.5"))))
                    .containsExactly("invalid_constraint min");
            assertThat(faults(constraint("com.acme.r", "range", "retail.item.price", "max", bound("9999.0"))))
                    .isEmpty();
        }

        @Test
        void countOnlySets() {
            assertThat(faults(INTEGER, constraint("com.acme.r", "cardinality", POINTS, "max", bound("1"))))
                    .isEmpty();
            assertThat(faults(INTEGER, constraint("com.acme.r", "cardinality", POINTS, "min", bound("1"))))
                    .isEmpty();
            assertThat(faults(INTEGER, constraint("com.acme.r", "cardinality", POINTS, "max", bound("2"))))
                    .containsExactly("invalid_constraint max");
            assertThat(faults(INTEGER, constraint("com.acme.r", "cardinality", POINTS, "min", bound("2"))))
                    .containsExactly("invalid_constraint min");
        }

        @Test
        void haveATargetThatTheDefinitionAllows() {
            var link = definition("com.acme.link", "reference", "target", "retail.item");
            assertThat(faults(link, constraint("com.acme.r", "reference", "com.acme.link", "target", "retail.item")))
                    .isEmpty();
            assertThat(faults(
                            link,
                            constraint("com.acme.r", "reference", "com.acme.link", "target", "retail.department")))
                    .containsExactly("invalid_constraint target");
            assertThat(faults(link, constraint("com.acme.r", "reference", "com.acme.link", "onDelete", "explode")))
                    .containsExactly("invalid_schema onDelete");
        }

        @Test
        void areJudgedAgainWhenTheirDefinitionChanges() {
            var rule = constraint("com.acme.r", "range", POINTS, "min", bound("1"));
            assertThat(faults(List.of(INTEGER, rule), List.of(with(INTEGER, "valueType", "string"), rule)))
                    .containsExactly("invalid_constraint kind");
        }

        @Test
        void arePassedOverIfTheyAreNotWellFormed() {
            var schema = SchemaRules.read(List.of(
                    INTEGER,
                    constraint("com.acme.r", "length", POINTS, "min", bound("1")),
                    constraint("com.acme.s", "required", POINTS)));
            assertThat(schema.constraint(new ConstraintName("com.acme.r"))).isEmpty();
            assertThat(schema.constraint(new ConstraintName("com.acme.s"))).isPresent();
        }
    }

    @Nested
    class Choices {
        private List<String> faultsOf(String valueType, Object values) {
            return faults(definition(POINTS, valueType), constraint("com.acme.r", "one_of", POINTS, "value", values));
        }

        private Set<Value> values(String valueType, List<String> texts) {
            var rule = SchemaRules.read(List.of(
                            definition(POINTS, valueType), constraint("com.acme.r", "one_of", POINTS, "value", texts)))
                    .constraint(new ConstraintName("com.acme.r"))
                    .orElseThrow()
                    .rule();
            return ((Rule.OneOf) rule).values();
        }

        @Test
        void areReadAsValuesOfTheDefinition() {
            assertThat(values("string", List.of("a", "b")))
                    .containsExactlyInAnyOrder(new Value.Text("a"), new Value.Text("b"));
            assertThat(values("integer", List.of("-7", "9007199254740991")))
                    .containsExactlyInAnyOrder(new Value.Whole(-7), new Value.Whole(Value.MAX_INTEGER));
            assertThat(values("decimal", List.of("1.5", "1.50"))).hasSize(1);
            assertThat(values("boolean", List.of("true", "false")))
                    .containsExactlyInAnyOrder(new Value.Flag(true), new Value.Flag(false));
            assertThat(values("instant", List.of("2026-01-31T08:00:00Z"))).hasSize(1);
            assertThat(values("reference", List.of("tea")))
                    .containsExactly(new Value.Reference(new ObjectToken("tea")));
        }

        @ParameterizedTest
        @CsvSource({
            "integer, x",
            "integer, 1.5",
            "integer, 01",
            "integer, 9007199254740992",
            "decimal, 1e3",
            "boolean, yes",
            "instant, today",
            "reference, a b"
        })
        void areRefusedIfTheyDoNotRead(String valueType, String value) {
            assertThat(faultsOf(valueType, List.of(value))).containsExactly("invalid_constraint value");
        }

        @Test
        void areNamedEach() {
            var violations = judge(
                            List.of(),
                            List.of(
                                    INTEGER,
                                    constraint("com.acme.r", "one_of", POINTS, "value", List.of("1", "x", "y"))))
                    .violations();
            assertThat(violations)
                    .extracting(Violation::value)
                    .containsExactly(Optional.of(new Literal.Text("x")), Optional.of(new Literal.Text("y")));
        }

        @Test
        void areOneToTenThousand() {
            assertThat(faults(INTEGER, constraint("com.acme.r", "one_of", POINTS)))
                    .containsExactly("invalid_constraint value");
            var numbers = IntStream.range(0, 10_001).mapToObj(Integer::toString).toList();
            assertThat(faultsOf("integer", numbers.subList(1, 10_001))).isEmpty();
            assertThat(faultsOf("integer", numbers)).containsExactly("invalid_constraint value");
        }
    }

    @Nested
    class Patterns {
        private final SchemaObject text = definition("com.acme.text", "string");
        private final SchemaObject pattern =
                constraint("com.acme.r", "pattern", "com.acme.text", "pattern", "[a-z]{20}");

        @Test
        void areOfTheSubset() {
            assertThat(faults(STRING, constraint("com.acme.r", "pattern", "com.acme.code")))
                    .containsExactly("invalid_constraint pattern");
            var judged = judge(
                    List.of(),
                    List.of(STRING, constraint("com.acme.r", "pattern", "com.acme.code", "pattern", "ab(?=c)")));
            assertThat(shown(judged.violations())).containsExactly("invalid_constraint pattern");
            assertThat(judged.violations().getFirst().message()).contains("at 2");
        }

        @Test
        void areBoundedByTheLongestValue() {
            assertThat(faults(text, pattern)).containsExactly("invalid_constraint pattern");
            var size = Regexes.programSize("[a-z]{20}");
            assertThat(faults(with(text, "maxBytes", (int) Regexes.MAX_WORK / size), pattern))
                    .isEmpty();
            assertThat(faults(with(text, "maxBytes", (int) Regexes.MAX_WORK / size + 1), pattern))
                    .containsExactly("invalid_constraint pattern");
        }

        @Test
        void mayRelyOnTheLength() {
            var length = constraint("com.acme.l", "length", "com.acme.text", "max", bound("1000"));
            assertThat(faults(text, pattern, length)).isEmpty();
            assertThat(faults(text, pattern, without(with(length, "min", bound("1")), "max")))
                    .containsExactly("invalid_constraint pattern");
            assertThat(faults(List.of(text, pattern, length), List.of(text, pattern)))
                    .containsExactly("invalid_constraint pattern");
            assertThat(faults(text, pattern, with(length, "max", bound("9007199254740991"))))
                    .containsExactly("invalid_constraint pattern");
            assertThat(faults(text, pattern, with(length, "max", bound("0")))).isEmpty();
        }

        @Test
        void relyOnALengthOnlyWhereItRulesTheSameObjects() {
            var length =
                    constraint("com.acme.l", "length", "com.acme.text", "max", bound("1000"), "type", "retail.item");
            assertThat(faults(text, pattern, length)).containsExactly("invalid_constraint pattern");
            assertThat(faults(text, with(pattern, "type", "retail.item"), length))
                    .isEmpty();
            assertThat(faults(text, with(pattern, "type", "retail.department"), length))
                    .containsExactly("invalid_constraint pattern");
            assertThat(faults(with(text, "type", "retail.item"), pattern, length))
                    .isEmpty();
        }
    }

    @Nested
    class Reading {
        @Test
        void knowsTheStandardAlways() {
            assertThat(SchemaRules.read(List.of())).isEqualTo(StandardSchema.SCHEMA);
            assertThat(SchemaRules.read(List.of()).hashCode()).isEqualTo(StandardSchema.SCHEMA.hashCode());
        }

        @Test
        void passesOverWhatIsNotWellFormed() {
            assertThat(SchemaRules.read(List.of(
                            without(type("com.acme.t"), "name"),
                            without(INTEGER, "valueType"),
                            without(location("x"), "kind"),
                            constraint("com.acme.r", "required", "com.acme.none"))))
                    .isEqualTo(StandardSchema.SCHEMA);
        }

        @Test
        void passesOverValuesOfOtherTypesAndAttributesOfOthers() {
            var attributes = new ArrayList<>(INTEGER.attributes());
            attributes.add(new Attribute(new DefinitionName("com.acme.note"), Optional.empty(), new Value.Text("x")));
            attributes.add(new Attribute(
                    new DefinitionName("sys.definition.variesByLocation"), Optional.empty(), new Value.Text("true")));
            attributes.add(new Attribute(
                    new DefinitionName("sys.definition.maxBytes"), Optional.empty(), new Value.Text("x")));
            attributes.add(
                    new Attribute(new DefinitionName("sys.definition.type"), Optional.empty(), new Value.Flag(true)));
            var read = SchemaRules.read(List.of(new SchemaObject(
                    INTEGER.token(), StandardSchema.DEFINITION, attributes.subList(0, attributes.size() - 2))));
            assertThat(read.definition(new DefinitionName(POINTS)).orElseThrow().variesByLocation())
                    .isFalse();
        }

        @Test
        void takesTheFirstOfTwoWithOneName() {
            var first = object(StandardSchema.DEFINITION, "sys.a", "name", POINTS, "valueType", "integer");
            var second = object(StandardSchema.DEFINITION, "sys.b", "name", POINTS, "valueType", "string");
            assertThat(SchemaRules.read(List.of(second, first))
                            .definition(new DefinitionName(POINTS))
                            .orElseThrow()
                            .type())
                    .isEqualTo(ValueType.INTEGER);
        }

        @Test
        void letsNobodyChangeTheStandard() {
            var mine = definition("retail.item.price", "integer");
            assertThat(SchemaRules.read(List.of(mine)).definition(new DefinitionName("retail.item.price")))
                    .map(Definition::type)
                    .hasValue(ValueType.MONEY);
        }

        @Test
        void judgesNothingThatStays() {
            var all = List.of(INTEGER, STRING, SET, location("store-1"), app("com.acme.a", "version", 2));
            assertThat(faults(all, and(all, type("com.acme.t")))).isEmpty();
        }
    }
}
