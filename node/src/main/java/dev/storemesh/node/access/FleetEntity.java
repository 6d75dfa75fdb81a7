package dev.storemesh.node.access;

import dev.storemesh.protocol.access.StoreContact;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.value.StoreId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/// What HQ heard of its stores' links, last and in memory only: each says it again with its next poll, so nothing of it
/// is journaled. One per site, at whichever node, so that all nodes tell the same. It holds an entry for each store
/// that has a credential.
public final class FleetEntity extends AbstractBehavior<FleetEntity.Message> {
    // Protocol

    public sealed interface Message {}

    /// A store's link was heard. Never answered.
    public record Heard(StoreId store, StoreContact contact) implements Message {}

    /// Answered at once.
    public record Inspect(ActorRef<Fleet> replyTo) implements Message {}

    /// The stores that were heard since then.
    public record Fleet(Instant since, Map<StoreId, StoreContact> contacts) {
        public Fleet {
            contacts = Map.copyOf(contacts);
        }
    }

    // Creation

    static final EntityTypeKey<Message> TYPE_KEY = EntityTypeKey.create(Message.class, "fleet");
    private static final String ID = "site";

    private final Instant since;
    private final Map<StoreId, StoreContact> contacts = new HashMap<>();
    private final Set<StoreId> alarms = new HashSet<>(); // those whose clock is wrong, and the log says so

    private FleetEntity(ActorContext<Message> context, Instant since) {
        super(context);
        this.since = since;
    }

    static EntityRef<Message> start(ClusterSharding sharding, InstantSource clock) {
        sharding.init(Entity.of(TYPE_KEY, context -> create(clock)));
        return sharding.entityRefFor(TYPE_KEY, ID);
    }

    static Behavior<Message> create(InstantSource clock) {
        return Behaviors.setup(context -> new FleetEntity(context, clock.instant()));
    }

    // Behavior

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Heard.class, this::heard)
                .onMessage(Inspect.class, this::inspect)
                .build();
    }

    private Behavior<Message> heard(Heard heard) {
        var contact = contacts.merge(heard.store(), heard.contact(), StoreContact::and);
        contact.told().ifPresent(told -> watchClock(heard.store(), told));
        return this;
    }

    private void watchClock(StoreId store, StoreContact.Told told) {
        var offset = told.clockOffset();
        if (StoreReport.isAlarm(offset)) {
            if (alarms.add(store)) {
                getContext()
                        .getLog()
                        .warn(
                                "store [{}]: its clock is {} s {} HQ's (alarm beyond {} s)",
                                store,
                                offset.abs().toSeconds(),
                                offset.isNegative() ? "behind" : "ahead of",
                                StoreReport.CLOCK_ALARM.toSeconds());
            }
        } else if (alarms.remove(store)) {
            getContext().getLog().info("store [{}]: its clock is right again", store);
        }
    }

    private Behavior<Message> inspect(Inspect inspect) {
        inspect.replyTo().tell(new Fleet(since, contacts));
        return this;
    }
}
