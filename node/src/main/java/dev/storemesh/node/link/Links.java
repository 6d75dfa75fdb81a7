package dev.storemesh.node.link;

import dev.storemesh.node.access.SiteAccess;
import dev.storemesh.node.replica.FollowedCatalog;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.value.CatalogId;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/// Starts a store's link.
public final class Links {
    private Links() {}

    /// Lets the link of an enrolled store run, at this node or at another one of the store; how it stands is in
    /// `state` here in any case.
    ///
    /// @param isShared whether the store may have other nodes
    /// @throws StartFailure if the credential would travel in the clear beyond this machine
    public static void start(
            ActorSystem<?> system,
            HeldEnrolment held,
            FollowedCatalog catalog,
            SiteAccess access,
            LinkSettings settings,
            Optional<SSLContext> trust,
            AtomicReference<LinkState> state,
            InstantSource clock,
            RandomGenerator random,
            LinkReports reports,
            boolean isShared)
            throws StartFailure {
        var hq = HqClient.of(held.now().hq(), held::credential, settings, trust);
        var parts = new SiteLink.Parts(
                held,
                enrolment -> catalog.enrol(enrolment.store(), enrolment.history(), enrolment.epoch())
                        .thenCompose(done -> catalog.scope(settings.scope().of(enrolment.store()))),
                () -> List.of(loops(held, catalog, access, hq, settings, state, clock, random, reports)),
                state::get,
                reports,
                clock,
                settings);
        var link = ClusterSingleton.get(system).init(SingletonActor.of(SiteLink.create(parts), "site-link"));
        if (isShared) {
            system.systemActorOf(LinkWatch.create(link, held, state::set, reports, clock), "link-watch", Props.empty());
        }
    }

    /// What the link does, and the verifier that two of its loops give work: at the same node, and no longer.
    private static Behavior<?> loops(
            HeldEnrolment held,
            FollowedCatalog catalog,
            SiteAccess access,
            HqClient hq,
            LinkSettings settings,
            AtomicReference<LinkState> state,
            InstantSource clock,
            RandomGenerator random,
            LinkReports reports) {
        return Behaviors.setup(context -> {
            var id = held.now().catalog();
            var verifications = "/api/v1/stores/" + held.now().store() + "/verifications";
            var verifier = context.spawn(
                    Verifier.create(
                            new CopyComparison(catalog, id, hq, state::get)::outcome,
                            copy(catalog, id),
                            verification -> hq.post(verifications, verification.write()),
                            new Backoff(settings, random),
                            clock),
                    "verifier");
            context.spawn(
                    StoreLink.kept(
                            id,
                            catalog.replica(),
                            hq,
                            settings,
                            state::set,
                            random,
                            reports,
                            () -> verifier.tell(new Verifier.Reconnected())),
                    "link");
            context.spawn(
                    StaffLink.create(
                            held,
                            book(access),
                            hq,
                            settings,
                            state::set,
                            clock,
                            random,
                            order -> verifier.tell(new Verifier.Ordered(order))),
                    "staff-link");
            return Behaviors.empty();
        });
    }

    private static Verifier.Copy copy(FollowedCatalog catalog, CatalogId id) {
        return new Verifier.Copy() {
            @Override
            public CompletionStage<?> loadAnew() {
                return catalog.resync(id);
            }

            @Override
            public CompletionStage<Boolean> isLoading() {
                return catalog.isLoading();
            }
        };
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
