package dev.storemesh.ops.history;

import dev.storemesh.ops.history.CatalogLog.Part;
import dev.storemesh.ops.history.Operation.Link;
import dev.storemesh.ops.history.Operation.Page;
import dev.storemesh.ops.history.Operation.Seen;
import dev.storemesh.ops.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A read is of one version, which was visible in its time, and says what the log says of that version.
final class ReadsCheck {
    private final Evidence evidence;
    private final long head;

    /// The newest version that somebody knew of when an answer was there.
    private final TreeMap<Long, Operation> known = new TreeMap<>();

    private ReadsCheck(Evidence evidence) {
        this.evidence = evidence;
        this.head = evidence.log().entries().isEmpty()
                ? 0
                : evidence.log().entries().getLast().version();
    }

    static void check(Evidence evidence) {
        var check = new ReadsCheck(evidence);
        check.learn();
        evidence.operations().forEach(check::read);
    }

    private void learn() {
        var newest = 0L;
        for (var operation : evidence.operations().stream()
                .sorted(Comparator.comparingLong(Operation::ended))
                .toList()) {
            var visible = operation.visible().orElse(0L);
            if (visible > newest && evidence.doubtedSince(operation).isEmpty()) {
                newest = visible;
                known.put(operation.ended(), operation);
            }
        }
    }

    private void read(Operation operation) {
        switch (operation.outcome()) {
            case Outcome.Saw(var version, var objects) -> saw(operation, version, objects);
            case Outcome.Leafed(var pages) -> leafed(operation, pages);
            case Outcome.Stood(var version, var chain, var open) -> {
                isNew(operation, version);
                link(operation, new Link(version, chain));
                if (open != 0 && open != version + 1) {
                    evidence.violated(Kind.WRONG_CONTENTS, operation.toString());
                }
            }
            case Outcome.Followed(var version, var links) -> followed(operation, version, links);
            default -> {}
        }
    }

    private void saw(Operation operation, long version, List<Seen> objects) {
        switch (operation.action()) {
            case Action.Look(var object) -> {
                isNew(operation, version);
                same(
                        operation,
                        version,
                        evidence.states().at(object, version).stream().toList(),
                        objects);
            }
            case Action.LookBack(var object, var wanted) -> {
                isThere(operation, version);
                if (version != wanted) {
                    evidence.violated(Kind.TORN, operation.toString());
                }
                same(
                        operation,
                        version,
                        evidence.states().at(object, wanted).stream().toList(),
                        objects);
            }
            case Action.LookInside(var transaction, var object) -> inside(operation, transaction, object);
            default -> evidence.violated(Kind.ODD_ANSWER, operation.toString());
        }
    }

    /// Its holder sees the version before, and what it did itself.
    private void inside(Operation operation, String transaction, String object) {
        var outcome = (Outcome.Saw) operation.outcome();
        var deal = evidence.transaction(transaction).orElseThrow();
        var version = deal.version().orElse(0L);
        if (outcome.version() != version) {
            evidence.violated(Kind.TORN, "%s, and it makes version %d".formatted(operation, version));
            return;
        }
        var expected = evidence.states().at(object, version - 1);
        for (var step : deal.operations()) {
            if (step.invoked() < operation.invoked() && step.action() instanceof Action.Step) {
                if (step.outcome() instanceof Outcome.Unknown) {
                    return; // it may be there, or not yet, or never
                }
                if (step.isAcknowledged() && step.changes().set().containsKey(object)) {
                    expected = Optional.of(new Seen(object, step.changes().set().getOrDefault(object, ""), version));
                }
                if (step.isAcknowledged() && step.changes().deleted().contains(object)) {
                    expected = Optional.empty();
                }
            }
        }
        same(operation, version, expected.stream().toList(), outcome.objects());
    }

    private void leafed(Operation operation, List<Page> pages) {
        var version = pages.getFirst().version();
        isNew(operation, version);
        var all = new ArrayList<Seen>();
        for (var page : pages) {
            if (page.version() != version) {
                evidence.violated(
                        Kind.TORN,
                        "a page of version %d among those of %d: %s".formatted(page.version(), version, operation));
                return;
            }
            all.addAll(page.objects());
        }
        all.sort(Comparator.comparing(Seen::object));
        same(operation, version, List.copyOf(evidence.states().at(version).values()), all);
    }

    private void followed(Operation operation, long version, List<Link> links) {
        isNew(operation, version);
        var next = ((Action.Follow) operation.action()).after() + 1;
        for (var link : links) {
            if (link.version() != next++) {
                evidence.violated(Kind.VERSION_GAP, operation.toString());
                return;
            }
            link(operation, link);
        }
    }

    private void link(Operation operation, Link link) {
        var isOurs = evidence.end(link.version())
                .filter(entry -> entry.chain().equals(link.chain()))
                .isPresent();
        if (!isOurs) {
            evidence.violated(Kind.OTHER_LOG, "version %d: %s".formatted(link.version(), operation));
        }
    }

    private boolean isThere(Operation operation, long version) {
        var end = evidence.end(version);
        if (end.isEmpty() || version > head) {
            evidence.violated(Kind.LOST, "the log has no version %d: %s".formatted(version, operation));
            return false;
        }
        var asked = evidence.maker(version);
        if (asked.isPresent() && asked.get().invoked() > operation.ended()) {
            evidence.violated(
                    Kind.UNCOMMITTED, "%s names a version that came to be by %s".formatted(operation, asked.get()));
        }
        return true;
    }

    /// The version is the newest, or one that came while the read was under way.
    private void isNew(Operation operation, long version) {
        if (!isThere(operation, version)) {
            return;
        }
        var doubted = evidence.doubtedSince(operation).orElse(Long.MAX_VALUE);
        var before = Optional.ofNullable(known.lowerEntry(Math.min(operation.invoked(), doubted)))
                .map(Map.Entry::getValue);
        if (before.flatMap(Operation::visible).orElse(0L) > version) {
            evidence.violated(Kind.STALE, "%s came after %s".formatted(operation, before.orElseThrow()));
        }
    }

    private void same(Operation operation, long version, List<Seen> expected, List<Seen> actual) {
        if (expected.equals(actual)) {
            return;
        }
        var isUncommitted = actual.stream().anyMatch(seen -> !expected.contains(seen) && isUncommitted(seen, version));
        evidence.violated(
                isUncommitted ? Kind.UNCOMMITTED : Kind.WRONG_CONTENTS,
                "%s, and the log says %s".formatted(operation, expected));
    }

    /// Whether its value is that of a step that is not visible at the version.
    private boolean isUncommitted(Seen seen, long version) {
        return evidence.withKey(seen.value())
                .filter(writer -> writer.action() instanceof Action.Step)
                .flatMap(Operation::transaction)
                .flatMap(evidence::transaction)
                .flatMap(Evidence.Deal::version)
                .map(made -> made > version
                        || evidence.end(made)
                                .filter(end -> end.part() == Part.COMMIT)
                                .isEmpty())
                .orElse(false);
    }
}
