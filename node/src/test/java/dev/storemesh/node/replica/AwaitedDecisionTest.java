package dev.storemesh.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.catalog.Standings;
import dev.storemesh.node.replica.AwaitedDecision.Requests;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What somebody who waits for a decision is told, by the versions that come down meanwhile.
class AwaitedDecisionTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final RequestId ID = new RequestId("cr-01JNZ8Q4T3V9XK2M7B5D6F8G0H");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Deque<Status> seen = new ArrayDeque<>(); // one for each version, from 7 on
    private final List<Version> waitedAfter = new ArrayList<>();
    private long version = 7;
    private boolean comesMore = true;

    private final Standings standings = new Standings() {
        @Override
        public CompletionStage<Optional<LogStanding>> now(CatalogId catalog) {
            throw new UnsupportedOperationException("nobody asks");
        }

        @Override
        public CompletionStage<Optional<LogStanding>> after(CatalogId catalog, Version after, Duration patience) {
            assertThat(patience).isPositive().isLessThanOrEqualTo(PATIENCE);
            waitedAfter.add(after);
            version += comesMore ? 1 : 0;
            return CompletableFuture.completedStage(Optional.of(standing(new Version(version))));
        }
    };

    private static LogStanding standing(Version head) {
        return (LogStanding) Proxy.newProxyInstance(
                LogStanding.class.getClassLoader(), new Class<?>[] {LogStanding.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("head")) {
                        return head;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private Optional<ChangeRequest> await(Requests requests, Duration patience) {
        return new AwaitedDecision(requests, standings)
                .of(DEMO, ID, patience)
                .toCompletableFuture()
                .join();
    }

    private CompletionStage<Reading<ChangeRequest>> next(CatalogId catalog, RequestId id) {
        var status = Objects.requireNonNull(seen.poll(), "looked once too often");
        return CompletableFuture.completedStage(new Reading.Found<>(new Version(version), request(status)));
    }

    private static ChangeRequest request(Status status) {
        return new ChangeRequest(
                ID,
                new StoreId("store-1"),
                status,
                1,
                1,
                Version.NONE,
                "[]",
                "ann",
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void itIsLookedAtWithEachVersionUntilItIsDecided() {
        seen.addAll(List.of(Status.QUEUED, Status.SENT, Status.WAITING, Status.CONFLICTED, Status.REJECTED));
        assertThat(await(this::next, PATIENCE)).contains(request(Status.REJECTED));
        assertThat(waitedAfter).containsExactly(new Version(7), new Version(8), new Version(9), new Version(10));
    }

    @ParameterizedTest
    @EnumSource(names = {"APPROVED", "APPLIED", "REJECTED", "REFUSED", "SUPERSEDED", "WITHDRAWN"})
    void eachOfTheseIsADecision(Status status) {
        seen.add(status);
        assertThat(await(this::next, PATIENCE)).contains(request(status));
    }

    @Test
    void whereNothingComesNobodyLooksAgain() {
        comesMore = false; // the time is up, or too many wait
        seen.add(Status.WAITING);
        assertThat(await(this::next, PATIENCE)).isEmpty();
        assertThat(waitedAfter).hasSize(1);
    }

    @Test
    void nobodyWaitsLongerThanItsPatience() {
        seen.add(Status.WAITING);
        assertThat(await(this::next, Duration.ZERO)).isEmpty();
        assertThat(waitedAfter).isEmpty();
    }

    @Test
    void whatGoesWrongMeanwhileIsNoFailure() {
        assertThat(await(
                        (catalog, id) -> CompletableFuture.failedStage(new IllegalStateException("no answer")),
                        PATIENCE))
                .isEmpty();
        assertThat(await((catalog, id) -> CompletableFuture.completedStage(new Reading.NoCatalog<>()), PATIENCE))
                .isEmpty();
    }
}
