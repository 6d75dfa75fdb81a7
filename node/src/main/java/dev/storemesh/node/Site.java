package dev.storemesh.node;

import com.typesafe.config.Config;
import dev.storemesh.http.route.Api;
import dev.storemesh.http.route.Endpoint;
import dev.storemesh.http.route.Forwarding;
import dev.storemesh.http.route.Router;
import dev.storemesh.http.route.RouterSettings;
import dev.storemesh.http.tls.PemTls;
import dev.storemesh.node.access.Secrets;
import dev.storemesh.node.access.SiteAccess;
import dev.storemesh.node.catalog.Catalogs;
import dev.storemesh.node.catalog.LocalStandings;
import dev.storemesh.node.catalog.LogOrigin;
import dev.storemesh.node.catalog.LogReader;
import dev.storemesh.node.catalog.Partitions;
import dev.storemesh.node.catalog.Standings;
import dev.storemesh.node.link.Enroller;
import dev.storemesh.node.link.Enrolment;
import dev.storemesh.node.link.HeldEnrolment;
import dev.storemesh.node.link.HqPassage;
import dev.storemesh.node.link.LinkReports;
import dev.storemesh.node.link.Links;
import dev.storemesh.node.measure.Measures;
import dev.storemesh.node.replica.FollowedCatalog;
import dev.storemesh.node.site.Databases;
import dev.storemesh.node.site.HomeFolder;
import dev.storemesh.node.site.HttpEndpoint;
import dev.storemesh.node.site.Join;
import dev.storemesh.node.site.NodeSettings;
import dev.storemesh.node.site.ProgramVersion;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.node.site.Started;
import dev.storemesh.node.site.Wiring;
import dev.storemesh.node.watch.NodeWatch;
import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.access.SitePort.Kind;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.SitePort.Standing;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.ChangeRequestPort;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.Ulid;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.stream.SystemMaterializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The wiring of a real site: HQ, or a store if its home holds an enrolment or a join token is given. Here all
/// modules meet.
public final class Site implements Wiring {
    private static final Logger LOG = LoggerFactory.getLogger(Site.class);
    private static final String OPERATOR_TOKEN = "operator.token";
    /// How much longer than a request a silent connection to HQ is kept: what an HQ of the same settings allows.
    private static final Duration FORWARD_GRACE = Duration.ofSeconds(60);

    private static final Duration BODY_DEADLINE = Duration.ofSeconds(20);

    /// In the milliseconds that are stored.
    private final InstantSource clock = () -> Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final SecureRandom random = new SecureRandom();
    private final AtomicReference<LinkState> link = new AtomicReference<>(LinkState.UNREACHABLE);
    private final CompletableFuture<PageTokens> pageTokens = new CompletableFuture<>();
    private final LinkReports reports = new LinkReports(ProgramVersion.text(), clock);
    private volatile boolean ready;

    /// The catalogs of this site, whichever kind it is.
    private record Trade(
            CatalogPort catalogs, ChangeRequestPort requests, LocalStandings local, Optional<Standings> own) {}

    @Override
    public Config prepare(NodeSettings settings, HomeFolder home) throws StartFailure {
        return Databases.open(settings.storage(), home);
    }

    @Override
    public Started wire(ActorSystem<?> system, NodeSettings settings, HomeFolder home, Optional<Join> join)
            throws StartFailure {
        var trust = trust(settings.link().trust());
        var stop = CoordinatedShutdown.get(system);
        var files = Databases.files(settings.storage(), home, Enroller.KIND, Enroller.FILES);
        var enrolment = Enroller.enrol(
                files,
                join,
                settings.link(),
                trust,
                () -> Ulid.make(clock.instant(), random),
                clock,
                new Enroller.Waiting(
                        member(system, settings), () -> stop.getShutdownReason().isPresent()));
        if (settings.site().reader() && enrolment.isEmpty()) {
            throw new StartFailure("storemesh.site.reader: this home has joined no HQ that it could follow "
                    + "(expected: --join and --token at the first start)");
        }
        var log = new LogReader(system, enrolment.isPresent() ? LogOrigin.REPLICA : LogOrigin.CATALOG);
        var partitions = Partitions.start(system, log, settings.partition());
        var followed = enrolment.map(as -> new FollowedCatalog(
                system, as.catalog(), settings.replica(), settings.catalog(), partitions, log, clock, random));
        var claims = new CompletableFuture<SiteAccess>(); // it needs the catalogs, and they need it
        var trade = followed.map(catalog -> new Trade(catalog, catalog, catalog.local(), Optional.empty()))
                .orElseGet(
                        () -> own(system, settings, partitions, log, () -> claims.thenCompose(SiteAccess::namespaces)));
        var secrets = new Secrets(random);
        var access = new SiteAccess(
                system,
                trade.own(),
                enrolment.map(Enrolment::store),
                settings.access(),
                settings.fleet().nights(),
                clock,
                random,
                secrets);
        claims.complete(access);
        var held = enrolment.map(as -> new HeldEnrolment(files, as));
        var forwarding = held.isPresent()
                ? Optional.of(forwarding(system, settings, held.get(), access, trust))
                : Optional.<Forwarding>empty(); // HQ itself
        var site = standing(settings, enrolment);
        var measures = Measures.of(system);
        var watch = new NodeWatch(
                measures,
                trade.local(),
                partitions::memoryUse,
                site,
                reports::clockOffset,
                ProgramVersion.text(),
                clock);
        var url = listen(system, settings, trade, access, site, watch, measures, forwarding);
        var opened = access.open(operatorToken(home, secrets)).thenAccept(state -> {
            pageTokens.complete(new PageTokens(state.pageKey()));
        });
        var started = followed.isPresent()
                ? opened.thenCompose(
                        unused -> follow(system, settings, held.orElseThrow(), followed.get(), access, trust))
                : opened;
        return new Started(url, started.thenRun(() -> ready = true));
    }

