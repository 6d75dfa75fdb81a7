package dev.storemesh.node.site;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.io.Tcp;

/// The connections to the other nodes of the site, closed when the actor system ends.
///
/// Pekko 1.7 does not always do that, and then never ends. It stops its remote streams by a failure, which closes
/// their connections. But when the inbound control stream is stopped first, it tells the outbound one that it is
/// complete (`InboundControlJunction.postStop`), and that one ends without a failure. Over TLS such an end leaves
/// the connection to be closed by the other node (`IgnoreComplete`), which does not: each waits for the other, and
/// `ArteryTransport.shutdown` for both. A connection that breaks ends its stream in any case.
final class PeerConnections {
    private static final String FLUSH = "pekko.remote.artery.advanced.shutdown-flush-timeout";
    /// For streams that end as they should.
    private static final long MOMENT_MILLIS = 200;

    private PeerConnections() {}

    /// Breaks what connections there are still when the last messages have gone, or were not taken in time.
    static void closeAtTheEnd(ActorSystem<?> system) {
        var manager = Tcp.get(system.classicSystem()).manager();
        var flushed = system.settings().config().getDuration(FLUSH).toMillis() + MOMENT_MILLIS;
        var terminated = system.getWhenTerminated().toCompletableFuture();
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "close-connections", () -> {
                    CompletableFuture.delayedExecutor(flushed, TimeUnit.MILLISECONDS)
                            .execute(() -> {
                                if (!terminated.isDone()) {
                                    manager.tell(PoisonPill.getInstance(), ActorRef.noSender());
                                }
                            });
                    return CompletableFuture.completedFuture(Done.getInstance());
                });
    }
}
