package dev.storemesh.persistence.postgres;

import static dev.storemesh.persistence.postgres.PostgresServer.update;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.apache.pekko.coordination.lease.javadsl.LeaseProvider;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresLeaseTest {
    private final PostgresAddress address = PostgresServer.shared().database();
    private final ActorSystem system = ActorSystem.create(
            "leases",
            ConfigFactory.parseString("site-lease { heartbeat-interval = 100ms, heartbeat-timeout = 1s }")
                    .withFallback(PostgresDatabase.open(address).config())
                    .withFallback(ConfigFactory.load()));
    private final Lease ours = lease("node-1:7400");
    private final Lease theirs = lease("node-2:7400");

    @AfterEach
    void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @Test
    void isHeldByOneUntilItIsReleased() throws Exception {
        assertThat(get(ours.acquire())).isTrue();
        assertThat(get(ours.acquire())).as("once more").isTrue();
        assertThat(get(theirs.acquire())).isFalse();
        assertThat(ours.checkLease()).isTrue();
        assertThat(theirs.checkLease()).isFalse();
        assertThat(get(ours.release())).isTrue();
        assertThat(ours.checkLease()).isFalse();
        assertThat(get(theirs.acquire())).isTrue();
    }

    @Test
    void isRenewedWhileItsOwnerLives() throws Exception {
        assertThat(get(ours.acquire())).isTrue();
        update(address, "UPDATE lease SET held_until = clock_timestamp() + interval '1 second'");
        for (var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2); System.nanoTime() < end; ) {
            assertThat(get(theirs.acquire())).isFalse();
        }
        assertThat(ours.checkLease()).isTrue();
    }

    @Test
    void isFreeWhenTheDatabaseSaysThatItsTimeIsOverAndTellsWhoHadIt() throws Exception {
        var lost = new CompletableFuture<Optional<Throwable>>();
        assertThat(get(ours.acquire(lost::complete))).isTrue();
        update(address, "UPDATE lease SET owner = 'somebody', held_until = clock_timestamp() + interval '1 hour'");
        assertThat(get(lost)).isEmpty();
        assertThat(ours.checkLease()).isFalse();
        assertThat(get(theirs.acquire())).isFalse();
        update(address, "UPDATE lease SET held_until = clock_timestamp() - interval '1 millisecond'");
        assertThat(get(theirs.acquire())).isTrue();
    }

    @Test
    void isTakenOverFromOwnersThatDiedInTheTimeThatTheyHadIt() throws Exception {
        update(
                address,
                "INSERT INTO lease VALUES ('split-brain', 'dead', clock_timestamp() + interval '700 milliseconds')");
        assertThat(get(ours.acquire())).isTrue();
    }

    @Test
    void isTakenFromWhoIsOnOurSide() throws Exception {
        assertThat(get(theirs.acquire())).isTrue();
        var ally = new PostgresLease(ours.getSettings(), (ExtendedActorSystem) system, "node-2:7400"::equals) {};
        assertThat(get(ally.acquire())).isTrue();
        assertThat(get(theirs.acquire())).isFalse();
        assertThat(theirs.checkLease()).isFalse();
    }

    private Lease lease(String owner) {
        return LeaseProvider.get(system).getLease("split-brain", "site-lease", owner);
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
