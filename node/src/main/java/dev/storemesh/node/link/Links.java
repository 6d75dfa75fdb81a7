package dev.storemesh.node.link;

import dev.storemesh.node.access.SiteAccess;
import dev.storemesh.node.replica.ReplicaEntity;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.StaffList;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/// Starts a store's link.
public final class Links {
    private Links() {}

    /// Starts the link of an enrolled store; it tells `state` how it stands, from any thread.
    ///
    /// @throws StartFailure if the credential would travel in the clear beyond this machine
    public static void start(
            ActorSystem<?> system,
            HeldEnrolment enrolment,
            EntityRef<ReplicaEntity.Message> replica,
            SiteAccess access,
            LinkSettings settings,
            Optional<SSLContext> trust,
            Consumer<LinkState> state,
            InstantSource clock,
            RandomGenerator random,
            LinkReports reports)
            throws StartFailure {
        var hq = HqClient.of(enrolment.now().hq(), enrolment::credential, settings, trust);
        system.systemActorOf(
                StoreLink.kept(enrolment.now().catalog(), replica, hq, settings, state, random, reports),
                "link",
                Props.empty());
        system.systemActorOf(
                StaffLink.create(enrolment, book(access), hq, settings, state, clock, random),
                "staff-link",
                Props.empty());
    }

    private static StaffLink.Book book(SiteAccess access) {
        return new StaffLink.Book() {
            @Override
            public CompletionStage<String> known() {
                return access.heardStaff();
            }

            @Override
            public CompletionStage<?> hear(StaffList list) {
                return access.hear(list);
            }
        };
    }
}