    /// Completes when this node is in the cluster of its site. A node that is the whole site waits for nobody.
    private static CompletionStage<Boolean> member(ActorSystem<?> system, NodeSettings settings) {
        var member = new CompletableFuture<Boolean>();
        if (settings.cluster().isShared()) {
            Cluster.get(system.classicSystem()).registerOnMemberUp(() -> member.complete(true));
        } else {
            member.complete(true);
        }
        return member;
    }

    private Trade own(
            ActorSystem<?> system,
            NodeSettings settings,
            Partitions partitions,
            LogReader log,
            Supplier<CompletionStage<Namespaces>> namespaces) {
        var catalogs = new Catalogs(system, settings.catalog(), partitions, log, namespaces, clock, random);
        return new Trade(catalogs, catalogs, catalogs.local(), Optional.of(catalogs.standings()));
    }

    /// The link begins when the replica knows as whom it follows; it tells that again, by what is kept then.
    private CompletionStage<Void> follow(
            ActorSystem<?> system,
            NodeSettings settings,
            HeldEnrolment held,
            FollowedCatalog catalog,
            SiteAccess access,
            Optional<SSLContext> trust) {
        var as = held.now();
        return catalog.enrol(as.store(), as.history(), as.epoch()).thenAccept(done -> {
            try {
                Links.start(
                        system,
                        held,
                        catalog,
                        access,
                        settings.link(),
                        trust,
                        link,
                        clock,
                        random,
                        reports,
                        settings.cluster().isShared());
            } catch (StartFailure e) {
                throw new CompletionException(e);
            }
        });
    }

    private static Optional<SSLContext> trust(Optional<Path> certificates) throws StartFailure {
        try {
            return certificates.map(PemTls::trusting);
        } catch (IllegalArgumentException e) {
            throw new StartFailure("storemesh.link.trust: " + e.getMessage(), e);
        }
    }

    private SitePort standing(NodeSettings settings, Optional<Enrolment> enrolment) {
        var follower = settings.site().reader() ? Kind.READER : Kind.STORE;
        return () -> enrolment
                .map(as -> new Standing(as.store().text(), follower, ready, Optional.of(link.get())))
                .orElseGet(() -> new Standing(settings.site().id(), Kind.HQ, ready, Optional.empty()));
    }

    /// A store's clients may ask it for what only HQ does.
    private Forwarding forwarding(
            ActorSystem<?> system,
            NodeSettings settings,
            HeldEnrolment held,
            SiteAccess access,
            Optional<SSLContext> trust)
            throws StartFailure {
        var hq = HqPassage.of(
                system,
                () -> held.now().hq(),
                settings.link(),
                trust,
                link::get,
                settings.http().requestTimeout().plus(FORWARD_GRACE));
        return new Forwarding(
                hq,
                access,
                held.now().store(),
                settings.link().forwards(),
                SystemMaterializer.get(system).materializer());
    }

    private URI listen(
            ActorSystem<?> system,
            NodeSettings settings,
            Trade trade,
            SiteAccess access,
            SitePort site,
            NodeWatch watch,
            Measures measures,
            Optional<Forwarding> forwarding)
            throws StartFailure {
        var http = settings.http();
        var endpoints = Api.endpoints(trade.catalogs(), trade.requests(), access, site, watch, pageTokens::join);
        var router = new Router(
                settings.site().reader()
                        ? endpoints.stream().map(Endpoint::atReader).toList()
                        : endpoints,
                access,
                new RouterSettings(
                        http.maxBodyBytes(),
                        BODY_DEADLINE,
                        http.requestTimeout(),
                        http.importMaxBodyBytes(),
                        http.corsOrigins()),
                SystemMaterializer.get(system).materializer(),
                forwarding);
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "not-ready", () -> {
            ready = false;
            return CompletableFuture.completedFuture(Done.getInstance());
        });
        return HttpEndpoint.listen(system, http, measures.counting(router));
    }

    /// The file is there before the journal knows the token, so that no start that is cut short locks the operator
    /// out.
    private static String operatorToken(HomeFolder home, Secrets secrets) throws StartFailure {
        try {
            var present = home.read(OPERATOR_TOKEN);
            if (present.isPresent()) {
                return present.get();
            }
            var token = secrets.token();
            home.create(OPERATOR_TOKEN, token);
            LOG.info("wrote the operator token to [{}]", home.path().resolve(OPERATOR_TOKEN));
            return token;
        } catch (IOException e) {
            throw new StartFailure("The operator token cannot be kept in " + home.path() + ": " + e.getMessage(), e);
        }
    }
}
