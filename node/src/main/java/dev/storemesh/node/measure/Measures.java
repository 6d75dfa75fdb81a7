package dev.storemesh.node.measure;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// What the parts of one node count and time while they work; one for each actor system. Safe for all threads.
public final class Measures implements Extension {
    private static final ExtensionId<Measures> ID = new ExtensionId<>() {
        @Override
        public Measures createExtension(ActorSystem<?> system) {
            return new Measures();
        }
    };

    private final Timing appends = new Timing();
    private final Timing checkpoints = new Timing();
    private final LongAdder rounds = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder inFlight = new LongAdder();
    private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>(); // by status

    private Measures() {}

    public static Measures of(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /// Appending a row to the journal of a catalog or a replica, its fsync included.
    public Timing appends() {
        return appends;
    }

    /// Storing a partition's checkpoint.
    public Timing checkpoints() {
        return checkpoints;
    }

    /// A round was journaled.
    public void round(int eventCount) {
        rounds.increment();
        events.add(eventCount);
    }

    /// The same handler, whose answers are counted.
    public Function<HttpRequest, CompletionStage<HttpResponse>> counting(
            Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        return request -> {
            inFlight.increment();
            return handler.apply(request).whenComplete((response, failure) -> {
                inFlight.decrement();
                answered(failure == null ? response.status().intValue() : 500);
            });
        };
    }

    private void answered(int status) {
        answers.computeIfAbsent(status, any -> new LongAdder()).increment();
    }

    public long rounds() {
        return rounds.sum();
    }

    public long events() {
        return events.sum();
    }

    public long inFlight() {
        return inFlight.sum();
    }

    /// How many requests were answered, by status.
    public SortedMap<Integer, Long> answers() {
        var counts = new TreeMap<Integer, Long>();
        answers.forEach((status, count) -> counts.put(status, count.sum()));
        return counts;
    }
}
