package dev.storemesh.protocol.catalog;

import static dev.storemesh.protocol.Samples.IN_DEPARTMENT;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.STORE;
import static dev.storemesh.protocol.Samples.at;
import static dev.storemesh.protocol.Samples.cents;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.department;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.make;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.Answer.Decided;
import dev.storemesh.protocol.catalog.Answer.Recorded;
import dev.storemesh.protocol.catalog.CatalogCommand.Approve;
import dev.storemesh.protocol.catalog.CatalogCommand.Comment;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogCommand.Reject;
import dev.storemesh.protocol.catalog.CatalogCommand.Withdraw;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value.Money;
import dev.storemesh.protocol.value.Value.Text;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What becomes of a store's requests without a person: by authority, by decision rules, by their order.
final class RequestRulesTest {
    private static final Provenance LINK = Provenance.of("store-1");
    private static final Provenance BOSS = Provenance.of("boss");
    private static final String MINE = "store-1";
    private final CatalogBench bench = CatalogBench.made();
    private long sequence;

    private static RequestId id(int number) {
        return RequestDeciderTest.id(number);
    }

    @BeforeEach
    void anItemInADepartment() {
        bench.write(
                department("dairy"),
                item("tea", set(NAME, text("Tea")), set(PRICE, cents(1000))),
                item("milk", set(NAME, text("Milk")), set(PRICE, cents(1000)), set(IN_DEPARTMENT, text("dairy"))));
    }

    /// Whatever was decided, followers can read the log.
    @AfterEach
    void theLogStaysReadable() {
        var schemas = SchemaHistory.EMPTY;
        for (var entry : bench.log()) {
            assertThat(Samples.reread(entry, schemas)).isEqualTo(entry);
            assertThat(entry.changes().stream().map(change -> change.object())).doesNotHaveDuplicates();
            schemas = schemas.after(entry);
        }
    }

    private static Setting of(TypeName type, String field, String value) {
        return set(StandardSchema.name(type, field), text(value));
    }

    private void storeOwns(String definition) {
        var type = StandardSchema.CONSTRAINT;
        var answer = bench.write(make(
                "sys.own-" + definition.replace('.', '-'),
                type,
                of(type, "name", "own." + definition),
                of(type, "kind", "authority"),
                of(type, "definition", definition),
                of(type, "authority", "store")));
        assertThat(answer).isInstanceOf(Answer.Accepted.class);
    }

    private void rule(String name, String decision, Setting... conditions) {
        var type = StandardSchema.DECISION_RULE;
        var settings = new ArrayList<>(List.of(of(type, "name", "acme." + name), of(type, "decision", decision)));
        settings.addAll(Arrays.asList(conditions));
        assertThat(bench.write(make("sys.rule-" + name, type, settings.toArray(Setting[]::new))))
                .isInstanceOf(Answer.Accepted.class);
    }

    private static Setting when(String condition, String value) {
        return of(StandardSchema.DECISION_RULE, condition, value);
    }

    private OfferedRequest asked(int number, Version base, String role, Operation... operations) {
        return new OfferedRequest(
                id(number),
                ++sequence,
                base,
                RequestDeciderTest.operations(operations),
                "clerk",
                Optional.of(role),
                Optional.of("asked"),
                NOON,
                Optional.empty());
    }

    private OfferedRequest asked(int number, Operation... operations) {
        return asked(number, bench.head(), "clerk", operations);
    }

    private OfferedRequest withdrawal(int number, int target) {
        return new OfferedRequest(
                id(number),
                ++sequence,
                bench.head(),
                "[]",
                "clerk",
                Optional.empty(),
                Optional.empty(),
                NOON,
                Optional.of(id(target)));
    }

    private void record(OfferedRequest... requests) {
        assertThat(bench.run(new RecordRequests(STORE, 1, List.of(requests), LINK)))
                .isInstanceOf(Recorded.class);
    }

