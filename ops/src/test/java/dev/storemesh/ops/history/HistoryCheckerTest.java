package dev.storemesh.ops.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.ops.history.CatalogLog.Entry;
import dev.storemesh.ops.history.CatalogLog.Part;
import dev.storemesh.ops.history.Chronicle.Doubt;
import dev.storemesh.ops.history.Operation.Link;
import dev.storemesh.ops.history.Operation.Page;
import dev.storemesh.ops.history.Operation.Seen;
import dev.storemesh.ops.history.Violation.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Histories made by hand: the good one is believed, and each that breaks one promise is refused for that.
final class HistoryCheckerTest {
    private static final String CATALOG = "demo";
    private static final long IDLE = TimeUnit.SECONDS.toNanos(5);

    private final List<Operation> told = new ArrayList<>();
    private final List<Entry> log = new ArrayList<>();
    private final List<Doubt> doubts = new ArrayList<>();

    private List<Violation> check() {
        return HistoryChecker.check(new Chronicle(told, doubts), List.of(new CatalogLog(CATALOG, log)));
    }

    private void assertFound(Kind... kinds) {
        assertThat(check()).extracting(Violation::kind).containsOnly(kinds);
    }

    /// Something that took half a second, each a second after the other.
    private Operation tell(int client, int node, Action action, Outcome outcome) {
        var began = TimeUnit.SECONDS.toNanos(told.size() + 1L);
        return tell(client, node, began, began + TimeUnit.MILLISECONDS.toNanos(500), action, outcome);
    }

    private Operation tell(int client, int node, long invoked, long ended, Action action, Outcome outcome) {
        var operation = new Operation(client, CATALOG, invoked, ended, node, action, outcome);
        told.add(operation);
        return operation;
    }

    private static long second(long number) {
        return TimeUnit.SECONDS.toNanos(number);
    }

    private static Changes sets(String key, String... objects) {
        return new Changes(List.of(objects).stream().collect(Collectors.toMap(name -> name, name -> key)), Set.of());
    }

    private static Action write(String key, String... objects) {
        return new Action.Write(key, sets(key, objects));
    }

    private static Action step(String transaction, String key, String... objects) {
        return new Action.Step(transaction, key, sets(key, objects));
    }

    private static Entry entry(long version, Part part, int step, String key, String... objects) {
        return new Entry(version, part, step, Optional.of(key), sets(key, objects), "chain " + version);
    }

    private static Entry end(long version, Part part) {
        return new Entry(version, part, 0, Optional.empty(), Changes.NONE, "chain " + version);
    }

    private static Outcome saw(long version, Seen... objects) {
        return new Outcome.Saw(version, List.of(objects));
    }

    /// A write of tea and mug, and one of tea, each read; a committed transaction, and one that was rolled back.
    private void good() {
        log.add(entry(1, Part.WHOLE, 0, "a", "mug", "tea"));
        log.add(entry(2, Part.WHOLE, 0, "b", "tea"));
        log.add(entry(3, Part.STEP, 1, "t1", "mug"));
        log.add(entry(3, Part.STEP, 2, "t2", "mug", "new"));
        log.add(end(3, Part.COMMIT));
        log.add(end(4, Part.VOID));
        tell(0, 1, write("a", "mug", "tea"), new Outcome.Made(1));
        tell(1, 2, write("b", "tea"), new Outcome.Made(2));
        tell(0, 2, new Action.Look("tea"), saw(2, new Seen("tea", "b", 2)));
        tell(0, 2, new Action.LookBack("tea", 1), saw(1, new Seen("tea", "a", 1)));
        tell(0, 1, new Action.Open("t", IDLE), new Outcome.Opened(3, "lock of t"));
        tell(0, 2, step("t", "t1", "mug"), new Outcome.Staged(3, 1));
        tell(0, 3, new Action.LookInside("t", "mug"), saw(3, new Seen("mug", "t1", 3)));
        tell(0, 3, new Action.LookInside("t", "tea"), saw(3, new Seen("tea", "b", 2)));
        tell(1, 3, new Action.Look("mug"), saw(2, new Seen("mug", "a", 1)));
        tell(1, 3, write("no", "tea"), new Outcome.Refused(423, "locked"));
        tell(0, 2, step("t", "t2", "mug", "new"), new Outcome.Staged(3, 2));
        tell(0, 2, new Action.Commit("t"), new Outcome.Ended(3, false));
        tell(1, 3, leaf(), leafed(3, 3));
        tell(1, 1, new Action.Open("u", IDLE), new Outcome.Opened(4, "lock of u"));
        tell(1, 2, step("u", "u1", "tea"), new Outcome.Staged(4, 1));
        tell(1, 2, new Action.RollBack("u"), new Outcome.Ended(4, true));
        tell(0, 1, new Action.Look("tea"), saw(4, new Seen("tea", "b", 2)));
        tell(0, 1, new Action.Ask(), new Outcome.Stood(4, "chain 4", 0));
        tell(
                0,
                1,
                new Action.Follow(2),
                new Outcome.Followed(4, List.of(new Link(3, "chain 3"), new Link(4, "chain 4"))));
    }

