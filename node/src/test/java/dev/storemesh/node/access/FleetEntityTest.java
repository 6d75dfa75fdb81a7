package dev.storemesh.node.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.access.FleetEntity.Fleet;
import dev.storemesh.node.access.FleetEntity.Heard;
import dev.storemesh.node.access.FleetEntity.Inspect;
import dev.storemesh.protocol.access.StoreContact;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.StoreId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.CapturedLogEvent;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class FleetEntityTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000Z");
    private static final StoreId STORE = new StoreId("store-1");

    private final BehaviorTestKit<FleetEntity.Message> fleet = BehaviorTestKit.create(FleetEntity.create(() -> NOON));

    private static StoreContact told(Instant at, Duration clockOffset) {
        return StoreContact.of(new StoreReport(new Version(7), 3, "reachable", "0.1.0", at.plus(clockOffset)), at);
    }

    private Fleet inspect() {
        var inbox = TestInbox.<Fleet>create();
        fleet.run(new Inspect(inbox.getRef()));
        return inbox.receiveMessage();
    }

    private List<String> logged() {
        return fleet.getAllLogEntries().stream().map(CapturedLogEvent::message).toList();
    }

    @Test
    void tellsWhatWasHeardLastOfEachStoreAndSinceWhen() {
        assertThat(inspect()).isEqualTo(new Fleet(NOON, Map.of()));
        var first = told(NOON.plusSeconds(1), Duration.ZERO);
        fleet.run(new Heard(STORE, first));
        fleet.run(new Heard(STORE, StoreContact.at(NOON.plusSeconds(2))));
        fleet.run(new Heard(new StoreId("store-2"), StoreContact.at(NOON)));
        assertThat(inspect().contacts())
                .isEqualTo(Map.of(
                        STORE,
                        new StoreContact(NOON.plusSeconds(2), first.told()),
                        new StoreId("store-2"),
                        StoreContact.at(NOON)));
        assertThat(logged()).isEmpty();
    }

    @Test
    void aWrongClockIsLoggedOnceAndAgainWhenItIsRight() {
        fleet.run(new Heard(STORE, told(NOON.plusSeconds(1), Duration.ofSeconds(-42))));
        fleet.run(new Heard(STORE, told(NOON.plusSeconds(2), Duration.ofSeconds(-43))));
        fleet.run(new Heard(STORE, StoreContact.at(NOON.plusSeconds(3))));
        assertThat(logged()).hasSize(1);
        assertThat(fleet.getAllLogEntries().getFirst().level()).isEqualTo(org.slf4j.event.Level.WARN);
        fleet.run(new Heard(STORE, told(NOON.plusSeconds(4), Duration.ofSeconds(2))));
        fleet.run(new Heard(STORE, told(NOON.plusSeconds(5), Duration.ofSeconds(2))));
        assertThat(logged()).hasSize(2);
        fleet.run(new Heard(STORE, told(NOON.plusSeconds(6), Duration.ofSeconds(99))));
        assertThat(logged()).hasSize(3);
    }
}
