package dev.storemesh.ops.history;

import dev.storemesh.ops.history.CatalogLog.Part;
import dev.storemesh.ops.history.Evidence.Deal;
import dev.storemesh.ops.history.Violation.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Each transaction is one version that nobody else has, with one holder, and ends as its holder was told.
final class TransactionsCheck {
    /// Between the clock of the clients and that of the nodes.
    private static final long CLOCKS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Evidence evidence;
    private final Map<Long, String> users = new HashMap<>();

    private TransactionsCheck(Evidence evidence) {
        this.evidence = evidence;
    }

    static void check(Evidence evidence) {
        var check = new TransactionsCheck(evidence);
        for (var operation : evidence.operations()) {
            if (operation.outcome() instanceof Outcome.Made(var version)) {
                check.use(version, operation.key().orElse(""));
            }
        }
        evidence.transactions().forEach(check::one);
        check.parts();
    }

    private void use(long version, String user) {
        var other = users.putIfAbsent(version, user);
        if (other != null && !other.equals(user)) {
            evidence.violated(Kind.VERSION_USED_TWICE, "version %d is %s and %s".formatted(version, other, user));
        }
    }

    private void one(Deal deal) {
        if (deal.versions().size() > 1) {
            evidence.violated(Kind.OTHER_VERSION, "%s has versions %s".formatted(deal.name(), deal.versions()));
        }
        deal.version().ifPresent(version -> {
            use(version, deal.name());
            var end = evidence.end(version);
            if (end.isEmpty()) {
                evidence.violated(Kind.LOST, "%s was version %d, which the log lacks".formatted(deal.name(), version));
                return;
            }
            ended(deal, end.get().part());
        });
    }

    private void ended(Deal deal, Part part) {
        if (part == Part.WHOLE || (part == Part.COMMIT && !deal.tried(Action.Commit.class))) {
            evidence.violated(Kind.ENDED_OTHERWISE, "%s is %s".formatted(deal, part));
        }
        for (var operation : deal.operations()) {
            switch (operation.outcome()) {
                case Outcome.Ended(var version, var undone) -> {
                    var asked = operation.action() instanceof Action.RollBack;
                    if (undone != asked || undone != (part == Part.VOID)) {
                        evidence.violated(Kind.ENDED_OTHERWISE, "%s, and it is %s".formatted(operation, part));
                    }
                }
                case Outcome.Over(var how) -> over(deal, operation, how, part);
                default -> {}
            }
        }
    }

    private void over(Deal deal, Operation operation, String how, Part part) {
        var fits = switch (how) {
            case "committed" -> part == Part.COMMIT;
            case "rolled_back" -> part == Part.VOID && deal.tried(Action.RollBack.class);
            case "idle" -> part == Part.VOID;
            case "" -> true; // it is not known any more
            default -> false;
        };
        if (!fits) {
            evidence.violated(Kind.ENDED_OTHERWISE, "%s, and it is %s".formatted(operation, part));
        }
        if (how.equals("idle")) {
            idle(deal, operation);
        }
    }

    /// The idle time begins anew with each write of the holder.
    private void idle(Deal deal, Operation over) {
        var last = Long.MIN_VALUE;
        var idle = 0L;
        for (var operation : deal.operations()) {
            if (operation.action() instanceof Action.Open(var name, var nanos)) {
                idle = nanos;
            }
            if (operation.isAcknowledged() && operation.ended() < over.invoked()) {
                last = Math.max(last, operation.invoked());
            }
        }
        if (over.ended() - last < idle - CLOCKS_NANOS) {
            evidence.violated(
                    Kind.ENDED_TOO_SOON,
                    "%s: %d ms after the last write, and it may be idle for %d ms"
                            .formatted(
                                    over,
                                    TimeUnit.NANOSECONDS.toMillis(over.ended() - last),
                                    TimeUnit.NANOSECONDS.toMillis(idle)));
        }
    }

    /// A version's steps are those of one transaction; what nobody was told of can only be void.
    private void parts() {
        var unknown = 0L;
        for (var entry : evidence.log().entries()) {
            switch (entry.part()) {
                case STEP ->
                    entry.key()
                            .flatMap(evidence::withKey)
                            .flatMap(Operation::transaction)
                            .ifPresent(name -> use(entry.version(), name));
                case COMMIT -> {
                    var name = users.get(entry.version());
                    if (name == null
                            || evidence.transaction(name)
                                    .filter(deal -> deal.tried(Action.Commit.class))
                                    .isEmpty()) {
                        evidence.violated(Kind.FROM_NOWHERE, "nobody committed %s".formatted(entry));
                    }
                }
                case VOID -> unknown += users.containsKey(entry.version()) ? 0 : 1;
                case WHOLE -> {}
            }
        }
        var unanswered = evidence.operations().stream()
                .filter(operation ->
                        operation.action() instanceof Action.Open && operation.outcome() instanceof Outcome.Unknown)
                .count();
        if (unknown > unanswered) {
            evidence.violated(
                    Kind.FROM_NOWHERE,
                    "%d void versions of nobody, though only %d were not answered".formatted(unknown, unanswered));
        }
    }
}
