package dev.storemesh.protocol.catalog;

import static dev.storemesh.protocol.Samples.DEMO;
import static dev.storemesh.protocol.Samples.DEPARTMENT_NAME;
import static dev.storemesh.protocol.Samples.HISTORY;
import static dev.storemesh.protocol.Samples.IN_DEPARTMENT;
import static dev.storemesh.protocol.Samples.MODIFIED_AT;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.OTHER_HISTORY;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.STORE;
import static dev.storemesh.protocol.Samples.TARE;
import static dev.storemesh.protocol.Samples.TAX;
import static dev.storemesh.protocol.Samples.at;
import static dev.storemesh.protocol.Samples.cents;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.delete;
import static dev.storemesh.protocol.Samples.department;
import static dev.storemesh.protocol.Samples.global;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.make;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static dev.storemesh.protocol.Samples.unset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.catalog.Answer.Accepted;
import dev.storemesh.protocol.catalog.CatalogCommand.Approve;
import dev.storemesh.protocol.catalog.CatalogCommand.Create;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.Outcome.Decided;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.Value.Money;
import dev.storemesh.protocol.value.Value.Reference;
import dev.storemesh.protocol.value.Value.Text;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Write;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class CatalogDeciderTest {
    private static final Create CREATE = new Create(HISTORY, Provenance.of("operator"));

    private static List<Violation> violations(Answer answer) {
        if (answer instanceof Answer.Refused(Refusal.Violations(var violations, var count), var at)) {
            return violations;
        }
        throw new AssertionError("not refused for violations: " + answer);
    }

    private static List<Code> codes(Answer answer) {
        return violations(answer).stream().map(Violation::code).toList();
    }

    private static Accepted accepted(Answer answer) {
        if (answer instanceof Accepted accepted) {
            return accepted;
        }
        throw new AssertionError("not accepted: " + answer);
    }

    private static String made(Answer answer, String name) {
        return java.util.Objects.requireNonNull(accepted(answer).names().get(name))
                .text();
    }

    @Nested
    final class GivenNothing {
        private final CatalogBench bench = new CatalogBench();

        @Test
        void creationIsVersionOneOfItsHistory() {
            assertThat(bench.run(CREATE)).isEqualTo(new Answer.Created(new Version(1), true));
            var made = bench.standing();
            assertThat(made.history()).isEqualTo(HISTORY);
            assertThat(made.head()).isEqualTo(new Version(1));
            assertThat(made.position()).isEqualTo(new Position(1));
            assertThat(made.lastAt()).isEqualTo(NOON);
            assertThat(bench.log()).hasSize(1);
            assertThat(ChainHash.origin(DEMO, HISTORY).vouchesFor(bench.log().getFirst()))
                    .isTrue();
        }

        @Test
        void aNewHistoryGoesOnWithTheSameVersionsAndTheSameChain() {
            bench.run(CREATE);
            var before = bench.standing();
            var begun = Round.of(new CatalogEvent.HistoryBegun(NOON, OTHER_HISTORY));
            var after = (Catalog.Made) CatalogDecider.evolve(before, begun);
            assertThat(begun.entries()).isEmpty();
            assertThat(after.history()).isEqualTo(OTHER_HISTORY);
            assertThat(after.origin()).isEqualTo(HISTORY);
            assertThat(after.position()).isEqualTo(before.position().next());
            assertThat(after.head()).isEqualTo(before.head());
            assertThat(after.chain()).isEqualTo(before.chain());
            assertThat(after.staged()).isEqualTo(before.staged());
            var unmade = Catalog.unmade(DEMO);
            assertThat(CatalogDecider.evolve(unmade, begun)).isEqualTo(new Catalog.Unmade(DEMO, new Position(1)));
        }

        @Test
        void everythingElseIsAboutAnUnknownCatalog() {
            var refused = Answer.refuse(new Refusal.UnknownCatalog());
            assertThat(bench.write(item("#tea"))).isEqualTo(refused);
            assertThat(bench.run(new Approve(
                            new RequestId("cr-01JD0000000000000000000000"), Optional.empty(), Provenance.of("a"))))
                    .isEqualTo(refused);
            assertThat(bench.catalog()).isEqualTo(Catalog.unmade(DEMO));
        }

        @Test
        void aRoundMayCreateAndWrite() {
            var answers = bench.round(CREATE, bench.submit(Provenance.of("editor"), "", item("#tea")), CREATE);
            assertThat(answers.get(0)).isEqualTo(new Answer.Created(new Version(1), true));
            assertThat(accepted(answers.get(1)).version()).isEqualTo(new Version(2));
            assertThat(answers.get(2)).isEqualTo(new Answer.Created(new Version(2), false));
            assertThat(bench.standing().position()).isEqualTo(new Position(1));
        }

        @Test
        void aNewWriterTakesOverWithoutAVersion() {
            var opened = CatalogDecider.evolve(bench.catalog(), Round.of(new CatalogEvent.Opened(NOON)));
            assertThat(opened).isEqualTo(new Catalog.Unmade(DEMO, new Position(1)));
        }
    }

    @Nested
    final class GivenAnEmptyCatalog {
        private final CatalogBench bench = CatalogBench.made();

        @Test
        void creatingItAgainChangesNothing() {
            var before = bench.catalog();
            assertThat(bench.run(new Create(OTHER_HISTORY, Provenance.of("operator"))))
                    .isEqualTo(new Answer.Created(new Version(1), false));
            assertThat(bench.catalog()).isEqualTo(before);
        }

        @Test
        void makesObjectsByTemporaryNameOrByToken() {
            var answer = bench.write(
                    item("#tea", set(NAME, text("Tea")), set(PRICE, cents(350)), set("store-2", PRICE, cents(375))),
                    item("coffee", set(NAME, text("Coffee"))));
            assertThat(accepted(answer).version()).isEqualTo(new Version(2));
            assertThat(accepted(answer).replayed()).isFalse();
            assertThat(accepted(answer).names()).containsOnlyKeys("#tea");
            var tea = made(answer, "#tea");
            assertThat(bench.value(tea, NAME)).contains(new Text("Tea"));
            assertThat(bench.value(tea, at("store-2", PRICE))).contains(new Money(375, "USD"));
            assertThat(bench.value("coffee", NAME)).contains(new Text("Coffee"));
        }

        @Test
        void temporaryNamesHoldThroughTheWholeWrite() {
            var answer = bench.write(
                    item("#tea", set(IN_DEPARTMENT, text("#drinks"))),
                    department("#drinks", set(DEPARTMENT_NAME, text("Drinks"))),
                    change("#tea", set(NAME, text("#drinks"))));
            assertThat(bench.value(made(answer, "#tea"), IN_DEPARTMENT))
                    .contains(new Reference(new ObjectToken(made(answer, "#drinks"))));
            assertThat(bench.value(made(answer, "#tea"), NAME)).contains(new Text("#drinks"));
        }

        @Test
        void asksForExactlyWhatIsMissing() {
            var submit =
                    bench.keyed("editor", "k1", item("#tea", set(IN_DEPARTMENT, text("drinks"))), delete("coffee"));
            var key = new Lookup.Key(new IdempotencyKey("editor", "k1"));
            var made = new Lookup.Head(
                    java.util.Objects.requireNonNull(submit.names().get("#tea")));
            var drinks = new Lookup.Head(new ObjectToken("drinks"));
            var coffee = new Lookup.Head(new ObjectToken("coffee"));
            assertThat(CatalogDecider.decideRound(bench.catalog(), Fetched.NOTHING, List.of(submit), NOON))
                    .isEqualTo(new NeedsLookups(Set.of(key, made, drinks, coffee)));
            var some = new Fetched(
                    Map.of(made, ObjectState.unknown(), coffee, ObjectState.unknown()),
                    Map.of(key.key(), Optional.empty()),
                    Map.of(),
                    Map.of());
            assertThat(CatalogDecider.decideRound(bench.catalog(), some, List.of(submit), NOON))
                    .isEqualTo(new NeedsLookups(Set.of(drinks)));
            var all = some.and(new Fetched(Map.of(drinks, ObjectState.unknown()), Map.of(), Map.of(), Map.of()));
            assertThat(CatalogDecider.decideRound(bench.catalog(), all, List.of(submit), NOON))
                    .isInstanceOf(Decided.class);
        }

        @Test
        void aRoundAsksForAllItsLookupsAtOnce() {
            var asked = CatalogDecider.decideRound(
                    bench.catalog(),
                    Fetched.NOTHING,
                    List.of(
                            bench.submit(Provenance.of("a"), "", delete("coffee")),
                            bench.submit(Provenance.of("a"), "", delete("milk"))),
                    NOON);
            assertThat(asked)
                    .isEqualTo(new NeedsLookups(Set.of(
                            new Lookup.Head(new ObjectToken("coffee")), new Lookup.Head(new ObjectToken("milk")))));
        }

        @Test
        void commandsOfOneRoundSeeEachOther() {
            var who = Provenance.of("editor");
            var answers = bench.round(
                    bench.submit(who, "", item("tea", set(NAME, text("Tea")))),
                    bench.submit(who, "", item("tea", set(NAME, text("Green")))),
                    bench.submit(who, "", change("tea", set(NAME, text("Black")))),
                    bench.submit(who, "", delete("tea")),
                    bench.submit(who, "", change("tea", set(NAME, text("White")))));
            assertThat(accepted(answers.get(0)).version()).isEqualTo(new Version(2));
            assertThat(codes(answers.get(1))).containsExactly(Code.OBJECT_EXISTS);
            assertThat(accepted(answers.get(2)).version()).isEqualTo(new Version(3));
            assertThat(accepted(answers.get(3)).version()).isEqualTo(new Version(4));
            assertThat(codes(answers.get(4))).containsExactly(Code.UNKNOWN_OBJECT);
            assertThat(bench.log().get(2).changes().getFirst().ended())
                    .extracting(row -> row.version())
                    .containsExactly(new Version(2));
        }

        @Test
        void aRefusedWriteTakesNoVersion() {
            assertThat(codes(bench.write(delete("nothing")))).containsExactly(Code.UNKNOWN_OBJECT);
            assertThat(bench.head()).isEqualTo(new Version(1));
            assertThat(accepted(bench.write(item("#tea"))).version()).isEqualTo(new Version(2));
        }

        @Test
        void timeGrowsEvenIfTheClockGoesBack() {
            bench.write(item("a"));
            bench.setClock(NOON.minusSeconds(3600));
            bench.write(item("b"));
            bench.setClock(NOON.plusSeconds(1).plusNanos(999_999));
            bench.write(item("c"));
            bench.write(item("d"));
            assertThat(bench.log().stream().map(LogEntry::at))
                    .containsExactly(
                            NOON, NOON.plusMillis(1), NOON.plusMillis(2), NOON.plusSeconds(1), NOON.plusMillis(1001));
        }
    }

    @Nested
    final class GivenTea {
        private final CatalogBench bench = CatalogBench.made();

        GivenTea() {
            bench.write(
                    item("tea", set(NAME, text("Tea")), set(PRICE, cents(350)), set("store-2", PRICE, cents(375))),
                    department("drinks", set(DEPARTMENT_NAME, text("Drinks"))));
        }

        @Test
        void aSetReplacesOnlyItsOwnSlot() {
            bench.write(change("tea", set(PRICE, cents(400))));
            assertThat(bench.value("tea", PRICE)).contains(new Money(400, "USD"));
            assertThat(bench.value("tea", at("store-2", PRICE))).contains(new Money(375, "USD"));
            assertThat(bench.value("tea", NAME)).contains(new Text("Tea"));
            var logged = bench.log().getLast().changes().getFirst();
            assertThat(logged.set()).hasSize(1);
            assertThat(logged.ended()).hasSize(1);
        }

        @Test
        void unsetEndsASlotAndNoOther() {
            bench.write(unset("tea", at("store-2", PRICE), global(NOTE)));
            assertThat(bench.value("tea", at("store-2", PRICE))).isEmpty();
            assertThat(bench.value("tea", PRICE)).contains(new Money(350, "USD"));
        }

        @Test
        void whatStandsAlreadyIsNotWrittenAgain() {
            bench.write(change("tea", set(NAME, text("Tea")), set(PRICE, cents(351))));
            assertThat(bench.log().getLast().changes().getFirst().set())
                    .extracting(attribute -> attribute.definition())
                    .containsExactly(PRICE);
            bench.write(change("tea", set(NAME, text("Tea"))));
            assertThat(bench.log().getLast().changes()).isEmpty();
            assertThat(bench.head()).isEqualTo(new Version(4));
        }

        @Test
        void theLastOfSeveralOperationsHolds() {
            bench.write(
                    change("tea", set(NAME, text("A"))),
                    unset("tea", global(NAME)),
                    change("tea", set(NAME, text("B"))),
                    change("tea", set(NOTE, text("n"))),
                    unset("tea", global(NOTE)));
            assertThat(bench.value("tea", NAME)).contains(new Text("B"));
            assertThat(bench.value("tea", NOTE)).isEmpty();
            assertThat(bench.log().getLast().changes()).hasSize(1);
        }

        @Test
        void deleteEndsAllRowsAndTheTokenForEver() {
            bench.write(delete("tea"));
            assertThat(bench.value("tea", NAME)).isEmpty();
            assertThat(bench.log().getLast().changes().getFirst().ended()).hasSize(3);
            assertThat(codes(bench.write(item("tea")))).containsExactly(Code.OBJECT_EXISTS);
            assertThat(codes(bench.write(change("tea")))).containsExactly(Code.UNKNOWN_OBJECT);
            assertThat(codes(bench.write(delete("tea")))).containsExactly(Code.UNKNOWN_OBJECT);
            assertThat(codes(bench.write(item("new", set(IN_DEPARTMENT, text("tea"))))))
                    .containsExactly(Code.UNKNOWN_REFERENCE);
        }

        @Test
        void aTokenDeletedInAWriteIsNotReusedInIt() {
            assertThat(codes(bench.write(delete("tea"), item("tea", set(NAME, text("New"))))))
                    .containsExactly(Code.OBJECT_EXISTS);
            assertThat(codes(bench.write(item("new"), delete("new"), item("new"))))
                    .containsExactly(Code.OBJECT_EXISTS);
            assertThat(bench.value("tea", NAME)).contains(new Text("Tea"));
        }

        @Test
        void whatIsMadeAndDeletedInOneWriteWasNeverThere() {
            bench.write(item("#x", set(NAME, text("X"))), delete("#x"));
            assertThat(bench.log().getLast().changes()).isEmpty();
        }

        @Test
        void referencesAreJudgedAtTheEndOfTheWrite() {
            assertThat(bench.write(change("tea", set(IN_DEPARTMENT, text("new"))), department("new")))
                    .isInstanceOf(Accepted.class);
            assertThat(codes(bench.write(change("tea", set(IN_DEPARTMENT, text("drinks"))), delete("drinks"))))
                    .containsExactly(Code.UNKNOWN_REFERENCE);
            assertThat(bench.write(
                            change("tea", set(IN_DEPARTMENT, text("nowhere"))),
                            change("tea", set(IN_DEPARTMENT, text("drinks")))))
                    .isInstanceOf(Accepted.class);
            assertThat(bench.write(change("tea", set(IN_DEPARTMENT, text("nowhere"))), delete("tea")))
                    .isInstanceOf(Accepted.class);
        }

        @Test
        void saysAllThatIsWrongAtOnce() {
            var before = bench.catalog();
            var long64 = "x".repeat(Definition.CLIENT_BYTES + 1);
            var answer = bench.write(
                    item("#new", set(NAME, text("fine"))),
                    change("nothing", set(NAME, text("x"))),
                    delete("nothing"),
                    item("tea"),
                    item("sys.mine"),
                    make("#request", StandardSchema.CHANGE_REQUEST),
                    make("#odd", new TypeName("com.acme.odd")),
                    new Operation.Put(
                            dev.storemesh.protocol.write.ObjectRef.parse("#typeless"),
                            false,
                            Optional.empty(),
                            List.of(),
                            List.of(),
                            Optional.empty()),
                    new Operation.Put(
                            dev.storemesh.protocol.write.ObjectRef.parse("tea"),
                            false,
                            Optional.of(StandardSchema.DEPARTMENT),
                            List.of(),
                            List.of(),
                            Optional.empty()),
                    change(
                            "tea",
                            set(dev.storemesh.protocol.Samples.ofItem("colour"), text("green")),
                            set(DEPARTMENT_NAME, text("x")),
                            set("store-1", NAME, text("x")),
                            set(TAX, text("1")),
                            set(TARE, text("1e3")),
                            set(NOTE, text(long64)),
                            set(MODIFIED_AT, text("yesterday")),
                            set(IN_DEPARTMENT, text("nowhere")),
                            set("store-1", PRICE, cents(1)),
                            set("store-1", PRICE, cents(2)),
                            set("store-3", PRICE, new Literal.Amount(1, "ZZZ"))),
                    change("drinks", set(DEPARTMENT_NAME, new Literal.Flag(true))),
                    item("#other", set(IN_DEPARTMENT, text("tea"))));
            assertThat(codes(answer))
                    .contains(
                            Code.UNKNOWN_OBJECT,
                            Code.OBJECT_EXISTS,
                            Code.RESERVED_TOKEN,
                            Code.RESERVED_TYPE,
                            Code.UNKNOWN_TYPE,
                            Code.TYPE_MISSING,
                            Code.TYPE_CHANGED,
                            Code.UNKNOWN_ATTRIBUTE,
                            Code.ATTRIBUTE_NOT_OF_TYPE,
                            Code.LOCATION_NOT_ALLOWED,
                            Code.DUPLICATE_SLOT,
                            Code.WRONG_VALUE_TYPE,
                            Code.INVALID_VALUE,
                            Code.UNKNOWN_REFERENCE,
                            Code.WRONG_REFERENCE_TYPE);
            assertThat(codes(answer)).hasSize(20);
            assertThat(bench.catalog()).isEqualTo(before);
        }

        @Test
        void violationsNameWhatTheRequestNamed() {
            var answer = bench.write(
                    item("#new", set(NAME, new Literal.Whole(1))), change("tea", set("store-1", NAME, text("x"))));
            assertThat(violations(answer))
                    .extracting(
                            Violation::object,
                            Violation::attribute,
                            violation -> violation.location().map(Object::toString))
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("#new", Optional.of(NAME), Optional.empty()),
                            org.assertj.core.groups.Tuple.tuple("tea", Optional.of(NAME), Optional.of("store-1")));
        }

        @Test
        void onlyTheOwnerOfANamespaceMakesAnythingInIt() {
            var owner = new AppName("com.acme.loyalty");
            var claims = Namespaces.NONE.with(new Namespace("com.acme"), owner);
            var editor = Provenance.of("editor");
            assertThat(codes(bench.run(definition(editor, claims)))).containsExactly(Code.NAMESPACE_OWNED);
            var other = editor.withApp("org.other.app", Optional.empty());
            assertThat(codes(bench.run(definition(other, claims)))).containsExactly(Code.NAMESPACE_OWNED);
            assertThat(codes(bench.run(definition(other, Namespaces.NONE)))).containsExactly(Code.NAMESPACE_OWNED);
            var app = editor.withApp(owner.text(), Optional.of("ada"));
            assertThat(bench.run(definition(app, claims))).isInstanceOf(Accepted.class);
            assertThat(codes(bench.run(new Submit(
                            new Write(List.of(delete("sys.points")), editor, "", Optional.empty()), Map.of(), claims))))
                    .containsExactly(Code.NAMESPACE_OWNED);
        }

        private Submit definition(Provenance provenance, Namespaces claims) {
            var made = make(
                    "sys.points",
                    StandardSchema.DEFINITION,
                    set(StandardSchema.name(StandardSchema.DEFINITION, "name"), text("com.acme.points")),
                    set(StandardSchema.name(StandardSchema.DEFINITION, "valueType"), text("integer")));
            return new Submit(new Write(List.of(made), provenance, "", Optional.empty()), Map.of(), claims);
        }

        @Test
        void everySlotNamedTwiceIsReported() {
            var twice = new Operation.Put(
                    dev.storemesh.protocol.write.ObjectRef.parse("tea"),
                    false,
                    Optional.empty(),
                    List.of(set(NAME, text("a")), set(NAME, text("b")), set(NOTE, text("c"))),
                    Stream.of(global(NOTE), global(TAX), global(TAX), global(TAX))
                            .map(slot -> new Operation.Unsetting(slot, Optional.empty()))
                            .toList(),
                    Optional.empty());
            assertThat(violations(bench.write(twice)))
                    .extracting(
                            Violation::code, violation -> violation.attribute().orElseThrow())
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple(Code.DUPLICATE_SLOT, NAME),
                            org.assertj.core.groups.Tuple.tuple(Code.DUPLICATE_SLOT, NOTE),
                            org.assertj.core.groups.Tuple.tuple(Code.DUPLICATE_SLOT, TAX));
        }

        @Test
        void aNameThatNamesNothingIsUnknown() {
            assertThat(codes(bench.write(delete("#ghost")))).containsExactly(Code.UNKNOWN_OBJECT);
            assertThat(violations(bench.write(change("tea", set(IN_DEPARTMENT, text("#ghost"))))))
                    .extracting(Violation::code)
                    .containsExactly(Code.INVALID_VALUE);
        }

        @Test
        void decimalsOfEqualNumberAreNoChange() {
            bench.write(change("tea", set(TARE, text("12.50"))));
            bench.write(change("tea", set(TARE, text("12.5"))));
            assertThat(bench.log().getLast().changes()).isEmpty();
            assertThat(bench.value("tea", TARE).map(Value::literal)).contains(text("12.50"));
        }

        @Test
        void bookkeepingCannotBeWrittenByClients() {
            bench.run(new CatalogCommand.RecordRequests(
                    STORE, 1, List.of(RequestDeciderTest.offered(1, "[]")), Provenance.of("store-1")));
            var record = RequestDeciderTest.id(1).text();
            assertThat(codes(bench.write(change(record)))).containsExactly(Code.RESERVED_TYPE);
            assertThat(codes(bench.write(delete(record)))).containsExactly(Code.RESERVED_TYPE);
            assertThat(codes(bench.write(delete("sys.sequence.store-1")))).containsExactly(Code.RESERVED_TYPE);
        }
    }

    @Nested
    final class GivenAnAcceptedKey {
        private final CatalogBench bench = CatalogBench.made();
        private final Operation tea = item("#tea", set(NAME, text("Tea")));
        private final Accepted first = accepted(bench.run(bench.keyed("editor", "k1", tea)));

        @Test
        void theSameBodyGetsTheSameAnswer() {
            bench.write(item("other"));
            var head = bench.head();
            assertThat(bench.run(bench.keyed("editor", "k1", tea)))
                    .isEqualTo(new Accepted(first.version(), first.names(), true));
            assertThat(bench.head()).isEqualTo(head);
        }

        @Test
        void anotherBodyIsRefused() {
            assertThat(bench.run(bench.keyed("editor", "k1", item("#tea", set(NAME, text("Coffee"))))))
                    .extracting(RefusalOf::answer)
                    .isEqualTo(new Refusal.KeyReused());
        }

        @Test
        void anotherCallersKeyIsAnotherKey() {
            var other = accepted(bench.run(bench.keyed("importer", "k1", tea)));
            assertThat(other.replayed()).isFalse();
            assertThat(other.version()).isEqualTo(first.version().next());
        }

        @Test
        void decisionsAndCreationsDoNotTakeItOver() {
            var keyed = Provenance.of("editor").withKey(Optional.of("k1"));
            bench.run(new CatalogCommand.RecordRequests(STORE, 1, List.of(RequestDeciderTest.offered(1, "[]")), keyed));
            bench.run(new CatalogCommand.RecordRequests(
                    STORE,
                    1,
                    List.of(RequestDeciderTest.offered(2, RequestDeciderTest.operations(item("new")))),
                    keyed));
            bench.run(new Approve(RequestDeciderTest.id(2), Optional.empty(), keyed));
            assertThat(bench.run(bench.keyed("editor", "k1", tea)))
                    .isEqualTo(new Accepted(first.version(), first.names(), true));
        }

        @Test
        void aKeyOfTheCreatorIsFreeForWrites() {
            var fresh = new CatalogBench();
            fresh.run(new Create(HISTORY, Provenance.of("editor").withKey(Optional.of("k1"))));
            assertThat(accepted(fresh.run(fresh.keyed("editor", "k1", tea))).replayed())
                    .isFalse();
        }
    }

    @Nested
    final class GivenARefusedKey {
        private final CatalogBench bench = CatalogBench.made();

        @Test
        void itIsJudgedAgain() {
            var write = change("tea", set(NAME, text("Tea")));
            assertThat(codes(bench.run(bench.keyed("editor", "k1", write)))).containsExactly(Code.UNKNOWN_OBJECT);
            bench.write(item("tea"));
            assertThat(accepted(bench.run(bench.keyed("editor", "k1", write))).replayed())
                    .isFalse();
        }

        @Test
        void itMayComeWithAnotherBody() {
            bench.run(bench.keyed("editor", "k1", delete("tea")));
            assertThat(bench.run(bench.keyed("editor", "k1", item("tea")))).isInstanceOf(Accepted.class);
        }
    }

    @Nested
    final class GivenOneRound {
        private final CatalogBench bench = CatalogBench.made();

        @Test
        void aKeyInItTwiceIsOneWrite() {
            var tea = item("#tea", set(NAME, text("Tea")));
            var answers = bench.round(
                    bench.keyed("editor", "k1", tea),
                    bench.keyed("editor", "k1", tea),
                    bench.keyed("editor", "k1", item("#coffee")),
                    bench.keyed("importer", "k1", tea));
            var first = accepted(answers.get(0));
            assertThat(first.replayed()).isFalse();
            assertThat(answers.get(1)).isEqualTo(new Accepted(first.version(), first.names(), true));
            assertThat(answers.get(2)).extracting(RefusalOf::answer).isEqualTo(new Refusal.KeyReused());
            assertThat(accepted(answers.get(3)).version()).isEqualTo(new Version(3));
            assertThat(bench.partition().objects().liveCount()).isEqualTo(2);
        }
    }

    @Nested
    final class GivenARandomDay {
        @Seeds
        void versionsGrowByOneTimeGrowsAndTheChainHolds(long seed) {
            var random = new SplittableRandom(seed);
            var bench = CatalogBench.made();
            var tokens = new HashSet<String>();
            for (var i = 0; i < 40; i++) {
                bench.setClock(NOON.plusMillis(random.nextInt(-50, 50)));
                var commands = new ArrayList<CatalogCommand>();
                for (var j = random.nextInt(1, 4); j > 0; j--) {
                    var token = "t" + random.nextInt(8);
                    var operation = switch (random.nextInt(4)) {
                        case 0 -> item(token, set(NAME, text("n" + i)));
                        case 1 -> delete(token);
                        default -> change(token, set(PRICE, cents(random.nextInt(5))));
                    };
                    commands.add(bench.submit(Provenance.of("editor"), "", operation));
                }
                bench.round(commands.toArray(CatalogCommand[]::new));
            }
            var chain = ChainHash.origin(DEMO, HISTORY);
            var version = Version.NONE;
            var at = NOON.minusMillis(1);
            for (var entry : bench.log()) {
                assertThat(entry.version()).isEqualTo(version.next());
                assertThat(entry.at()).isAfter(at);
                assertThat(chain.vouchesFor(entry)).isTrue();
                for (var change : entry.changes()) {
                    if (change.deleted()) {
                        assertThat(tokens.add(change.object().text()))
                                .as("deleted once")
                                .isTrue();
                    } else {
                        assertThat(tokens).doesNotContain(change.object().text());
                    }
                }
                version = entry.version();
                at = entry.at();
                chain = entry.chain();
            }
            assertThat(bench.standing().chain()).isEqualTo(chain);
            assertThat(bench.standing().partitions().needed(0))
                    .isLessThanOrEqualTo(bench.standing().position());
        }
    }
}
