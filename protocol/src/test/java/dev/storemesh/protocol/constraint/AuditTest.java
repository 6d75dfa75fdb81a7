package dev.storemesh.protocol.constraint;

import static dev.storemesh.protocol.constraint.Shelf.item;
import static dev.storemesh.protocol.constraint.Shelf.link;
import static dev.storemesh.protocol.constraint.Shelf.row;
import static dev.storemesh.protocol.constraint.Shelf.schema;
import static dev.storemesh.protocol.schema.SchemaObjects.constraint;
import static dev.storemesh.protocol.schema.SchemaObjects.definition;
import static dev.storemesh.protocol.schema.SchemaObjects.location;
import static dev.storemesh.protocol.schema.SchemaObjects.type;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.SchemaObject;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuditTest {
    private static final String A = "com.acme.a";
    private static final SchemaObject WHOLE = definition(A, "integer", "cardinality", "many", "variesByLocation", true);
    private static final SchemaObject S1 = location("s1", "group", "west");
    private static final SchemaObject S2 = location("s2");

    private static BigDecimal bound(String number) {
        return new BigDecimal(number);
    }

    private static Findings examined(Schema before, Schema after, Standing... objects) {
        var shelf = new Shelf().standing(objects);
        return Audit.concluded(after, Audit.examine(before, after, Arrays.stream(objects), shelf::type));
    }

    private static List<String> found(Schema before, Schema after, Standing... objects) {
        var findings = examined(before, after, objects);
        assertThat(findings.count()).isEqualTo(findings.first().size());
        assertThat(Audit.isNeeded(before, after)).isTrue();
        return findings.first().stream().map(Shelf::shown).toList();
    }

    @Nested
    class OfDefinitions {
        private List<String> changed(SchemaObject was, SchemaObject is, Standing... objects) {
            return found(schema(was, S1, type("com.acme.t")), schema(is, S1, type("com.acme.t")), objects);
        }

        private boolean isNeeded(SchemaObject was, SchemaObject is) {
            return Audit.isNeeded(schema(was), schema(is));
        }

        @Test
        void aDeletedOneHasNoRows() {
            assertThat(found(schema(WHOLE, S1), schema(S1), item("tea", row(A, 1), row(A + "@s1", 2)), item("mint")))
                    .containsExactly("definition_in_use - tea a", "definition_in_use - tea a@s1");
        }

        @Test
        void anotherValueTypeFitsNoValue() {
            assertThat(changed(
                            definition(A, "integer"), definition(A, "decimal"), item("tea", row(A, 1)), item("mint")))
                    .containsExactly("definition_in_use - tea a");
        }

        @Test
        void anotherCarrierFitsItsObjects() {
            var department = Shelf.of(StandardSchema.DEPARTMENT, "d", row(A, 1));
            var narrower = definition(A, "integer", "type", "retail.item");
            assertThat(changed(definition(A, "integer"), narrower, item("tea", row(A, 1)), department))
                    .containsExactly("definition_in_use - d a");
            assertThat(isNeeded(narrower, definition(A, "integer"))).isFalse();
            assertThat(isNeeded(definition(A, "integer", "type", "sys.location"), definition(A, "integer")))
                    .isTrue();
        }

        @Test
        void aSetThatIsNoneAnyMoreHasOneValueInEachSlot() {
            var one = definition(A, "integer", "variesByLocation", true);
            assertThat(changed(
                            WHOLE, one, item("tea", row(A, 1), row(A, 2), row(A + "@s1", 1)), item("mint", row(A, 1))))
                    .containsExactly("definition_in_use - tea a");
            assertThat(isNeeded(one, WHOLE)).isFalse();
        }

        @Test
        void oneThatVariesNoMoreHasNoRowsAtLocations() {
            assertThat(changed(
                            WHOLE,
                            definition(A, "integer", "cardinality", "many"),
                            item("tea", row(A, 1), row(A + "@s1", 1))))
                    .containsExactly("definition_in_use - tea a@s1");
            assertThat(isNeeded(definition(A, "integer", "cardinality", "many"), WHOLE))
                    .isFalse();
        }

        @Test
        void aSmallerBoundFitsTheTexts() {
            var smaller = definition(A, "string", "maxBytes", 2);
            assertThat(changed(definition(A, "string"), smaller, item("tea", row(A, "ab")), item("mint", row(A, "äb"))))
                    .containsExactly("definition_in_use - mint a");
            assertThat(isNeeded(smaller, definition(A, "string"))).isFalse();
        }

        @Test
        void anotherTargetIsThatOfTheReferences() {
            var narrower = definition(A, "reference", "target", "retail.item");
            assertThat(changed(
                            definition(A, "reference"),
                            narrower,
                            item("tea", link(A, "tea")),
                            item("mint", link(A, "d")),
                            Shelf.of(StandardSchema.DEPARTMENT, "d")))
                    .containsExactly("definition_in_use - mint a");
            assertThat(isNeeded(narrower, definition(A, "reference"))).isFalse();
            assertThat(isNeeded(definition(A, "reference", "target", "retail.department"), narrower))
                    .isTrue();
        }

        @Test
        void theSameNeedsNothing() {
            assertThat(Audit.isNeeded(schema(WHOLE, S1), schema(WHOLE, S1))).isFalse();
            assertThat(examined(schema(WHOLE), schema(WHOLE), item("tea", row(A, 1))))
                    .isEqualTo(Findings.NONE);
        }
    }

    @Nested
    class OfTypesAndLocations {
        @Test
        void aDeletedTypeHasNoObjects() {
            assertThat(found(
                            schema(type("com.acme.t")),
                            schema(),
                            Shelf.of(new TypeName("com.acme.t"), "x"),
                            item("tea")))
                    .containsExactly("type_in_use - x");
        }

        @Test
        void aDeletedLocationHasNoRows() {
            assertThat(found(
                            schema(WHOLE, S1, S2),
                            schema(WHOLE, S2),
                            item("tea", row(A, 1), row(A + "@s1", 1), row(A + "@s2", 1))))
                    .containsExactly("location_in_use - tea a@s1");
        }

        @Test
        void newOnesNeedNothing() {
            assertThat(Audit.isNeeded(
                            schema(WHOLE), schema(WHOLE, S1, type("com.acme.t"), definition("com.acme.b", "string"))))
                    .isFalse();
        }

        @Test
        void aNewPlaceMayLackWhatIsRequired() {
            var rule = constraint("com.acme.rule", "required", A, "perLocation", true);
            var tea = item("tea", row(A + "@s1", 1));
            assertThat(found(schema(WHOLE, S1, rule), schema(WHOLE, S1, S2, rule), tea, item("mint", row(A, 1))))
                    .containsExactly("required rule tea a@s2");
            assertThat(Audit.isNeeded(schema(WHOLE, S1, S2, rule), schema(WHOLE, S1, rule)))
                    .isTrue(); // rows at s2
            var later = constraint("com.acme.rule", "required", A, "perLocation", true, "fromNowOn", true);
            assertThat(Audit.isNeeded(schema(WHOLE, S1, later), schema(WHOLE, S1, S2, later)))
                    .isFalse();
            var global = constraint("com.acme.rule", "required", A);
            assertThat(Audit.isNeeded(schema(WHOLE, S1, global), schema(WHOLE, S1, S2, global)))
                    .isFalse();
        }

        @Test
        void aPlaceThatJoinsAGroupMayLackWhatIsRequired() {
            var rule = constraint("com.acme.rule", "required", A, "perLocation", true, "group", "west");
            var joined = location("s2", "group", "west");
            assertThat(found(
                            schema(WHOLE, S1, S2, rule),
                            schema(WHOLE, S1, joined, rule),
                            item("tea", row(A + "@s1", 1))))
                    .containsExactly("required rule tea a@s2");
            assertThat(Audit.isNeeded(schema(WHOLE, S1, joined, rule), schema(WHOLE, S1, S2, rule)))
                    .isFalse();
        }
    }

    @Nested
    class OfConstraints {
        private final Schema without = schema(WHOLE, S1, S2);

        private Schema with(String kind, Object... fields) {
            return schema(WHOLE, S1, S2, constraint("com.acme.rule", kind, A, fields));
        }

        @Test
        void aNewOneRulesWhatStands() {
            assertThat(found(
                            without,
                            with("range", "max", bound("3")),
                            item("tea", row(A, 4), row(A + "@s1", 5)),
                            item("mint", row(A, 1))))
                    .containsExactly("range rule tea a", "range rule tea a@s1");
            assertThat(found(
                            without,
                            with("required"),
                            item("tea", row(A, 4)),
                            item("mint"),
                            Shelf.of(StandardSchema.LOCATION, "sys.x")))
                    .containsExactly("required rule mint a");
            assertThat(found(without, with("required", "type", "retail.department"), item("tea")))
                    .isEmpty();
            assertThat(found(without, with("cardinality", "max", bound("1")), item("tea", row(A, 1), row(A, 2))))
                    .containsExactly("cardinality rule tea a");
            assertThat(found(without, with("global_only"), item("tea", row(A + "@s1", 1))))
                    .containsExactly("global_only rule tea a@s1");
        }

        @Test
        void aReferenceIsToTheTypeThatIsWanted() {
            var reference = definition(A, "reference");
            assertThat(found(
                            schema(reference),
                            schema(
                                    reference,
                                    constraint("com.acme.rule", "reference", A, "target", "retail.department")),
                            item("tea", link(A, "mint")),
                            item("mint", link(A, "d")),
                            Shelf.of(StandardSchema.DEPARTMENT, "d")))
                    .containsExactly("wrong_reference_type rule tea a");
        }

        @Test
        void oneFromNowOnRulesNothingThatStands() {
            assertThat(Audit.isNeeded(without, with("range", "max", bound("3"), "fromNowOn", true)))
                    .isFalse();
        }

        @Test
        void oneThatHoldsForAllFromNowOnIsAudited() {
            var later = with("range", "max", bound("3"), "fromNowOn", true);
            assertThat(found(later, with("range", "max", bound("3")), item("tea", row(A, 4))))
                    .containsExactly("range rule tea a");
        }

        @Test
        void aChangedOneIsAudited() {
            var was = with("range", "max", bound("9"));
            assertThat(found(was, with("range", "max", bound("3")), item("tea", row(A, 4))))
                    .containsExactly("range rule tea a");
            assertThat(Audit.isNeeded(was, with("range", "max", bound("9"), "type", "retail.item")))
                    .isTrue();
            assertThat(Audit.isNeeded(was, with("range", "max", bound("9"), "message", "x")))
                    .isFalse();
            assertThat(Audit.isNeeded(was, without)).isFalse();
        }

        @Test
        void whatFollowsADeleteIsNoDemandOnWhatStands() {
            var reference = definition(A, "reference");
            var block = schema(reference, constraint("com.acme.rule", "reference", A));
            assertThat(Audit.isNeeded(
                            block, schema(reference, constraint("com.acme.rule", "reference", A, "onDelete", "clear"))))
                    .isFalse();
            assertThat(Audit.isNeeded(
                            block,
                            schema(reference, constraint("com.acme.rule", "reference", A, "target", "retail.item"))))
                    .isTrue();
        }

        @Test
        void aWiderCarrierBringsMoreObjectsUnderARule() {
            var rule = constraint("com.acme.rule", "required", A);
            var narrow = schema(definition(A, "integer", "type", "retail.item"), rule);
            var wide = schema(definition(A, "integer"), rule);
            assertThat(found(narrow, wide, item("tea", row(A, 1)), Shelf.of(StandardSchema.DEPARTMENT, "d")))
                    .containsExactly("required rule d a");
            var typed = constraint("com.acme.rule", "required", A, "type", "retail.item");
            assertThat(Audit.isNeeded(
                            schema(definition(A, "integer", "type", "retail.item"), typed),
                            schema(definition(A, "integer"), typed)))
                    .isFalse();
        }

        @Test
        void whatAnObjectMayNotHaveAnyMoreIsToldAsThatAlone() {
            var rule = constraint("com.acme.rule", "unique", A);
            assertThat(found(
                            schema(definition(A, "integer")),
                            schema(definition(A, "integer", "type", "retail.item"), rule),
                            item("tea", row(A, 7)),
                            Shelf.of(StandardSchema.DEPARTMENT, "d", row(A, 7))))
                    .containsExactly("definition_in_use - d a");
        }

        @Test
        void valuesHeldTwiceAreFoundWhereverTheyAre() {
            assertThat(found(
                            without,
                            with("unique"),
                            item("tea", row(A + "@s1", 7)),
                            item("mint", row(A + "@s2", 7)),
                            item("x", row(A, 8))))
                    .containsExactly("not_unique rule mint a@s2", "not_unique rule tea a@s1");
        }

        @Test
        void valuesShownTwiceAreFoundAtTheirPlace() {
            var shown = with("unique", "perLocation", true);
            assertThat(found(
                            without,
                            shown,
                            item("tea", row(A + "@s1", 7)),
                            item("mint", row(A, 7)),
                            item("x", row(A, 7), row(A + "@s1", 8))))
                    .containsExactly(
                            "not_unique rule mint a",
                            "not_unique rule mint a@s1",
                            "not_unique rule tea a@s1",
                            "not_unique rule x a");
            assertThat(found(without, shown, item("tea", row(A + "@s1", 7)), item("mint", row(A + "@s2", 7))))
                    .isEmpty();
        }
    }

    @Nested
    class OfManyParts {
        private final Schema before = schema(WHOLE, S1, S2);
        private final Schema after = schema(
                WHOLE,
                S1,
                S2,
                constraint("com.acme.rule", "range", A, "max", bound("3")),
                constraint("com.acme.one", "unique", A));

        @Test
        void allAreCountedAndTheFirstNamed() {
            var objects = IntStream.range(0, 250)
                    .mapToObj(i -> item("tea-%03d".formatted(249 - i), row(A, 10 + i)))
                    .toArray(Standing[]::new);
            var findings = examined(before, after, objects);
            assertThat(findings.count()).isEqualTo(250);
            assertThat(findings.first()).hasSize(100);
            assertThat(findings.first().getFirst().object()).isEqualTo("tea-000");
            assertThat(findings.first().getLast().object()).isEqualTo("tea-099");
        }

        @Test
        void nothingAddsNothing() {
            var some = Audit.examine(
                    before, after, Stream.of(item("tea", row(A, 9))), token -> java.util.Optional.empty());
            assertThat(some.and(Findings.NONE)).isEqualTo(some);
            assertThat(Findings.NONE.and(some)).isEqualTo(some);
        }

        @Seeds(30)
        void theyAreTheSameHoweverTheObjectsAreDivided(long seed) {
            var random = new SplittableRandom(seed);
            var objects = new ArrayList<Standing>();
            for (var i = 0; i < 300; i++) {
                objects.add(item("tea-" + i, row(A, random.nextInt(200)), row(A + "@s1", random.nextInt(200))));
            }
            var whole = examined(before, after, objects.toArray(Standing[]::new));
            var parts = Findings.NONE;
            var from = 0;
            while (from < objects.size()) {
                var to = Math.min(objects.size(), from + random.nextInt(1, 120));
                var part = Audit.examine(
                        before, after, objects.subList(from, to).stream(), token -> java.util.Optional.empty());
                parts = random.nextBoolean() ? parts.and(part) : part.and(parts);
                from = to;
            }
            assertThat(Audit.concluded(after, parts)).isEqualTo(whole);
            assertThat(Audit.violations(after, parts)).isEqualTo(whole.first());
        }
    }

    @Nested
    class BesideAWrite {
        /// One write that makes all objects is judged as an audit judges the same objects under the same rules.
        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
        void bothSayTheSameOfEachKind(int kind) {
            var rule = switch (kind) {
                case 0 -> constraint("com.acme.rule", "range", A, "min", bound("2"), "max", bound("5"));
                case 1 -> constraint("com.acme.rule", "required", A);
                case 2 -> constraint("com.acme.rule", "required", A, "perLocation", true);
                case 3 -> constraint("com.acme.rule", "cardinality", A, "min", bound("2"), "max", bound("3"));
                case 4 -> constraint("com.acme.rule", "one_of", A, "value", List.of("1", "2", "3"));
                case 5 -> constraint("com.acme.rule", "global_only", A);
                case 6 -> constraint("com.acme.rule", "unique", A);
                default -> constraint("com.acme.rule", "unique", A, "perLocation", true);
            };
            var before = schema(WHOLE, S1, S2);
            var after = schema(WHOLE, S1, S2, rule);
            for (var seed = 0; seed < 200; seed++) {
                var objects = objects(new SplittableRandom(seed * 8L + kind));
                var shelf = new Shelf().put(objects);
                var written = Constraints.violations(after, shelf.edits(), shelf).stream()
                        .sorted(Tally.ORDER)
                        .toList();
                assertThat(examined(before, after, objects).first())
                        .as("seed %s", seed)
                        .isEqualTo(written);
            }
        }

        private static Standing[] objects(SplittableRandom random) {
            return IntStream.range(0, 4)
                    .mapToObj(i -> item("o" + i, rows(random)))
                    .toArray(Standing[]::new);
        }

        private static Attribute[] rows(SplittableRandom random) {
            return Stream.of(A, A + "@s1", A + "@s2")
                    .flatMap(slot -> random.ints(random.nextInt(3), 0, 7)
                            .distinct()
                            .mapToObj(n -> row(slot, new Value.Whole(n))))
                    .toArray(Attribute[]::new);
        }
    }
}
