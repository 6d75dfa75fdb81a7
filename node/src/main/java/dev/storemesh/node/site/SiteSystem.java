package dev.storemesh.node.site;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;

/// The actor system of a node in the cluster of its site: of this one node, set up by `site.conf`, or of several,
/// by `cluster.conf` above that.
final class SiteSystem {
    private static final String NAME = "storemesh";

    private static final long SMALLEST_FRAME = 16 << 20;
    private static final long LARGEST_FRAME = 1 << 29;

    /// What reaches an entity while it recovers or journals waits in its stash; what finds it full is dropped,
    /// and its sender learns that by a time-out only. Each connection has one request under way, and a request
    /// sends an entity one message at a time: so many for each connection leave room for time-outs and the link.
    private static final int STASHED = 4;

    private SiteSystem() {}

    /// Starts the system and lets it join the other nodes, or itself; `up` runs when it is a member of its
    /// cluster.
    ///
    /// @throws StartFailure when the files for TLS cannot be used, or the directory of nodes
    static ActorSystem<Void> start(NodeSettings settings, Config prepared, Runnable up) throws StartFailure {
        var system = create(settings.cluster().tls(), config(settings, prepared));
        if (settings.cluster().isShared()) {
            PeerConnections.closeAtTheEnd(system);
        }
        org.apache.pekko.cluster.Cluster.get(system.classicSystem()).registerOnMemberUp(up);
        try {
            join(system, settings.cluster());
        } catch (StartFailure failure) {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
            throw failure;
        }
        return system;
    }

    private static void join(ActorSystem<?> system, ClusterSettings settings) throws StartFailure {
        if (settings.bootstrap().isPresent()) {
            Bootstrap.start(system, settings.bootstrap().get());
            return;
        }
        var cluster = Cluster.get(system);
        var here = cluster.selfMember().address();
        var seeds = settings.seeds().stream()
                .map(seed -> new Address(here.protocol(), NAME, seed.host(), seed.port()))
                .toList();
        cluster.manager().tell(settings.isShared() ? new JoinSeedNodes(seeds) : Join.create(here));
    }

    private static ActorSystem<Void> create(Optional<ClusterSettings.Tls> files, Config config) throws StartFailure {
        if (files.isEmpty()) {
            return ActorSystem.create(Behaviors.empty(), NAME, config);
        }
        var tls = new PeerTls(files.get(), InstantSource.system());
        var setup =
                ActorSystemSetup.create(BootstrapSetup.create(config), SSLEngineProviderSetup.create(system -> tls));
        var system = ActorSystem.<Void>create(Behaviors.empty(), NAME, setup);
        tls.watch(system);
        return system;
    }

    /// Highest first: `-Dpekko.…` for experiments, what follows from our settings, what the wiring prepared,
    /// `site.conf`, the defaults of all libraries. Our own settings stay out: actors get records.
    static Config config(NodeSettings settings, Config prepared) {
        return ConfigFactory.systemProperties()
                .withOnlyPath("pekko")
                .withFallback(derived(settings.http()))
                .withFallback(derived(settings.cluster(), settings.http()))
                .withFallback(prepared)
                .withFallback(settings.cluster().isShared() ? resource("cluster.conf") : ConfigFactory.empty())
                .withFallback(resource("site.conf"))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve()
                .withoutPath(SettingsLayers.ROOT);
    }

    private static Config resource(String name) {
        return ConfigFactory.parseResources(SiteSystem.class.getClassLoader(), name);
    }

    /// A write that came in by HTTP must be able to travel on: as a message it is no longer than four times its
    /// JSON.
    private static Config derived(ClusterSettings cluster, HttpSettings http) {
        if (!cluster.isShared()) {
            return ConfigFactory.empty();
        }
        var artery = "pekko.remote.artery.";
        var values = new HashMap<String, Object>();
        values.put(artery + "canonical.hostname", cluster.here().host());
        values.put(artery + "canonical.port", cluster.here().port());
        values.put(
                artery + "advanced.maximum-frame-size",
                Math.clamp(4 * http.maxBodyBytes(), SMALLEST_FRAME, LARGEST_FRAME));
        cluster.tls().ifPresent(tls -> values.put(artery + "transport", "tls-tcp"));
        return ConfigFactory.parseMap(values, "storemesh.cluster")
                .withFallback(cluster.bootstrap()
                        .map(bootstrap ->
                                Bootstrap.config(bootstrap, cluster.here().host()))
                        .orElseGet(ConfigFactory::empty));
    }

    private static Config derived(HttpSettings http) {
        var server = "pekko.http.server.";
        return ConfigFactory.parseMap(
                Map.of(
                        server + "request-timeout",
                        http.requestTimeout().toMillis() + "ms",
                        server + "idle-timeout",
                        http.requestTimeout().plusSeconds(20).toMillis() + "ms",
                        server + "parsing.max-content-length",
                        http.maxBodyBytes(),
                        server + "max-connections",
                        http.maxConnections(),
                        "pekko.persistence.typed.stash-capacity",
                        STASHED * http.maxConnections()),
                "storemesh.http");
    }
}
