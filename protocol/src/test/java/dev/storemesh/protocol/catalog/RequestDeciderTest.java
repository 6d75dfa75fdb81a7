package dev.storemesh.protocol.catalog;

import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.OTHER_HISTORY;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.STORE;
import static dev.storemesh.protocol.Samples.cents;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.delete;
import static dev.storemesh.protocol.Samples.global;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static dev.storemesh.protocol.Samples.unset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.Answer.Decided;
import dev.storemesh.protocol.catalog.Answer.Recorded;
import dev.storemesh.protocol.catalog.CatalogCommand.Approve;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogCommand.Reject;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value.Money;
import dev.storemesh.protocol.value.Value.Text;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.WriteJson;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestDeciderTest {
    private static final Provenance LINK = Provenance.of("store-1");
    private static final Provenance BOSS = Provenance.of("boss").withReason(Optional.of("sounds right"));
    private final CatalogBench bench = CatalogBench.made();

    static RequestId id(int number) {
        return RequestId.ofUlid("%026d".formatted(number));
    }

    static String operations(Operation... operations) {
        return CanonicalJson.text(WriteJson.write(List.of(operations)));
    }

    static OfferedRequest offered(int number, String operations) {
        return offered(number, number, operations, new Version(1));
    }

    private static OfferedRequest offered(int number, long sequence, String operations, Version base) {
        return new OfferedRequest(id(number), sequence, base, operations, "clerk", Optional.of("asked"), NOON);
    }

    private Answer record(long epoch, OfferedRequest... requests) {
        return bench.run(new RecordRequests(STORE, epoch, List.of(requests), LINK));
    }

    /// A waiting request number 1 with base the newest version.
    private void waiting(Operation... operations) {
        assertThat(record(1, offered(1, 1, operations(operations), bench.head())))
                .isInstanceOf(Recorded.class);
        assertThat(request(1).status()).isEqualTo(Status.WAITING);
    }

    private Answer approve(Optional<Version> seen) {
        return bench.run(new Approve(id(1), seen, BOSS));
    }

    private ChangeRequest request(int number) {
        var view = bench.partition()
                .objects()
                .object(id(number).token(), bench.head(), Scope.all())
                .orElseThrow();
        return RequestRecord.read(view.object(), view.rows());
    }

    private boolean isRecorded(int number) {
        return bench.partition().objects().find(id(number).token()).isPresent();
    }

    private long sequenceRows() {
        return bench.partition()
                .objects()
                .object(RequestRecord.sequenceToken(STORE), bench.head(), Scope.all())
                .orElseThrow()
                .rows()
                .size();
    }

    /// Whatever was decided, followers can read the log, no object has two values in one slot, and every request
    /// can be shown.
    @AfterEach
    void theCatalogStaysReadable() {
        var schemas = SchemaHistory.EMPTY;
        for (var entry : bench.log()) {
            assertThat(Samples.reread(entry, schemas)).isEqualTo(entry);
            schemas = schemas.after(entry);
        }
        for (var object : bench.partition().image().objects()) {
            assertThat(object.live().stream().map(row -> row.slot())).doesNotHaveDuplicates();
            if (object.type().equals(StandardSchema.CHANGE_REQUEST)) {
                assertThat(Json.parse(
                                Json.bytes(ChangeRequestJson.write(RequestRecord.read(object.token(), object.live())))))
                        .isNotEmpty();
            }
        }
    }

    @Nested
    final class GivenNoRequests {
        @Test
        void recordsABatchInOneVersionWithItsSequence() {
            var answer = record(1, offered(1, operations(item("tea"))), offered(2, operations(item("coffee"))));
            assertThat(answer).isEqualTo(new Recorded(new Version(2), 1, 2));
            assertThat(bench.log()).hasSize(2);
            assertThat(bench.log().getLast().changes()).hasSize(3);
            assertThat(request(1).status()).isEqualTo(Status.WAITING);
            assertThat(request(1).store()).isEqualTo(STORE);
            assertThat(request(1).requester()).isEqualTo("clerk");
            assertThat(request(1).reason()).contains("asked");
            assertThat(request(1).recordedAt()).contains(bench.log().getLast().at());
            assertThat(request(2).sequence()).isEqualTo(2);
            assertThat(bench.value("tea", NAME)).isEmpty();
            assertThat(bench.partition().objects().liveCount()).isZero();
        }

        @Test
        void recordsAreAtTheirStoresLocation() {
            record(1, offered(1, operations(item("tea"))));
            assertThat(bench.log().getLast().changes())
                    .flatExtracting(change -> change.set())
                    .allMatch(attribute -> attribute.location().equals(Optional.of(STORE.location())));
        }

        @Test
        void refusesToBeginWithAGap() {
            assertThat(record(1, offered(2, operations(item("tea")))))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.SequenceGap(1, 0));
            assertThat(bench.head()).isEqualTo(new Version(1));
        }

        @Test
        void refusesAGapInsideTheBatch() {
            var tea = operations(item("tea"));
            assertThat(record(1, offered(1, tea), offered(3, tea)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.SequenceGap(1, 0));
            assertThat(record(1, offered(1, 1, tea, new Version(1)), offered(2, 1, tea, new Version(1))))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.SequenceGap(1, 0));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[]",
                    "{}",
                    "null",
                    "1e99",
                    "\"text\"",
                    "[1]",
                    "[{\"op\":\"melt\",\"object\":\"tea\"}]",
                    "[{\"op\":\"put\"}]",
                    "[{\"op\":\"put\",\"object\":\"t\",\"set\":[{\"attribute\":\"a.b\",\"value\":1.5}]}]",
                    "[{\"op\":\"put\",\"object\":\"tea\",\"colour\":1}]"
                })
        void whatCannotBeReadIsRefusedAndHoldsNobodyUp(String unreadable) {
            var answer = record(1, offered(1, unreadable), offered(2, operations(item("tea"))));
            assertThat(answer).isEqualTo(new Recorded(new Version(2), 1, 2));
            assertThat(request(1).status()).isEqualTo(Status.REFUSED);
            assertThat(request(1).violations().orElseThrow()).contains("unreadable");
            assertThat(request(2).status()).isEqualTo(Status.WAITING);
            assertThat(ChangeRequestJson.write(request(1)).path("violations").isArray())
                    .isTrue();
            assertThat(bench.run(new Approve(id(1), Optional.empty(), BOSS)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.AlreadyDecided(Status.REFUSED, new Version(2)));
        }

        @Test
        void aComplaintAboutACutEmojiIsRecorded() {
            for (var length = 70; length < 90; length++) {
                var name = "x".repeat(length) + "\uD83D\uDE00".repeat(20);
                var sequence = length - 69;
                assertThat(record(1, offered(sequence, "[{\"op\":\"delete\",\"object\":\"" + name + "\"}]")))
                        .isInstanceOf(Recorded.class);
                assertThat(request(sequence).status()).isEqualTo(Status.REFUSED);
            }
        }

        @Test
        void whatNoFollowerCouldReadIsRefused() {
            var large = operations(change("tea", set(NOTE, text("x".repeat(StandardSchema.BOOKKEEPING_BYTES)))));
            var talkative = new OfferedRequest(
                    id(2),
                    2,
                    new Version(1),
                    operations(item("tea")),
                    "é".repeat(StandardSchema.BOOKKEEPING_BYTES),
                    Optional.empty(),
                    NOON);
            assertThat(record(1, offered(1, large), talkative)).isEqualTo(new Recorded(new Version(2), 1, 2));
            assertThat(request(1).status()).isEqualTo(Status.REFUSED);
            assertThat(request(1).violations().orElseThrow()).contains("too_large");
            assertThat(request(2).status()).isEqualTo(Status.REFUSED);
        }

        @Test
        void aBaseThatIsNotThereYetIsRefused() {
            record(1, offered(1, 1, operations(item("tea")), new Version(2)));
            assertThat(request(1).status()).isEqualTo(Status.REFUSED);
            assertThat(request(1).violations().orElseThrow()).contains("unknown_base");
        }

        @Test
        void anIdTwiceInABatchIsRecordedOnce() {
            var answer = record(
                    1,
                    offered(1, 1, operations(item("tea")), new Version(1)),
                    offered(1, 2, operations(item("coffee")), new Version(1)));
            assertThat(answer).isEqualTo(new Recorded(new Version(2), 1, 2));
            assertThat(request(1).operations()).contains("tea");
        }

        @Test
        void thereIsNothingToDecide() {
            assertThat(approve(Optional.empty())).extracting(RefusalOf::answer).isEqualTo(new Refusal.UnknownRequest());
            assertThat(bench.run(new Reject(id(1), BOSS)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.UnknownRequest());
        }
    }

    @Nested
    final class GivenTwoRecordedRequests {
        GivenTwoRecordedRequests() {
            record(3, offered(1, operations(item("tea"))), offered(2, operations(item("coffee"))));
        }

        @Test
        void repeatedOnesArePassedOver() {
            assertThat(record(3, offered(1, operations(item("tea"))), offered(2, operations(item("coffee")))))
                    .isEqualTo(new Recorded(new Version(2), 3, 2));
            assertThat(bench.head()).isEqualTo(new Version(2));
            assertThat(record(3, offered(2, operations(item("coffee"))), offered(3, operations(item("milk")))))
                    .isEqualTo(new Recorded(new Version(3), 3, 3));
            assertThat(bench.log().getLast().changes()).hasSize(2);
            assertThat(sequenceRows()).isEqualTo(2);
        }

        @Test
        void aGapIsRefused() {
            assertThat(record(3, offered(4, operations(item("milk")))))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.SequenceGap(3, 2));
        }

        @Test
        void anEarlierEpochIsStale() {
            assertThat(record(2, offered(3, operations(item("milk")))))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.StaleEpoch(3, 2));
        }

        @Test
        void aStoreOfAnotherHistoryIsToldAndNothingIsRecorded() {
            var offer = List.of(offered(3, operations(item("milk"))));
            var head = bench.head();
            var ours = bench.standing().history();
            assertThat(bench.run(new RecordRequests(STORE, 3, offer, LINK, Optional.of(OTHER_HISTORY))))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.OtherHistory(head));
            assertThat(bench.head()).isEqualTo(head);
            assertThat(bench.run(new RecordRequests(STORE, 3, offer, LINK, Optional.of(ours))))
                    .isEqualTo(new Recorded(new Version(3), 3, 3));
        }

        @Test
        void othersUnderRecordedSequencesAreNotLost() {
            var other = offered(9, 2, operations(item("milk")), new Version(1));
            assertThat(record(3, other)).extracting(RefusalOf::answer).isEqualTo(new Refusal.StaleEpoch(3, 2));
            assertThat(isRecorded(9)).isFalse();
        }

        @Test
        void aNewEpochBeginsAtOneAndRecordsNothingTwice() {
            assertThat(record(4, offered(2, operations(item("coffee")))))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.SequenceGap(4, 0));
            var again = offered(2, 1, operations(item("coffee")), new Version(1));
            var fresh = offered(7, 2, operations(item("milk")), new Version(1));
            assertThat(record(4, again, fresh)).isEqualTo(new Recorded(new Version(3), 4, 2));
            assertThat(bench.log().getLast().changes())
                    .extracting(change -> change.object())
                    .containsExactlyInAnyOrder(RequestRecord.sequenceToken(STORE), id(2).token(), id(7).token());
            assertThat(request(2).status()).isEqualTo(Status.WAITING);
            assertThat(request(2).epoch()).isEqualTo(4); // its store must see that this is what it offered
            assertThat(request(2).sequence()).isEqualTo(1);
            assertThat(request(7).epoch()).isEqualTo(4);
            assertThat(record(3, fresh)).extracting(RefusalOf::answer).isEqualTo(new Refusal.StaleEpoch(4, 2));
        }

        @Test
        void anotherStoreCountsForItself() {
            var other = bench.run(new RecordRequests(
                    new StoreId("store-2"), 1, List.of(offered(8, 1, operations(item("x")), new Version(1))), LINK));
            assertThat(other).isEqualTo(new Recorded(new Version(3), 1, 1));
            assertThat(record(3, offered(3, operations(item("milk"))))).isEqualTo(new Recorded(new Version(4), 3, 3));
        }

        @Test
        void twoBatchesInOneRoundFollowEachOther() {
            var answers = bench.round(
                    new RecordRequests(STORE, 3, List.of(offered(3, operations(item("a")))), LINK),
                    new RecordRequests(STORE, 3, List.of(offered(3, operations(item("a")))), LINK),
                    new RecordRequests(STORE, 3, List.of(offered(4, operations(item("b")))), LINK));
            assertThat(answers)
                    .containsExactly(
                            new Recorded(new Version(3), 3, 3),
                            new Recorded(new Version(3), 3, 3),
                            new Recorded(new Version(4), 3, 4));
        }
    }

    @Nested
    final class GivenAWaitingPriceChange {
        GivenAWaitingPriceChange() {
            bench.write(item("tea", set(NAME, text("Tea")), set(PRICE, cents(350)), set(NOTE, text("n"))));
            waiting(change("tea", set(PRICE, cents(400))), unset("tea", global(NOTE)));
        }

        @Test
        void approvingAppliesItAndSetsTheStatusInOneVersion() {
            assertThat(approve(Optional.empty())).isEqualTo(new Decided(id(1), Status.APPROVED, new Version(4), false));
            assertThat(bench.value("tea", PRICE)).contains(new Money(400, "USD"));
            assertThat(bench.value("tea", NOTE)).isEmpty();
            var request = request(1);
            assertThat(request.status()).isEqualTo(Status.APPROVED);
            assertThat(request.version()).contains(new Version(4));
            assertThat(request.decision())
                    .contains(new ChangeRequest.Decision(
                            "boss", bench.log().getLast().at(), Optional.of("sounds right")));
            var provenance = bench.log().getLast().provenance();
            assertThat(provenance.caller()).isEqualTo("boss");
            assertThat(provenance.store()).contains(STORE);
        }

        @Test
        void approvingTwiceIsOneDecision() {
            approve(Optional.empty());
            bench.write(change("tea", set(PRICE, cents(1))));
            assertThat(approve(Optional.empty())).isEqualTo(new Decided(id(1), Status.APPROVED, new Version(4), true));
            assertThat(bench.value("tea", PRICE)).contains(new Money(1, "USD"));
        }

        @Test
        void twoReviewersInOneRoundMakeOneDecision() {
            var answers = bench.round(
                    new Approve(id(1), Optional.empty(), BOSS),
                    new Approve(id(1), Optional.empty(), Provenance.of("other")),
                    new Reject(id(1), BOSS));
            assertThat(answers)
                    .containsExactly(
                            new Decided(id(1), Status.APPROVED, new Version(4), false),
                            new Decided(id(1), Status.APPROVED, new Version(4), true),
                            Answer.refuse(new Refusal.AlreadyDecided(Status.APPROVED, new Version(4)), new Version(4)));
        }

        @Test
        void rejectingChangesNothingButTheStatus() {
            assertThat(bench.run(new Reject(id(1), BOSS)))
                    .isEqualTo(new Decided(id(1), Status.REJECTED, new Version(4), false));
            assertThat(bench.value("tea", PRICE)).contains(new Money(350, "USD"));
            assertThat(request(1).status()).isEqualTo(Status.REJECTED);
            assertThat(bench.run(new Reject(id(1), BOSS)))
                    .isEqualTo(new Decided(id(1), Status.REJECTED, new Version(4), true));
            assertThat(approve(Optional.empty()))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.AlreadyDecided(Status.REJECTED, new Version(4)));
        }

        @Test
        void anApprovedOneCannotBeRejected() {
            approve(Optional.empty());
            assertThat(bench.run(new Reject(id(1), BOSS)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.AlreadyDecided(Status.APPROVED, new Version(4)));
        }

        @Test
        void aSlotThatChangedMeanwhileIsAConflict() {
            bench.write(change("tea", set(PRICE, cents(375)), set(NOTE, text("m"))));
            var before = bench.catalog();
            var object = new ObjectToken("tea");
            assertThat(approve(Optional.empty()))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.Conflicted(List.of(
                            new Conflict(
                                    object,
                                    Optional.of(global(PRICE)),
                                    Optional.of(new Money(350, "USD")),
                                    Optional.of(new Money(400, "USD")),
                                    Optional.of(new Money(375, "USD"))),
                            new Conflict(
                                    object,
                                    Optional.of(global(NOTE)),
                                    Optional.of(new Text("n")),
                                    Optional.empty(),
                                    Optional.of(new Text("m"))))));
            assertThat(bench.catalog()).isEqualTo(before);
            assertThat(request(1).status()).isEqualTo(Status.WAITING);
        }

        @Test
        void whoSawTheChangeMayApprove() {
            bench.write(change("tea", set(PRICE, cents(375))));
            assertThat(approve(Optional.of(new Version(3)))).isInstanceOf(Answer.Refused.class);
            assertThat(approve(Optional.of(new Version(4))))
                    .isEqualTo(new Decided(id(1), Status.APPROVED, new Version(5), false));
            assertThat(bench.value("tea", PRICE)).contains(new Money(400, "USD"));
        }

        @Test
        void otherSlotsMayChange() {
            bench.write(change("tea", set(NAME, text("Green tea")), set("store-2", PRICE, cents(1))));
            assertThat(approve(Optional.empty())).isInstanceOf(Decided.class);
            assertThat(bench.value("tea", NAME)).contains(new Text("Green tea"));
        }

        @Test
        void whatBecameAsAskedForIsNoConflict() {
            bench.write(change("tea", set(PRICE, cents(400))), unset("tea", global(NOTE)));
            assertThat(approve(Optional.empty())).isInstanceOf(Decided.class);
        }

        @Test
        void aChangeAndItsUndoingAreNoConflict() {
            bench.write(change("tea", set(PRICE, cents(375))));
            bench.write(change("tea", set(PRICE, cents(350))));
            assertThat(approve(Optional.empty())).isInstanceOf(Decided.class);
        }

        @Test
        void violationsAtApprovalChangeNothing() {
            bench.write(delete("tea"));
            var before = bench.catalog();
            assertThat(approve(Optional.empty()))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.refusal())
                                    .isInstanceOfSatisfying(
                                            Refusal.Violations.class,
                                            violations -> assertThat(violations.violations())
                                                    .extracting(Violation::code)
                                                    .containsOnly(Violation.Code.UNKNOWN_OBJECT)));
            assertThat(bench.catalog()).isEqualTo(before);
            assertThat(bench.run(new Reject(id(1), BOSS))).isInstanceOf(Decided.class);
        }

        @Test
        void aReasonThatNoFollowerCouldReadIsRefused() {
            var talkative = BOSS.withReason(Optional.of("x".repeat((1 << 16) + 1)));
            var tooLarge = new Refusal.TooLarge("reason", 1 << 16);
            assertThat(bench.run(new Approve(id(1), Optional.empty(), talkative)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(tooLarge);
            assertThat(bench.run(new Reject(id(1), talkative)))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(tooLarge);
            assertThat(approve(Optional.empty())).isInstanceOf(Decided.class);
        }

        @Test
        void anotherObjectIsNoRequest() {
            assertThat(RequestRecord.sequenceToken(STORE).text()).isEqualTo("sys.sequence.store-1");
            assertThat(request(1).id().token().isReserved()).isTrue();
        }
    }

    @Nested
    final class GivenAWaitingDeletion {
        GivenAWaitingDeletion() {
            bench.write(item("tea", set(NAME, text("Tea"))));
            waiting(delete("tea"));
        }

        @Test
        void approvingDeletes() {
            assertThat(approve(Optional.empty())).isInstanceOf(Decided.class);
            assertThat(bench.value("tea", NAME)).isEmpty();
        }

        @Test
        void anyChangeOfTheObjectIsAConflict() {
            bench.write(change("tea", set(NOTE, text("keep"))));
            assertThat(approve(Optional.empty()))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.Conflicted(List.of(new Conflict(
                            new ObjectToken("tea"),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()))));
            assertThat(approve(Optional.of(bench.head()))).isInstanceOf(Decided.class);
        }
    }

    @Nested
    final class GivenAWaitingObject {
        GivenAWaitingObject() {
            waiting(item("tea", set(NAME, text("Tea"))));
        }

        @Test
        void approvingMakesIt() {
            assertThat(approve(Optional.empty())).isInstanceOf(Decided.class);
            assertThat(bench.value("tea", NAME)).contains(new Text("Tea"));
            assertThat(bench.partition().objects().liveCount()).isEqualTo(1);
        }

        @Test
        void aTokenTakenMeanwhileIsAViolation() {
            bench.write(item("tea"));
            assertThat(approve(Optional.empty()))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Violations.class));
        }
    }
}
