package dev.storemesh.ops.history;

import dev.storemesh.ops.history.CatalogLog.Part;
import dev.storemesh.ops.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was asked for after another's answer is later in the log: versions grow, and while a transaction is open
/// nobody but its holder writes.
final class OrderCheck {
    /// One place in the log after the other: (version, step).
    private static final long STEPS = 1L << 20;

    private record Placed(Operation operation, long place, long ended) {
        long version() {
            return place / STEPS;
        }
    }

    private OrderCheck() {}

    static void check(Evidence evidence) {
        var placed = placed(evidence); // in the order in which they were asked for
        var ended =
                placed.stream().sorted(Comparator.comparingLong(Placed::ended)).iterator();
        Optional<Placed> next =
                Optional.of(ended).filter(rest -> rest.hasNext()).map(rest -> rest.next());
        Optional<Placed> latest = Optional.empty();
        for (var each : placed) {
            while (next.isPresent() && next.get().ended() < each.operation().invoked()) {
                if (latest.isEmpty() || latest.get().place() < next.get().place()) {
                    latest = next;
                }
                next = Optional.of(ended).filter(rest -> rest.hasNext()).map(rest -> rest.next());
            }
            var before = latest;
            if (before.isPresent() && before.get().place() >= each.place()) {
                report(evidence, before.get(), each);
            }
        }
    }

    private static void report(Evidence evidence, Placed before, Placed after) {
        var held = after.operation().transaction().isPresent()
                && !(after.operation().action() instanceof Action.Open)
                && before.version() > after.version();
        evidence.violated(
                held ? Kind.TWO_HOLDERS : Kind.WENT_BACK,
                "%s came after %s".formatted(after.operation(), before.operation()));
    }

    private static List<Placed> placed(Evidence evidence) {
        Map<String, Long> places = new HashMap<>();
        for (var entry : evidence.log().entries()) {
            if (entry.part() == Part.WHOLE || entry.part() == Part.STEP) {
                entry.key().ifPresent(key -> places.put(key, entry.version() * STEPS + entry.step()));
            }
        }
        var placed = new ArrayList<Placed>();
        for (var operation : evidence.operations()) {
            switch (operation.outcome()) {
                case Outcome.Made(var version) -> placed.add(new Placed(operation, version * STEPS, operation.ended()));
                case Outcome.Opened(var version, var lock) ->
                    placed.add(new Placed(operation, version * STEPS, operation.ended()));
                case Outcome.Staged(var version, var step) ->
                    placed.add(new Placed(operation, version * STEPS + step, operation.ended()));
                case Outcome.Ended(var version, var undone) ->
                    placed.add(new Placed(operation, version * STEPS + STEPS - 1, operation.ended()));
                case Outcome.Unknown unknown -> // nobody knows when it came to be, but not before it was asked for
                    operation
                            .key()
                            .map(places::get)
                            .ifPresent(place -> placed.add(new Placed(operation, place, Long.MAX_VALUE)));
                default -> {}
            }
        }
        return placed;
    }
}