    private ChangeRequest request(int number) {
        var view = bench.partition()
                .objects()
                .object(id(number).token(), bench.head(), Scope.all())
                .orElseThrow();
        return RequestRecord.read(view.object(), view.rows());
    }

    private Status status(int number) {
        return request(number).status();
    }

    private Answer approve(int number) {
        return bench.run(new Approve(id(number), Optional.of(bench.head()), BOSS));
    }

    private Answer reject(int number) {
        return bench.run(new Reject(id(number), BOSS));
    }

    private Optional<Money> price(String object, String location) {
        return bench.value(object, at(location, PRICE)).map(Money.class::cast);
    }

    private static Optional<Money> money(long cents) {
        return Optional.of(new Money(cents, "USD"));
    }

    private static Operation priced(String object, long cents) {
        return change(object, set(MINE, PRICE, cents(cents)));
    }

    @Nested
    final class WhereTheStoreOwnsPrices {
        @BeforeEach
        void ownPrices() {
            storeOwns("retail.item.price");
        }

        @Test
        void itsValueStandsWithItsRecordInOneRow() {
            record(asked(1, priced("tea", 900)), asked(2, priced("milk", 800)));
            assertThat(status(1)).isEqualTo(Status.APPROVED);
            assertThat(price("tea", MINE)).isEqualTo(money(900));
            assertThat(price("milk", MINE)).isEqualTo(money(800));
            assertThat(request(1).decision().orElseThrow().by()).isEqualTo("store-1");
            assertThat(bench.log().getLast().provenance().caller()).isEqualTo("clerk");
            assertThat(bench.rows().getLast().steps()).hasSize(3); // the batch, and each of the two
        }

        @Test
        void allOfALargeBatchStandAlsoWhereEachFollowsTheOther() {
            var batch = new OfferedRequest[100];
            for (var i = 0; i < 100; i++) {
                batch[i] = asked(i + 1, priced(i % 2 == 0 ? "tea" : "milk", i + 1));
            }
            record(batch);
            for (var number = 1; number <= 100; number++) {
                assertThat(status(number)).as("request " + number).isEqualTo(Status.APPROVED);
            }
            assertThat(price("tea", MINE)).isEqualTo(money(99));
            assertThat(price("milk", MINE)).isEqualTo(money(100));
        }

        @Test
        void itsValueWinsOverWhatHqWroteMeanwhileAndThatIsNoted() {
            var base = bench.head();
            bench.write(priced("tea", 700));
            record(asked(1, base, "clerk", priced("tea", 900)));
            assertThat(price("tea", MINE)).isEqualTo(money(900));
            assertThat(request(1).details().overridden().orElseThrow())
                    .contains("700")
                    .contains("900");
        }

        @Test
        void whatBreaksAConstraintIsRefusedAndHoldsNobodyUp() {
            record(asked(1, change("tea", set(MINE, PRICE, text("free")))), asked(2, priced("milk", 800)));
            assertThat(status(1)).isEqualTo(Status.REFUSED);
            assertThat(request(1).violations().orElseThrow()).contains("wrong_value_type");
            assertThat(price("milk", MINE)).isEqualTo(money(800));
        }

        @Test
        void othersPlacesGlobalValuesAndNewObjectsAreHqsToDecide() {
            record(
                    asked(1, change("tea", set("store-2", PRICE, cents(1)))),
                    asked(2, change("milk", set(PRICE, cents(1)))),
                    asked(3, item("coffee", set(MINE, PRICE, cents(1)))),
                    asked(4, change("milk", set(NOTE, text("x")))));
            assertThat(List.of(status(1), status(2), status(3), status(4))).containsOnly(Status.WAITING);
            assertThat(bench.value("tea", at("store-2", PRICE))).isEmpty();
        }

