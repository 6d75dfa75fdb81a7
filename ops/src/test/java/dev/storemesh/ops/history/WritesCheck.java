package dev.storemesh.ops.history;

import dev.storemesh.ops.history.CatalogLog.Entry;
import dev.storemesh.ops.history.CatalogLog.Part;
import dev.storemesh.ops.history.Violation.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Every write is in the log as often as its client was told: once, never, or (where nobody told) one of the two.
final class WritesCheck {

    private final Evidence evidence;
    private final Map<String, Entry> applied = new HashMap<>();

    private WritesCheck(Evidence evidence) {
        this.evidence = evidence;
    }

    static void check(Evidence evidence) {
        var check = new WritesCheck(evidence);
        check.numbers();
        check.keys();
        check.answers();
    }

    /// One version after the other, and a transaction's steps one after the other.
    private void numbers() {
        var version = 0L;
        var step = 0;
        for (var entry : evidence.log().entries()) {
            if (entry.version() != version + 1) {
                evidence.violated(Kind.VERSION_GAP, "version %d follows %d".formatted(entry.version(), version));
            }
            if (entry.part() == Part.STEP && entry.step() != step + 1) {
                evidence.violated(
                        Kind.VERSION_GAP,
                        "step %d of version %d follows step %d".formatted(entry.step(), entry.version(), step));
            }
            step = entry.part() == Part.STEP ? entry.step() : 0;
            version = entry.part() == Part.STEP ? version : entry.version();
        }
        if (step > 0) {
            evidence.violated(Kind.VERSION_GAP, "version %d has no end".formatted(version + 1));
        }
    }

    private void keys() {
        for (var entry : evidence.log().entries()) {
            if (!entry.changes().equals(Changes.NONE)) {
                entry.key()
                        .ifPresentOrElse(
                                key -> key(key, entry),
                                () -> evidence.violated(Kind.FROM_NOWHERE, "%s has no key".formatted(entry)));
            }
        }
    }

    private void key(String key, Entry entry) {
        var asked = evidence.withKey(key);
        if (asked.isEmpty()) {
            evidence.violated(Kind.FROM_NOWHERE, "nobody asked for %s".formatted(entry));
            return;
        }
        var before = applied.put(key, entry);
        if (before != null) {
            evidence.violated(Kind.APPLIED_TWICE, "%s is there as %s, too".formatted(before, entry));
        }
        if (asked.get().outcome() instanceof Outcome.Refused || asked.get().outcome() instanceof Outcome.Over) {
            evidence.violated(Kind.REFUSED_BUT_APPLIED, "%s is there as %s".formatted(asked.get(), entry));
        }
        if (!asked.get().changes().equals(entry.changes())) {
            evidence.violated(Kind.ALTERED, "%s is there as %s".formatted(asked.get(), entry));
        }
        if (asked.get().action() instanceof Action.Step != (entry.part() == Part.STEP)) {
            evidence.violated(Kind.ALTERED, "%s is there as %s".formatted(asked.get(), entry));
        }
    }

    private void answers() {
        for (var operation : evidence.operations()) {
            switch (operation.outcome()) {
                case Outcome.Made(var version) -> made(operation, version, 0);
                case Outcome.Staged(var version, var step) -> staged(operation, version, step);
                case Outcome.Refused(var status, var code) -> {
                    if (!mayRefuse(operation).contains(status)) {
                        evidence.violated(Kind.ODD_ANSWER, operation.toString());
                    }
                }
                case Outcome.Opened opened -> {}
                case Outcome.Ended ended -> {}
                case Outcome.Over over -> {}
                case Outcome.Saw saw -> {}
                case Outcome.Leafed leafed -> {}
                case Outcome.Stood stood -> {}
                case Outcome.Followed followed -> {}
                case Outcome.Unknown unknown -> {}
            }
        }
    }

    /// An object may be gone, somebody may hold the catalog, and nothing may have been done; who reads is refused
    /// only by a node that does not know a version yet, since it was frozen.
    private List<Integer> mayRefuse(Operation operation) {
        return switch (operation.action()) {
            case Action.Write write -> List.of(404, 423, 429, 503);
            case Action.Open open -> List.of(423, 429, 503);
            case Action.Step step -> List.of(404, 429, 503);
            case Action.Commit commit -> List.of(429, 503);
            case Action.RollBack rollBack -> List.of(429, 503);
            case Action.LookBack look -> inDoubt(operation, 400);
            case Action.Leaf leaf -> inDoubt(operation, 400);
            case Action.Follow follow -> inDoubt(operation, 409);
            case Action.Look look -> List.of();
            case Action.LookInside look -> List.of();
            case Action.Ask ask -> List.of();
        };
    }

    private List<Integer> inDoubt(Operation operation, int status) {
        return evidence.doubtedSince(operation).isPresent() ? List.of(status) : List.of();
    }

    /// Steps of a void version leave no trace.
    private void staged(Operation operation, long version, int step) {
        var end = evidence.end(version);
        if (end.isEmpty() || end.get().part() != Part.VOID) {
            made(operation, version, step);
        }
    }

    private void made(Operation operation, long version, int step) {
        var entry = applied.get(operation.key().orElse(""));
        if (entry == null) {
            evidence.violated(Kind.LOST, operation.toString());
        } else if (entry.version() != version || entry.step() != step) {
            evidence.violated(Kind.OTHER_VERSION, "%s is there as %s".formatted(operation, entry));
        }
    }
}
