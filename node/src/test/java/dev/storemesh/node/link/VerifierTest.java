package dev.storemesh.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.storemesh.node.link.HqClient.Refused;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.Verification.Different;
import dev.storemesh.protocol.verify.Verification.NotCompared;
import dev.storemesh.protocol.verify.Verification.Outcome;
import dev.storemesh.protocol.verify.Verification.Same;
import dev.storemesh.protocol.verify.VerificationOrder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// When a store compares, and what it does while it cannot, or HQ does not hear.
class VerifierTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Outcome SAME = new Same(new Version(7), 300);
    private static final Outcome DIFFERENT = new Different(new Version(7), 300, List.of(), true);

    private final BlockingQueue<CompletableFuture<Outcome>> comparisons = new LinkedBlockingQueue<>();
    private final BlockingQueue<Verification> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Object>> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Object>> loads = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Boolean>> looks = new LinkedBlockingQueue<>();
    private final ActorRef<Verifier.Message> verifier = KIT.spawn(Verifier.create(
            () -> {
                var comparison = new CompletableFuture<Outcome>();
                comparisons.add(comparison);
                return comparison;
            },
            new Verifier.Copy() {
                @Override
                public CompletionStage<?> loadAnew() {
                    return added(loads);
                }

                @Override
                public CompletionStage<Boolean> isLoading() {
                    return added(looks);
                }
            },
            verification -> {
                told.add(verification);
                var answer = new CompletableFuture<Object>();
                answers.add(answer);
                return answer;
            },
            new Backoff(settings(), new SplittableRandom(1)),
            () -> NOON));

    private static <T> CompletableFuture<T> added(BlockingQueue<CompletableFuture<T>> queue) {
        var asked = new CompletableFuture<T>();
        queue.add(asked);
        return asked;
    }

    private static LinkSettings settings() {
        var blink = Duration.ofMillis(10);
        return new LinkSettings(
                Optional.empty(),
                Optional.empty(),
                false,
                blink,
                blink,
                1_000,
                100,
                blink,
                blink,
                blink,
                64,
                LinkSettings.Followed.ALL,
                blink);
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static VerificationOrder order(String id) {
        return new VerificationOrder(id, Cause.NIGHTLY, false, NOON);
    }

    private static VerificationOrder repair(String id) {
        return new VerificationOrder(id, Cause.ORDERED, true, NOON);
    }

    private static Verification verification(Optional<String> order, Cause cause, Outcome outcome) {
        return new Verification(order, cause, NOON, outcome, false);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        var next = queue.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    @Test
    void comparesAgainAndTellsAgainUntilHqHasIt() throws Exception {
        verifier.tell(new Verifier.Ordered(order("a")));
        next(comparisons).completeExceptionally(new IOException("HQ is away"));
        next(comparisons).complete(DIFFERENT);
        next(answers).completeExceptionally(new IOException("HQ is away"));
        next(answers).complete("kept");
        var expected = verification(Optional.of("a"), Cause.NIGHTLY, DIFFERENT);
        assertThat(next(told)).isEqualTo(expected);
        assertThat(next(told)).isEqualTo(expected);
    }

    @Test
    void doesOneAtATimeAndOfOrdersThatWaitTheNewest() throws Exception {
        verifier.tell(new Verifier.Reconnected());
        var first = next(comparisons);
        verifier.tell(new Verifier.Ordered(order("a")));
        verifier.tell(new Verifier.Ordered(order("b")));
        assertThat(comparisons).isEmpty();
        first.complete(SAME);
        assertThat(next(told)).isEqualTo(verification(Optional.empty(), Cause.RECONNECTED, SAME));
        assertThat(comparisons).isEmpty();
        next(answers).complete("kept");
        next(comparisons).complete(SAME);
        assertThat(next(told)).isEqualTo(verification(Optional.of("b"), Cause.NIGHTLY, SAME));
        next(answers).complete("kept");
        verifier.tell(new Verifier.Ordered(order("c")));
        next(comparisons).complete(SAME);
        assertThat(next(told).order()).contains("c");
    }

    @Test
    void doesNotTellAnHqThatDoesNotKnowOfIt() throws Exception {
        verifier.tell(new Verifier.Ordered(order("a")));
        next(comparisons).complete(SAME);
        next(answers).completeExceptionally(new Refused(404, "not_found", Json.object()));
        verifier.tell(new Verifier.Ordered(order("b")));
        next(comparisons);
        assertThat(told).hasSize(1);
    }

    @Test
    void loadsAnewWhatDiffersIfTheOrderSaysSoAndTellsHqBoth() throws Exception {
        verifier.tell(new Verifier.Ordered(repair("a")));
        next(comparisons).complete(DIFFERENT);
        assertThat(next(told)).isEqualTo(verification(Optional.empty(), Cause.ORDERED, DIFFERENT));
        assertThat(loads).isEmpty(); // HQ has not heard of it
        next(answers).complete("kept");
        next(loads).completeExceptionally(new IOException("the replica does not answer"));
        next(loads).complete("asked");
        next(looks).complete(true);
        next(looks).completeExceptionally(new IOException("the replica does not answer"));
        assertThat(comparisons).isEmpty();
        next(looks).complete(false);
        next(comparisons).complete(SAME);
        assertThat(next(told)).isEqualTo(new Verification(Optional.of("a"), Cause.ORDERED, NOON, SAME, true));
    }

    @Test
    void loadsACopyOfAnotherLogAnewToo() throws Exception {
        verifier.tell(new Verifier.Ordered(repair("a")));
        next(comparisons).complete(new NotCompared(NotCompared.DIVERGED));
        next(answers).complete("kept");
        next(loads);
    }

    @Test
    void doesNotLoadAnewASecondTimeWhatItCannotMend() throws Exception {
        verifier.tell(new Verifier.Ordered(repair("a")));
        next(comparisons).complete(DIFFERENT);
        next(answers).complete("kept");
        next(loads).complete("asked");
        next(looks).complete(false);
        next(comparisons).complete(DIFFERENT);
        assertThat(next(told).repaired()).isFalse();
        assertThat(next(told)).isEqualTo(new Verification(Optional.of("a"), Cause.ORDERED, NOON, DIFFERENT, true));
        next(answers).complete("kept");
        verifier.tell(new Verifier.Ordered(repair("b")));
        next(comparisons);
        assertThat(loads).isEmpty();
    }

    @Test
    void loadsNothingAnewWhereNothingDiffersOrNothingCouldBeSaid() throws Exception {
        for (var outcome : List.of(SAME, new NotCompared("forbidden"))) {
            verifier.tell(new Verifier.Ordered(repair("a" + outcome.hashCode())));
            next(comparisons).complete(outcome);
            assertThat(next(told).order()).isPresent();
            next(answers).complete("kept");
        }
        verifier.tell(new Verifier.Reconnected());
        next(comparisons).complete(DIFFERENT);
        next(answers).complete("kept");
        verifier.tell(new Verifier.Ordered(order("b")));
        next(comparisons).complete(DIFFERENT);
        next(answers).complete("kept");
        verifier.tell(new Verifier.Reconnected());
        next(comparisons);
        assertThat(loads).isEmpty();
    }
}