        @Test
        void aTypesOwnWordGoesBeforeTheGeneralOne() {
            var type = StandardSchema.CONSTRAINT;
            bench.write(make(
                    "sys.hq-price",
                    type,
                    of(type, "name", "acme.price"),
                    of(type, "kind", "authority"),
                    of(type, "definition", "retail.item.price"),
                    of(type, "type", "retail.item"),
                    of(type, "authority", "hq")));
            record(asked(1, priced("tea", 900)));
            assertThat(status(1)).isEqualTo(Status.WAITING);
        }

        @Test
        void itWaitsForTheRequestThatMakesItsObjectAndStandsWithIt() {
            record(asked(1, item("coffee")), asked(2, priced("coffee", 500)));
            assertThat(status(2)).isEqualTo(Status.WAITING);
            assertThat(request(2).details().waitsFor()).containsExactly(id(1));
            assertThat(approve(1)).isInstanceOf(Decided.class);
            assertThat(status(2)).isEqualTo(Status.APPROVED);
            assertThat(price("coffee", MINE)).isEqualTo(money(500));
        }

        @Test
        void itFallsWithTheRequestThatMakesItsObject() {
            record(asked(1, item("coffee")), asked(2, priced("coffee", 500)));
            reject(1);
            assertThat(status(2)).isEqualTo(Status.REJECTED);
            assertThat(request(2).decision().orElseThrow().reason()).contains("falls with " + id(1));
        }
    }

    @Nested
    final class WithDecisionRules {
        private static final Literal TEN = new Literal.Text("10");

        private Setting within() {
            return set(StandardSchema.name(StandardSchema.DECISION_RULE, "withinPercent"), TEN);
        }

        @Test
        void aSmallPriceChangeOfAManagerIsApprovedByItself() {
            rule("small", "approve", when("definition", "retail.item.price"), when("role", "store_manager"), within());
            record(
                    asked(1, bench.head(), "store_manager", priced("tea", 1100)),
                    asked(2, bench.head(), "store_manager", priced("milk", 1101)));
            assertThat(status(1)).isEqualTo(Status.APPROVED);
            assertThat(request(1).decision().orElseThrow().by()).isEqualTo("rule acme.small");
            assertThat(price("tea", MINE)).isEqualTo(money(1100));
            assertThat(status(2)).isEqualTo(Status.WAITING);
            record(asked(3, bench.head(), "clerk", priced("tea", 1000)));
            assertThat(status(3)).isEqualTo(Status.WAITING);
        }

        @Test
        void theSizeOfAChangeIsThatOfWhatIsSeenInItsPlace() {
            rule("small", "approve", when("definition", "retail.item.price"), within());
            bench.write(priced("tea", 100));
            record(asked(1, priced("tea", 111)));
            assertThat(status(1)).isEqualTo(Status.WAITING);
        }

        @Test
        void anotherCurrencyIsNoSmallChange() {
            rule("small", "approve", when("definition", "retail.item.price"), within());
            record(asked(1, change("tea", set(MINE, PRICE, new Literal.Amount(1000, "EUR")))));
            assertThat(status(1)).isEqualTo(Status.WAITING);
        }

        @Test
        void oneChangeThatNoRuleSpeaksOfHoldsTheWholeRequest() {
            rule("small", "approve", when("definition", "retail.item.price"), within());
            record(asked(1, change("tea", set(MINE, PRICE, cents(1001)), set(NOTE, text("x")))));
            assertThat(status(1)).isEqualTo(Status.WAITING);
        }

        @Test
        void theLowestOrderSpeaksFirstAndOneRejectionIsEnough() {
            var order = StandardSchema.name(StandardSchema.DECISION_RULE, "order");
            rule("all", "approve", set(order, new Literal.Whole(2)));
            rule("notes", "reject", when("definition", "retail.item.note"), set(order, new Literal.Whole(1)));
            record(
                    asked(1, change("tea", set(NAME, text("Green tea")))),
                    asked(2, change("milk", set(NAME, text("Oat")), set(NOTE, text("x")))));
            assertThat(status(1)).isEqualTo(Status.APPROVED);
            assertThat(status(2)).isEqualTo(Status.REJECTED);
            assertThat(bench.value("milk", Samples.global(NAME))).contains(new Text("Milk"));
        }

