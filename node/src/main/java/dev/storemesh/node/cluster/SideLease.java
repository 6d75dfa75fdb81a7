package dev.storemesh.node.cluster;

import dev.storemesh.persistence.postgres.PostgresLease;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.coordination.lease.LeaseSettings;

/// The lease by which one side of a site goes on when its nodes lose sight of each other. It is kept for a while
/// after that: so at the next loss it may be another node's than the one that asks. If that one is a member that we
/// reach, it is our side that has the lease.
public final class SideLease extends PostgresLease {
    /// Called by Pekko.
    public SideLease(LeaseSettings settings, ExtendedActorSystem system) {
        super(settings, system, reachedIn(system));
    }

    /// Owners are named by host and port.
    private static Predicate<String> reachedIn(ExtendedActorSystem system) {
        return owner -> isReached(Cluster.get(system).state(), owner);
    }

    static boolean isReached(CurrentClusterState state, String owner) {
        return StreamSupport.stream(state.getMembers().spliterator(), false)
                .filter(member -> !state.getUnreachable().contains(member))
                .map(Member::address)
                .anyMatch(address -> address.hostPort().equals(owner));
    }
}
