package dev.storemesh.protocol.constraint;

import static dev.storemesh.protocol.constraint.Shelf.item;
import static dev.storemesh.protocol.constraint.Shelf.link;
import static dev.storemesh.protocol.constraint.Shelf.row;
import static dev.storemesh.protocol.constraint.Shelf.schema;
import static dev.storemesh.protocol.schema.SchemaObjects.constraint;
import static dev.storemesh.protocol.schema.SchemaObjects.definition;
import static dev.storemesh.protocol.schema.SchemaObjects.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.SchemaObject;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConstraintsTest {
    private static final String A = "com.acme.a";
    private static final SchemaObject WHOLE = definition(A, "integer", "cardinality", "many", "variesByLocation", true);
    private static final SchemaObject TEXT =
            definition(A, "string", "cardinality", "many", "variesByLocation", true, "maxBytes", 100);
    private static final SchemaObject LINK =
            definition(A, "reference", "cardinality", "many", "variesByLocation", true);
    private static final SchemaObject STORE_1 = location("s1", "group", "west");
    private static final SchemaObject STORE_2 = location("s2");

    private static Schema ruled(SchemaObject definition, String kind, Object... fields) {
        return schema(definition, STORE_1, STORE_2, constraint("com.acme.rule", kind, A, fields));
    }

    private static BigDecimal bound(String number) {
        return new BigDecimal(number);
    }

    private static Shelf shelf() {
        return new Shelf();
    }

    private static Violation only(Schema schema, Shelf shelf) {
        var all = Constraints.violations(schema, shelf.edits(), shelf);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @Nested
    class OfOneRow {
        @ParameterizedTest
        @CsvSource({"1, false", "2, true", "3, true", "4, true", "5, false"})
        void rangeIsInclusive(long number, boolean fits) {
            var schema = ruled(WHOLE, "range", "min", bound("2"), "max", bound("4.0"));
            assertThat(shelf().put(item("tea", row(A, number)))
                            .violations(schema)
                            .isEmpty())
                    .isEqualTo(fits);
        }

        @Test
        void rangeMayBeOpen() {
            var least = ruled(WHOLE, "range", "min", bound("2"));
            var most = ruled(WHOLE, "range", "max", bound("2"));
            var shelf = shelf().put(item("tea", row(A, 1), row(A + "@s1", 3)));
            assertThat(shelf.violations(least)).containsExactly("range rule tea a");
            assertThat(shelf.violations(most)).containsExactly("range rule tea a@s1");
        }

        @Test
        void rangeSaysNumberAndBound() {
            var schema = ruled(WHOLE, "range", "min", bound("2"), "max", bound("4"));
            var low = only(schema, shelf().put(item("tea", row(A, 1))));
            assertThat(low.message()).isEqualTo("The value of com.acme.a is 1 (expected: at least 2).");
            assertThat(low.value()).hasValue(new Literal.Whole(1));
            var high = only(schema, shelf().put(item("tea", row(A, 9))));
            assertThat(high.message()).isEqualTo("The value of com.acme.a is 9 (expected: at most 4).");
        }

        @Test
        void rangeComparesDecimalsAndMinorUnits() {
            var decimals =
                    schema(definition(A, "decimal"), constraint("com.acme.rule", "range", A, "min", bound("1.50")));
            assertThat(shelf().put(item("tea", row(A, new Value.Decimal(bound("1.5")))))
                            .violations(decimals))
                    .isEmpty();
            assertThat(shelf().put(item("tea", row(A, new Value.Decimal(bound("1.49")))))
                            .violations(decimals))
                    .hasSize(1);
            var money = schema(constraint("com.acme.rule", "range", "retail.item.price", "max", bound("100")));
            assertThat(shelf().put(item("tea", row("retail.item.price", new Value.Money(100, "USD"))))
                            .violations(money))
                    .isEmpty();
            assertThat(only(money, shelf().put(item("tea", row("retail.item.price", new Value.Money(101, "USD")))))
                            .message())
                    .contains("101 minor units of USD", "at most 100");
        }

        @ParameterizedTest
        @CsvSource({"a, false", "ab, true", "abc, true", "abcd, false", "😀, false", "😀😀, true", "😀😀😀😀, false"})
        void lengthCountsCodePoints(String text, boolean fits) {
            var schema = ruled(TEXT, "length", "min", bound("2"), "max", bound("3"));
            var found = Constraints.violations(
                    schema, shelf().put(item("tea", row(A, text))).edits(), shelf());
            assertThat(found.isEmpty()).isEqualTo(fits);
            assertThat(found)
                    .allSatisfy(violation -> assertThat(violation.message())
                            .contains("has " + text.codePointCount(0, text.length()) + " characters (expected: at "));
        }

        @Test
        void lengthMayBeOpen() {
            assertThat(shelf().put(item("tea", row(A, ""))).violations(ruled(TEXT, "length", "max", bound("3"))))
                    .isEmpty();
            assertThat(shelf().put(item("tea", row(A, "abcd"))).violations(ruled(TEXT, "length", "min", bound("3"))))
                    .isEmpty();
        }

        @Test
        void patternIsOfTheWholeValue() {
            var schema = ruled(TEXT, "pattern", "pattern", "[a-c]+");
            assertThat(shelf().put(item("tea", row(A, "abc"))).violations(schema))
                    .isEmpty();
            assertThat(only(schema, shelf().put(item("tea", row(A, "abcd")))).message())
                    .isEqualTo("The value of com.acme.a is not of the form [a-c]+.");
        }

        @Test
        void oneOfComparesByMeaning() {
            var schema = schema(
                    definition(A, "decimal"), constraint("com.acme.rule", "one_of", A, "value", List.of("1.0", "2")));
            assertThat(shelf().put(item("tea", row(A, new Value.Decimal(bound("1.00")))))
                            .violations(schema))
                    .isEmpty();
            assertThat(only(schema, shelf().put(item("tea", row(A, new Value.Decimal(bound("3"))))))
                            .message())
                    .contains("none of the 2 values");
        }

        @Test
        void globalOnlyHasNoRowAtALocation() {
            var schema = ruled(WHOLE, "global_only");
            assertThat(shelf().put(item("tea", row(A, 1))).violations(schema)).isEmpty();
            var violation = only(schema, shelf().put(item("tea", row(A, 1), row(A + "@s1", 1))));
            assertThat(Shelf.shown(violation)).isEqualTo("global_only rule tea a@s1");
            assertThat(violation.message()).contains("at s1");
        }

        @Test
        void onlyWhatTheWriteSetIsJudged() {
            var schema = ruled(WHOLE, "range", "max", bound("3"), "fromNowOn", true);
            var shelf =
                    shelf().standing(item("tea", row(A, 8))).put(item("tea", row(A, 8), row(A, 9), row(A + "@s1", 8)));
            assertThat(shelf.violations(schema)).containsExactly("range rule tea a", "range rule tea a@s1");
        }

        @Test
        void constraintsOfOtherTypesAreSilent() {
            var schema = ruled(WHOLE, "range", "max", bound("3"), "type", "retail.department");
            assertThat(shelf().put(item("tea", row(A, 8))).violations(schema)).isEmpty();
            assertThat(shelf().put(Shelf.of(StandardSchema.DEPARTMENT, "d", row(A, 8)))
                            .violations(schema))
                    .hasSize(1);
        }

        @Test
        void theConstraintsMessageIsToldInsteadOfOurs() {
            var schema = ruled(WHOLE, "range", "max", bound("3"), "message", "Too many points.");
            assertThat(only(schema, shelf().put(item("tea", row(A, 8)))).message())
                    .isEqualTo("Too many points.");
        }

        @Test
        void valuesOfAnotherTypeAreLeftToTheDefinition() {
            for (var schema : List.of(
                    ruled(WHOLE, "range", "max", bound("3")),
                    ruled(TEXT, "length", "max", bound("0")),
                    ruled(TEXT, "pattern", "pattern", "a"),
                    ruled(LINK, "reference"))) {
                assertThat(shelf().put(item(
                                        "tea",
                                        row(A, new Value.Flag(true)),
                                        row(A, new Value.Moment(java.time.Instant.EPOCH))))
                                .violations(schema))
                        .isEmpty();
            }
            assertThat(shelf().put(item("tea", row(A, "text"), link(A, "tea")))
                            .violations(ruled(WHOLE, "range", "max", bound("3"))))
                    .isEmpty();
        }
    }

    @Nested
    class OfSlots {
        @Test
        void requiredNeedsAGlobalValue() {
            var schema = ruled(WHOLE, "required");
            assertThat(shelf().put(item("tea", row(A, 1))).violations(schema)).isEmpty();
            assertThat(shelf().put(item("tea")).violations(schema)).containsExactly("required rule tea a");
            assertThat(shelf().put(item("tea", row(A + "@s1", 1), row(A + "@s2", 1)))
                            .violations(schema))
                    .containsExactly("required rule tea a");
        }

        @Test
        void requiredAtEachLocationTakesOwnOrGlobal() {
            var schema = ruled(WHOLE, "required", "perLocation", true);
            assertThat(shelf().put(item("tea", row(A, 1))).violations(schema)).isEmpty();
            assertThat(shelf().put(item("tea", row(A + "@s1", 1))).violations(schema))
                    .containsExactly("required rule tea a@s2");
            assertThat(shelf().put(item("tea")).violations(schema))
                    .containsExactly("required rule tea a@s1", "required rule tea a@s2");
            assertThat(shelf().put(item("tea", row(A + "@s1", 1), row(A + "@s2", 1)))
                            .violations(schema))
                    .isEmpty();
        }

        @Test
        void requiredInAGroupLooksAtThatGroup() {
            var schema = ruled(WHOLE, "required", "perLocation", true, "group", "west");
            assertThat(shelf().put(item("tea")).violations(schema)).containsExactly("required rule tea a@s1");
        }

        @Test
        void requiredIsJudgedWhereARowEnds() {
            var schema = ruled(WHOLE, "required");
            assertThat(shelf().standing(item("tea", row(A, 1))).put(item("tea")).violations(schema))
                    .containsExactly("required rule tea a");
            assertThat(shelf().standing(item("tea"))
                            .put(item("tea", row("retail.item.name", "Tea")))
                            .violations(schema))
                    .isEmpty();
        }

        @Test
        void requiredIsForCarriersOnly() {
            var schema =
                    schema(definition(A, "integer", "type", "retail.item"), constraint("com.acme.rule", "required", A));
            assertThat(shelf().put(Shelf.of(StandardSchema.DEPARTMENT, "d")).violations(schema))
                    .isEmpty();
            var typed = ruled(WHOLE, "required", "type", "retail.item");
            assertThat(shelf().put(Shelf.of(StandardSchema.DEPARTMENT, "d"), item("tea"))
                            .violations(typed))
                    .containsExactly("required rule tea a");
        }

        @Test
        void cardinalityCountsEachSlotThatHasValues() {
            var schema = ruled(WHOLE, "cardinality", "min", bound("2"), "max", bound("3"));
            assertThat(shelf().put(item("tea")).violations(schema)).isEmpty();
            assertThat(shelf().put(item("tea", row(A, 1), row(A, 2), row(A, 3))).violations(schema))
                    .isEmpty();
            var few = only(schema, shelf().put(item("tea", row(A, 1), row(A, 2), row(A + "@s1", 3))));
            assertThat(Shelf.shown(few)).isEqualTo("cardinality rule tea a@s1");
            assertThat(few.message()).contains("has 1 values (expected: at least 2)");
            assertThat(only(schema, shelf().put(item("tea", row(A, 1), row(A, 2), row(A, 3), row(A, 4))))
                            .message())
                    .contains("has 4 values (expected: at most 3)");
        }

        @Test
        void cardinalityJudgesTheWholeDefinitionOfATouchedObject() {
            var schema = ruled(WHOLE, "cardinality", "max", bound("1"), "fromNowOn", true);
            var tea = item("tea", row(A, 1), row(A, 2));
            assertThat(shelf().standing(tea)
                            .put(item("tea", row(A, 1), row(A, 2), row(A + "@s1", 1)))
                            .violations(schema))
                    .containsExactly("cardinality rule tea a");
            assertThat(shelf().standing(tea)
                            .put(item("tea", row(A, 1), row(A, 2), row("retail.item.name", "Tea")))
                            .violations(schema))
                    .isEmpty();
        }
    }

    @Nested
    class OfUniqueness {
        private final Schema anywhere = ruled(WHOLE, "unique");
        private final Schema shown = ruled(WHOLE, "unique", "perLocation", true);

        @Test
        void noTwoObjectsHoldAValueAnywhere() {
            var shelf =
                    shelf().standing(item("mint", row(A + "@s2", 7))).put(item("tea", row(A + "@s1", 7), row(A, 8)));
            assertThat(shelf.violations(anywhere)).containsExactly("not_unique rule tea a@s1");
            assertThat(only(anywhere, shelf).message()).contains("mint");
            assertThat(only(anywhere, shelf).value()).hasValue(new Literal.Whole(7));
        }

        @Test
        void anObjectMayHoldItsValueTwice() {
            assertThat(shelf().put(item("tea", row(A, 7), row(A + "@s1", 7))).violations(anywhere))
                    .isEmpty();
            assertThat(shelf().put(item("tea", row(A, 7), row(A + "@s1", 7))).violations(shown))
                    .isEmpty();
        }

        @Test
        void aValueIsNamedOnceAtItsFirstPlace() {
            assertThat(shelf().standing(item("mint", row(A, 7)))
                            .put(item("tea", row(A + "@s1", 7), row(A, 7)))
                            .violations(anywhere))
                    .containsExactly("not_unique rule tea a");
        }

        @Test
        void bothAreNamedWhereAWriteTouchesBoth() {
            assertThat(shelf().put(item("tea", row(A, 7)), item("mint", row(A, 7)))
                            .violations(anywhere))
                    .containsExactly("not_unique rule tea a", "not_unique rule mint a");
        }

        @Test
        void otherTypesHoldWhatTheyLike() {
            var items = ruled(WHOLE, "unique", "type", "retail.item");
            assertThat(shelf().standing(Shelf.of(StandardSchema.DEPARTMENT, "d", row(A, 7)))
                            .put(item("tea", row(A, 7)))
                            .violations(items))
                    .isEmpty();
        }

        @Test
        void aDeletedObjectHoldsNothing() {
            assertThat(shelf().standing(item("mint", row(A, 7)))
                            .delete("mint")
                            .put(item("tea", row(A, 7)))
                            .violations(anywhere))
                    .isEmpty();
        }

        @Test
        void differentPlacesMayShowTheSame() {
            assertThat(shelf().standing(item("mint", row(A + "@s1", 7)))
                            .put(item("tea", row(A + "@s2", 7)))
                            .violations(shown))
                    .isEmpty();
        }

        @Test
        void aGlobalValueShowsWhereThereIsNoOwnOne() {
            assertThat(shelf().standing(item("mint", row(A, 7)))
                            .put(item("tea", row(A + "@s2", 7)))
                            .violations(shown))
                    .containsExactly("not_unique rule tea a@s2");
            assertThat(shelf().standing(item("mint", row(A, 7), row(A + "@s2", 8)))
                            .put(item("tea", row(A + "@s2", 7)))
                            .violations(shown))
                    .isEmpty();
            assertThat(shelf().standing(item("mint", row(A + "@s2", 7)))
                            .put(item("tea", row(A, 7)))
                            .violations(shown))
                    .containsExactly("not_unique rule tea a@s2");
            assertThat(shelf().standing(item("mint", row(A, 7)))
                            .put(item("tea", row(A, 7)))
                            .violations(shown))
                    .containsExactly("not_unique rule tea a");
        }

        @Test
        void theFirstOtherIsNamedAtEachPlace() {
            var shelf = shelf().standing(item("b", row(A, 7)), item("a", row(A + "@s1", 7)))
                    .put(item("tea", row(A, 7), row(A + "@s1", 7)));
            assertThat(Constraints.violations(shown, shelf.edits(), shelf))
                    .extracting(violation ->
                            Shelf.shown(violation) + " " + violation.message().split(" ", -1)[2])
                    .containsExactly("not_unique rule tea a b", "not_unique rule tea a@s1 a");
        }
    }

    @Nested
    class OfReferences {
        @Test
        void theTargetIsThereAtTheEnd() {
            var schema = schema(LINK, STORE_1);
            assertThat(shelf().put(item("tea", link(A, "pot"))).violations(schema))
                    .containsExactly("unknown_reference - tea a");
            assertThat(shelf().put(item("tea", link(A, "pot")), item("pot", link(A, "tea")))
                            .violations(schema))
                    .isEmpty();
            assertThat(shelf().put(item("tea", link(A, "tea"))).violations(schema))
                    .isEmpty();
        }

        @Test
        void theTargetIsOfTheDefinitionsType() {
            var schema = schema();
            var shelf = shelf().put(item("tea", link("retail.item.department", "tea")));
            assertThat(shelf.violations(schema)).containsExactly("wrong_reference_type - tea department");
            assertThat(only(schema, shelf).message()).contains("retail.item", "retail.department");
            assertThat(only(schema, shelf).value()).hasValue(new Literal.Text("tea"));
        }

        @Test
        void theTargetIsOfTheConstraintsType() {
            var schema = ruled(LINK, "reference", "target", "retail.department", "message", "A department, please.");
            assertThat(only(schema, shelf().put(item("tea", link(A, "tea")))).message())
                    .isEqualTo("A department, please.");
            assertThat(shelf().put(item("tea", link(A, "tea"))).violations(schema))
                    .containsExactly("wrong_reference_type rule tea a");
            assertThat(shelf().put(item("tea", link(A, "gone"))).violations(schema))
                    .containsExactly("unknown_reference rule tea a");
            assertThat(shelf().put(item("tea", link(A, "d")), Shelf.of(StandardSchema.DEPARTMENT, "d"))
                            .violations(schema))
                    .isEmpty();
        }

        @Test
        void aConstraintWithoutTargetTakesTheDefinitions() {
            var schema = schema(constraint("com.acme.rule", "reference", "retail.item.department"));
            assertThat(shelf().put(item("tea", link("retail.item.department", "tea")))
                            .violations(schema))
                    .containsExactly("wrong_reference_type rule tea department");
        }

        @Test
        void aConstraintOfAnotherTypeLeavesTheDefinitionsRule() {
            var schema = ruled(LINK, "reference", "type", "retail.department");
            assertThat(shelf().put(item("tea", link(A, "gone"))).violations(schema))
                    .containsExactly("unknown_reference - tea a");
        }
    }

    @Nested
    class OfDeletions {
        private Schema onDelete(String onDelete) {
            return ruled(LINK, "reference", "onDelete", onDelete);
        }

        @Test
        void areBlockedByReferences() {
            var shelf = shelf().standing(item("pot"), item("tea", link(A, "pot"), link(A + "@s1", "pot")))
                    .delete("pot");
            for (var schema : List.of(onDelete("block"), schema(LINK, STORE_1, STORE_2))) {
                assertThat(shelf.settled(schema).violations(schema)).hasSize(1);
                assertThat(only(schema, shelf).value()).hasValue(new Literal.Text("tea"));
                assertThat(only(schema, shelf).object()).isEqualTo("pot");
                assertThat(only(schema, shelf).attribute())
                        .map(Object::toString)
                        .hasValue(A);
                assertThat(only(schema, shelf).location()).isEmpty();
            }
            assertThat(only(onDelete("block"), shelf).constraint())
                    .map(Object::toString)
                    .hasValue("com.acme.rule");
            assertThat(only(schema(LINK), shelf).constraint()).isEmpty();
        }

        @Test
        void nameEachReferrerAndDefinitionUpToAHundred() {
            var shelf = shelf().standing(item("pot"));
            IntStream.range(0, 101).forEach(i -> shelf.standing(item("tea-" + i, link(A, "pot"))));
            assertThat(shelf.delete("pot").violations(onDelete("block"))).hasSize(100);
            var two = schema(LINK, definition("com.acme.b", "reference"));
            assertThat(shelf().standing(item("pot"), item("tea", link(A, "pot"), link("com.acme.b", "pot")))
                            .delete("pot")
                            .violations(two))
                    .containsExactly("referenced - pot a", "referenced - pot b");
        }

        @Test
        void endTheRowsThatClear() {
            var schema = onDelete("clear");
            var shelf = shelf().standing(
                            item("pot"), item("tea", link(A, "pot"), link(A + "@s1", "pot"), link(A, "tea")))
                    .delete("pot")
                    .settled(schema);
            assertThat(shelf.violations(schema)).isEmpty();
            assertThat(shelf.all()).containsOnlyKeys("tea").containsValue(List.of(link(A, "tea")));
        }

        @Test
        void takeTheReferrersThatCascadeWithThem() {
            var schema = onDelete("cascade");
            var shelf = shelf().standing(
                            item("pot", link(A, "cup")),
                            item("tea", link(A, "pot")),
                            item("cup", link(A, "tea")),
                            item("mint"))
                    .delete("pot")
                    .settled(schema);
            assertThat(shelf.violations(schema)).isEmpty();
            assertThat(shelf.all()).containsOnlyKeys("mint");
        }

        @Test
        void blockBeatsCascadeBeatsClearForTheSameRow() {
            var clear = constraint("com.acme.clear", "reference", A, "onDelete", "clear");
            var cascade = constraint("com.acme.cascade", "reference", A, "onDelete", "cascade");
            var block = constraint("com.acme.block", "reference", A);
            var shelf =
                    shelf().standing(item("pot"), item("tea", link(A, "pot"))).delete("pot");
            assertThat(Constraints.consequences(schema(LINK, clear, cascade), shelf.edits(), shelf))
                    .containsExactly(new Consequence.Cascade(new dev.storemesh.protocol.value.ObjectToken("tea")));
            assertThat(Constraints.consequences(schema(LINK, clear, cascade, block), shelf.edits(), shelf))
                    .isEmpty();
            assertThat(shelf.violations(schema(LINK, clear, cascade, block))).containsExactly("referenced block pot a");
        }

        @Test
        void letACascadeTakeWhatBlocks() {
            var schema = schema(
                    LINK,
                    definition("com.acme.b", "reference"),
                    definition("com.acme.c", "reference"),
                    constraint("com.acme.cascade", "reference", A, "onDelete", "cascade"),
                    constraint("com.acme.clear", "reference", "com.acme.c", "onDelete", "clear"));
            var shelf = shelf().standing(
                            item("pot"),
                            item("tea", link("com.acme.c", "pot"), link(A, "pot"), link("com.acme.b", "pot")))
                    .delete("pot");
            assertThat(Constraints.consequences(schema, shelf.edits(), shelf)).hasSize(1);
            assertThat(shelf.settled(schema).violations(schema)).isEmpty();
            assertThat(shelf.all()).isEmpty();
        }

        @Test
        void blameARowThatTheSameWriteSet() {
            for (var onDelete : List.of("block", "clear", "cascade")) {
                var schema = onDelete(onDelete);
                var made = shelf().standing(item("pot")).delete("pot").put(item("tea", link(A, "pot")));
                assertThat(made.settled(schema).violations(schema)).containsExactly("unknown_reference rule tea a");
                var changed =
                        shelf().standing(item("pot"), item("tea")).delete("pot").put(item("tea", link(A, "pot")));
                assertThat(changed.settled(schema).violations(schema)).containsExactly("unknown_reference rule tea a");
            }
        }

        @Test
        void holdAReferenceThatStoodInATouchedObject() {
            var schema = onDelete("block");
            var shelf = shelf().standing(item("pot"), item("tea", link(A, "pot")))
                    .delete("pot")
                    .put(item("tea", link(A, "pot"), row("retail.item.name", "Tea")));
            assertThat(shelf.violations(schema)).containsExactly("referenced rule pot a");
        }

        @Test
        void passIfTheReferrersGoToo() {
            var schema = onDelete("block");
            assertThat(shelf().standing(item("pot", link(A, "pot")), item("tea", link(A, "pot")))
                            .delete("pot", "tea")
                            .violations(schema))
                    .isEmpty();
        }

        @Test
        void askNothingOfADeletedObject() {
            var schema = ruled(WHOLE, "required");
            assertThat(shelf().standing(item("tea")).delete("tea").violations(schema))
                    .isEmpty();
            var never = new Edit(item("x").object(), StandardSchema.ITEM, Optional.empty(), Optional.empty());
            assertThat(never.isDeleted()).isFalse();
            assertThat(Constraints.violations(schema, List.of(never), shelf())).isEmpty();
        }
    }
}