        @Test
        void aRuleMaySpeakOfOneDepartmentStoreOrType() {
            rule("dairy", "approve", when("attribute", "retail.item.department"), when("value", "dairy"));
            rule("elsewhere", "approve", when("store", "store-2"));
            rule("departments", "approve", when("type", "retail.department"));
            record(asked(1, priced("tea", 1)), asked(2, priced("milk", 2)));
            assertThat(status(1)).isEqualTo(Status.WAITING);
            assertThat(status(2)).isEqualTo(Status.APPROVED);
        }

        @Test
        void aConflictWaitsUnlessARuleSpeaksOfConflicts() {
            var base = bench.head();
            rule("all", "approve");
            bench.write(priced("tea", 1), priced("milk", 1));
            record(asked(1, base, "clerk", priced("tea", 2)));
            assertThat(status(1)).isEqualTo(Status.CONFLICTED);
            rule(
                    "always",
                    "approve",
                    set(StandardSchema.name(StandardSchema.DECISION_RULE, "conflicts"), new Literal.Flag(true)));
            record(asked(2, base, "clerk", priced("milk", 2)));
            assertThat(status(2)).isEqualTo(Status.APPROVED);
            assertThat(request(2).details().overridden()).isPresent();
            assertThat(approve(1)).isInstanceOf(Decided.class); // who names the version saw it
            assertThat(price("tea", MINE)).isEqualTo(money(2));
        }

        @Test
        void noRuleSpeaksOfTheSchema() {
            rule("all", "approve");
            var location = StandardSchema.name(StandardSchema.LOCATION, "name");
            record(asked(1, change("sys.store-1", set(location, text("x")))));
            assertThat(status(1)).isEqualTo(Status.WAITING);
        }

        @Test
        void whatARuleCannotCarryOutWaitsForAPerson() {
            rule("all", "approve");
            record(
                    asked(1, change("tea", set(MINE, PRICE, text("free")))),
                    asked(2, change("gone", set(NAME, text("x")))));
            assertThat(status(1)).isEqualTo(Status.WAITING);
            assertThat(status(2)).isEqualTo(Status.WAITING);
        }

        @Test
        void whatAStoreAskedForTwiceOfflineIsNoConflictOfItsOwn() {
            rule("all", "approve");
            var base = bench.head();
            record(asked(1, base, "clerk", priced("tea", 900)));
            record(asked(2, base, "clerk", priced("tea", 800)));
            assertThat(status(2)).isEqualTo(Status.APPROVED);
            assertThat(price("tea", MINE)).isEqualTo(money(800));
        }
    }

    @Nested
    final class InTheirOrder {
        @Test
        void whatTouchesTheSameObjectWaitsAndOthersPass() {
            record(
                    asked(1, item("coffee")),
                    asked(2, change("coffee", set(NOTE, text("x")))),
                    asked(3, priced("tea", 1)));
            assertThat(approve(2)).extracting(RefusalOf::answer).isEqualTo(new Refusal.WaitsFor(List.of(id(1))));
            assertThat(approve(3)).isInstanceOf(Decided.class);
            assertThat(approve(1)).isInstanceOf(Decided.class);
            assertThat(approve(2)).isInstanceOf(Decided.class);
        }

        @Test
        void whatRefersToAnObjectThatIsYetToBeMadeWaitsForIt() {
            record(asked(1, department("bakery")), asked(2, change("tea", set(IN_DEPARTMENT, text("bakery")))));
            assertThat(request(2).details().waitsFor()).containsExactly(id(1));
        }

