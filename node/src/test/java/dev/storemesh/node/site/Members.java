package dev.storemesh.node.site;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/// The members of a node's cluster, as that node sees them.
final class Members {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private Members() {}

    /// Waits until so many are up.
    ///
    /// @return their addresses, each with the number of its incarnation
    static List<String> up(ActorSystem<?> node, int number, Duration limit) {
        var deadline = System.nanoTime() + limit.toNanos();
        var up = up(node);
        while (up.size() != number) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(number + " nodes are up: not within " + limit + "; last seen: " + up);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            up = up(node);
        }
        return up;
    }

    private static List<String> up(ActorSystem<?> node) {
        return StreamSupport.stream(Cluster.get(node).state().getMembers().spliterator(), false)
                .filter(member -> member.status().equals(MemberStatus.up()))
                .map(Member::uniqueAddress)
                .map(Object::toString)
                .sorted()
                .toList();
    }
}