    private static Action leaf() {
        return new Action.Leaf();
    }

    private static Outcome leafed(long first, long second) {
        return new Outcome.Leafed(List.of(
                new Page(1, first, List.of(new Seen("tea", "b", 2), new Seen("new", "t2", 3))),
                new Page(2, second, List.of(new Seen("mug", "t2", 3)))));
    }

    @Test
    void believesAGoodHistory() {
        good();
        assertThat(check()).isEmpty();
    }

    @Test
    void believesItAsItWasWrittenDown(@TempDir Path folder) throws Exception {
        good();
        try (var file = new HistoryFile(folder.resolve("operations"))) {
            told.forEach(file::add);
        }
        HistoryFile.write(folder.resolve("doubts"), List.of(new Doubt(1, 2, 3)));
        assertThat(HistoryFile.read(folder.resolve("operations"), folder.resolve("doubts")))
                .isEqualTo(new Chronicle(told, List.of(new Doubt(1, 2, 3))));
    }

    @Test
    void missesAnAcknowledgedWrite() {
        good();
        tell(0, 1, write("c", "tea"), new Outcome.Made(5));
        assertFound(Kind.LOST);
    }

    @Test
    void missesAnAcknowledgedStepOfACommittedTransaction() {
        good();
        log.remove(3);
        assertThat(check()).extracting(Violation::kind).contains(Kind.LOST);
    }

    @Test
    void seesAWriteThatWasAppliedTwice() {
        good();
        log.add(entry(5, Part.WHOLE, 0, "b", "tea"));
        assertFound(Kind.APPLIED_TWICE, Kind.OTHER_VERSION);
    }

    @Test
    void takesAnUnansweredWriteOnceOrNever() {
        good();
        tell(0, 0, write("c", "tea"), new Outcome.Unknown("cut"));
        tell(0, 0, write("d", "tea"), new Outcome.Unknown("cut"));
        log.add(entry(5, Part.WHOLE, 0, "c", "tea"));
        assertThat(check()).isEmpty();
        log.add(entry(6, Part.WHOLE, 0, "c", "tea"));
        assertFound(Kind.APPLIED_TWICE);
    }

    @Test
    void seesAnUnansweredWriteBeforeItWasAskedFor() {
        good();
        told.set(0, tell(0, 0, write("a", "mug", "tea"), new Outcome.Unknown("cut")));
        told.removeLast();
        assertThat(check()).extracting(Violation::kind).contains(Kind.WENT_BACK);
    }

    @Test
    void seesARefusedWriteInTheLog() {
        good();
        log.add(entry(5, Part.WHOLE, 0, "no", "tea"));
        assertFound(Kind.REFUSED_BUT_APPLIED);
    }

    @Test
    void seesWhatNobodyWrote() {
        good();
        log.add(entry(5, Part.WHOLE, 0, "x", "tea"));
        assertFound(Kind.FROM_NOWHERE);
    }

    @Test
    void seesAWriteThatIsNotWhole() {
        good();
        log.set(0, entry(1, Part.WHOLE, 0, "a", "tea"));
        assertThat(check()).extracting(Violation::kind).contains(Kind.ALTERED);
    }

    @Test
    void seesAVersionThatIsMissingAndOneThatGoesBack() {
        good();
        log.add(entry(6, Part.WHOLE, 0, "c", "tea"));
        tell(0, 1, write("c", "tea"), new Outcome.Made(6));
        assertFound(Kind.VERSION_GAP);
        log.set(log.size() - 1, entry(4, Part.WHOLE, 0, "c", "tea"));
        assertThat(check()).extracting(Violation::kind).contains(Kind.VERSION_GAP);
    }

    @Test
    void seesAVersionThatGoesBackFromOneAnswerToTheNextRequest() {
        log.add(entry(1, Part.WHOLE, 0, "a", "tea"));
        log.add(entry(2, Part.WHOLE, 0, "b", "tea"));
        tell(0, 1, write("b", "tea"), new Outcome.Made(2));
        tell(1, 1, write("a", "tea"), new Outcome.Made(1));
        assertFound(Kind.WENT_BACK);
    }

    @Test
    void takesEitherOrderOfWhatWasUnderWayAtOnce() {
        log.add(entry(1, Part.WHOLE, 0, "a", "tea"));
        log.add(entry(2, Part.WHOLE, 0, "b", "tea"));
        tell(0, 1, second(1), second(3), write("b", "tea"), new Outcome.Made(2));
        tell(1, 1, second(2), second(4), write("a", "tea"), new Outcome.Made(1));
        assertThat(check()).isEmpty();
    }

    @Test
    void seesAVersionThatTwoWereTold() {
        good();
        tell(2, 1, new Action.Open("v", IDLE), new Outcome.Opened(4, "lock of v"));
        assertThat(check()).extracting(Violation::kind).contains(Kind.VERSION_USED_TWICE);
    }