        @Test
        void rejectingOneRejectsAllThatWaitForItInOneVersion() {
            record(asked(1, item("coffee")), asked(2, change("coffee", set(NOTE, text("x")))));
            record(asked(3, change("coffee", set(NOTE, text("y"))), change("tea", set(NOTE, text("y")))));
            record(asked(4, change("tea", set(NOTE, text("z")))));
            var before = bench.head();
            assertThat(reject(1)).isEqualTo(new Decided(id(1), Status.REJECTED, before.next(), false));
            assertThat(bench.head()).isEqualTo(before.next());
            assertThat(List.of(status(2), status(3), status(4))).containsOnly(Status.REJECTED);
        }

        @Test
        void aLaterRequestForTheSameValuesTakesTheEarlierOnesPlace() {
            record(
                    asked(1, priced("tea", 1)),
                    asked(2, priced("tea", 2)),
                    asked(3, priced("tea", 3), priced("milk", 3)));
            assertThat(approve(3)).isInstanceOf(Decided.class);
            assertThat(status(1)).isEqualTo(Status.SUPERSEDED);
            assertThat(status(2)).isEqualTo(Status.SUPERSEDED);
            assertThat(request(1).decision().orElseThrow().reason()).contains("superseded by " + id(3));
            assertThat(price("tea", MINE)).isEqualTo(money(3));
        }

        @Test
        void aPartOfTheEarlierOnesValuesIsNotEnough() {
            record(asked(1, priced("tea", 1), priced("milk", 1)), asked(2, priced("tea", 2)));
            assertThat(approve(2)).extracting(RefusalOf::answer).isEqualTo(new Refusal.WaitsFor(List.of(id(1))));
        }

        @Test
        void otherStoresRequestsWaitForNobody() {
            record(asked(1, priced("tea", 1)));
            var other = new OfferedRequest(
                    id(9),
                    1,
                    bench.head(),
                    RequestDeciderTest.operations(priced("tea", 2)),
                    "ann",
                    Optional.empty(),
                    NOON);
            bench.run(new RecordRequests(new StoreId("store-2"), 1, List.of(other), LINK));
            assertThat(request(9).details().waitsFor()).isEmpty();
        }

        /// Else the rows of n requests for one object would be n times n.
        @Test
        void ofManyRequestsForOneObjectEachWaitsForTheLastOnly() {
            for (var number = 1; number <= 300; number += 100) {
                var batch = new OfferedRequest[100];
                for (var i = 0; i < 100; i++) {
                    batch[i] = asked(number + i, priced("tea", number + i));
                }
                record(batch);
            }
            assertThat(request(300).details().waitsFor()).containsExactly(id(299));
            assertThat(request(201).details().waitsFor()).containsExactly(id(200));
            assertThat(bench.partition().objects().holders(RequestRecord.TOUCHES, new Text("tea")))
                    .containsExactly(id(300).token());
            reject(300);
            record(asked(301, priced("tea", 5)));
            assertThat(request(301).details().waitsFor()).containsExactly(id(299));
        }

        /// A command looks at so many at most; the others fall when somebody looks at them.
        @Test
        void aLongChainFallsInParts() {
            for (var number = 1; number <= 201; number += 67) {
                var batch = new OfferedRequest[67];
                for (var i = 0; i < 67; i++) {
                    batch[i] = asked(number + i, priced("tea", number + i));
                }
                record(batch);
            }
            reject(1);
            assertThat(status(51)).isEqualTo(Status.REJECTED);
            assertThat(status(52)).isEqualTo(Status.WAITING);
            assertThat(approve(52))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.AlreadyDecided(Status.REJECTED, bench.head()));
            assertThat(status(102)).isEqualTo(Status.REJECTED);
            approve(103);
            approve(154);
            assertThat(status(201)).isEqualTo(Status.REJECTED);
            assertThat(bench.partition().objects().holders(RequestRecord.TOUCHES, new Text("tea")))
                    .isEmpty();
        }

        @Test
        void whatFallsHandsItsOtherObjectsBack() {
            record(
                    asked(1, change("milk", set(NOTE, text("a")))),
                    asked(2, item("coffee")),
                    asked(3, change("coffee", set(NOTE, text("b"))), change("milk", set(NOTE, text("b")))));
            reject(2);
            assertThat(status(3)).isEqualTo(Status.REJECTED);
            assertThat(status(1)).isEqualTo(Status.WAITING);
            record(asked(4, change("milk", set(NAME, text("c")))));
            assertThat(request(4).details().waitsFor()).containsExactly(id(1));
        }
    }

    @Nested
    final class TakenBack {
        @Test
        void anUndecidedRequestIsWithdrawnWithWhatWaitsForIt() {
            record(asked(1, item("coffee")), asked(2, change("coffee", set(NOTE, text("x")))));
            record(withdrawal(3, 1));
            assertThat(status(1)).isEqualTo(Status.WITHDRAWN);
            assertThat(status(2)).isEqualTo(Status.REJECTED);
            assertThat(status(3)).isEqualTo(Status.APPROVED);
            assertThat(approve(1))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.AlreadyDecided(Status.WITHDRAWN, bench.head()));
        }

        @Test
        void withTheRequestInOneBatch() {
            record(asked(1, priced("tea", 1)), withdrawal(2, 1), asked(3, priced("tea", 2)));
            assertThat(status(1)).isEqualTo(Status.WITHDRAWN);
            assertThat(approve(3)).isInstanceOf(Answer.Refused.class); // it was made in view of the first
            assertThat(status(3)).isEqualTo(Status.REJECTED);
        }

        @Test
        void atHqItIsTakenBackAtOnceForItsStoreAlone() {
            record(asked(1, priced("tea", 1)), asked(2, priced("tea", 2)));
            assertThat(bench.run(new Withdraw(id(1), BOSS.withStore(new StoreId("store-2")))))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.UnknownRequest());
            assertThat(bench.run(new Withdraw(id(1), Provenance.of("clerk")))).isInstanceOf(Decided.class);
            assertThat(status(1)).isEqualTo(Status.WITHDRAWN);
            assertThat(status(2)).isEqualTo(Status.REJECTED);
        }

        @Test
        void aDecidedOneIsNot() {
            record(asked(1, priced("tea", 1)));
            approve(1);
            record(withdrawal(2, 1), withdrawal(3, 77));
            assertThat(status(1)).isEqualTo(Status.APPROVED);
            assertThat(status(2)).isEqualTo(Status.REFUSED);
            assertThat(request(2).violations().orElseThrow()).contains("already_decided");
            assertThat(request(3).violations().orElseThrow()).contains("unknown_request");
        }
    }

    @Nested
    final class ByAPerson {
        @Test
        void nobodyDecidesTheirOwnRequest() {
            record(asked(1, priced("tea", 1)));
            var clerk = Provenance.of("clerk");
            assertThat(bench.run(new Approve(id(1), Optional.empty(), clerk)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.OwnRequest());
            assertThat(bench.run(new Reject(id(1), clerk)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.OwnRequest());
        }

        @Test
        void aStoresOwnOperatorIsNotHqs() {
            record(asked(1, bench.head(), "operator", priced("tea", 1)));
            assertThat(bench.run(new Approve(id(1), Optional.empty(), Provenance.of("clerk"))))
                    .isInstanceOf(Decided.class);
        }

        @Test
        void commentsStandInTheirOrder() {
            record(asked(1, priced("tea", 1)));
            bench.run(new Comment(id(1), "why?", BOSS));
            bench.run(new Comment(id(1), "the competition", Provenance.of("clerk")));
            assertThat(request(1).details().comments())
                    .extracting(ChangeRequest.Comment::text)
                    .containsExactly("why?", "the competition");
            assertThat(bench.run(new Comment(id(2), "x", BOSS)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.UnknownRequest());
            for (var number = 2; number < Comment.MAX_COMMENTS; number++) {
                bench.run(new Comment(id(1), "n" + number, BOSS));
            }
            assertThat(bench.run(new Comment(id(1), "one more", BOSS)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.TooManyComments(Comment.MAX_COMMENTS));
        }
    }
}