    @Test
    void seesAnotherWriteWhileSomebodyHoldsTheLock() {
        log.add(entry(1, Part.STEP, 1, "t1", "tea"));
        log.add(end(1, Part.COMMIT));
        log.add(entry(2, Part.WHOLE, 0, "b", "tea"));
        tell(0, 1, new Action.Open("t", IDLE), new Outcome.Opened(1, "lock"));
        tell(1, 1, write("b", "tea"), new Outcome.Made(2));
        tell(0, 1, step("t", "t1", "tea"), new Outcome.Staged(1, 1));
        tell(0, 1, new Action.Commit("t"), new Outcome.Ended(1, false));
        assertFound(Kind.TWO_HOLDERS);
    }

    @Test
    void seesTwoHoldersAtATime() {
        log.add(end(1, Part.VOID));
        log.add(end(2, Part.VOID));
        tell(0, 1, new Action.Open("t", IDLE), new Outcome.Opened(1, "lock of t"));
        tell(1, 1, new Action.Open("u", IDLE), new Outcome.Opened(2, "lock of u"));
        tell(0, 1, step("t", "t1", "tea"), new Outcome.Staged(1, 1));
        tell(0, 1, new Action.RollBack("t"), new Outcome.Ended(1, true));
        tell(1, 1, new Action.RollBack("u"), new Outcome.Ended(2, true));
        assertFound(Kind.TWO_HOLDERS);
    }

    @Test
    void seesACommittedTransactionThatIsVoid() {
        good();
        tell(0, 1, new Action.Commit("u"), new Outcome.Ended(4, false));
        assertThat(check()).extracting(Violation::kind).contains(Kind.ENDED_OTHERWISE);
    }

    @Test
    void seesARolledBackTransactionThatIsVisible() {
        good();
        tell(0, 1, new Action.RollBack("t"), new Outcome.Ended(3, true));
        assertThat(check()).extracting(Violation::kind).contains(Kind.ENDED_OTHERWISE);
    }

    @Test
    void seesATransactionThatEndedBeforeItsTime() {
        log.add(end(1, Part.VOID));
        tell(0, 1, second(1), second(2), new Action.Open("t", IDLE), new Outcome.Opened(1, "lock"));
        tell(0, 1, second(5), second(7), new Action.Commit("t"), new Outcome.Over("idle"));
        assertThat(check()).isEmpty();
        told.set(1, tell(0, 1, second(4), second(5), new Action.Commit("t"), new Outcome.Over("idle")));
        told.removeLast();
        assertFound(Kind.ENDED_TOO_SOON);
    }

    @Test
    void seesATornPage() {
        good();
        tell(1, 3, leaf(), leafed(4, 3));
        assertFound(Kind.TORN);
    }

    @Test
    void seesAnObjectThatIsMissingOnThePages() {
        good();
        tell(1, 3, leaf(), new Outcome.Leafed(List.of(new Page(1, 4, List.of(new Seen("tea", "b", 2))))));
        assertFound(Kind.WRONG_CONTENTS);
    }

    @Test
    void seesWhatWasNotCommitted() {
        good();
        tell(1, 1, new Action.Look("tea"), saw(4, new Seen("tea", "u1", 4))); // it was rolled back
        assertFound(Kind.UNCOMMITTED);
    }

    @Test
    void seesAVersionBeforeAnybodyAskedToCommitIt() {
        good();
        tell(1, 1, second(6), second(7), new Action.Look("mug"), saw(3, new Seen("mug", "t2", 3)));
        assertThat(check()).extracting(Violation::kind).contains(Kind.UNCOMMITTED);
    }

    @Test
    void seesAHolderThatDoesNotSeeItsOwnStep() {
        good();
        tell(
                0,
                1,
                second(11) + TimeUnit.MILLISECONDS.toNanos(600),
                second(11) + TimeUnit.MILLISECONDS.toNanos(700),
                new Action.LookInside("t", "mug"),
                saw(3, new Seen("mug", "t1", 3)));
        assertFound(Kind.WRONG_CONTENTS);
    }

    @Test
    void seesAReadOfLessThanWasAcknowledged() {
        good();
        tell(1, 2, new Action.Look("mug"), saw(2, new Seen("mug", "a", 1)));
        assertFound(Kind.STALE);
    }

    @Test
    void expectsOfANodeThatWokeWhatItKnewWhenItFroze() {
        good();
        doubts.add(new Doubt(2, second(5), second(60)));
        tell(1, 2, new Action.Look("mug"), saw(2, new Seen("mug", "a", 1)));
        assertThat(check()).isEmpty();
        tell(1, 2, new Action.Look("mug"), saw(1, new Seen("mug", "a", 1)));
        assertFound(Kind.STALE);
    }

    @Test
    void seesAnotherLog() {
        good();
        tell(1, 2, new Action.Ask(), new Outcome.Stood(4, "chain of another", 0));
        assertFound(Kind.OTHER_LOG);
    }

    @Test
    void seesARowOfAnotherVersion() {
        good();
        tell(1, 2, new Action.Look("mug"), saw(4, new Seen("mug", "t2", 2)));
        assertFound(Kind.WRONG_CONTENTS);
    }

    @Test
    void seesAnErrorThatNothingExplains() {
        good();
        tell(1, 2, write("e", "tea"), new Outcome.Refused(500, "internal_error"));
        assertFound(Kind.ODD_ANSWER);
    }
}
