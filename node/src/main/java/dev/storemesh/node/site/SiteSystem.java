package dev.storemesh.node.site;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider;

/// The actor system of a node in the cluster of its site: of this one node, set up by `site.conf`, or of several,
/// by
/// `cluster.conf` above that.
final class SiteSystem {
    private static final String NAME = "storemesh";

    private static final long SMALLEST_FRAME = 16 << 20;
    private static final long LARGEST_FRAME = 1 << 29;

    private SiteSystem() {}

    /// Starts the system and lets it join the other nodes, or itself; `up` runs when it is a member of its
    /// cluster.
    static ActorSystem<Void> start(NodeSettings settings, Config prepared, Runnable up) {
        var system = ActorSystem.<Void>create(Behaviors.empty(), NAME, config(settings, prepared));
        if (settings.cluster().isShared()) {
            PeerConnections.closeAtTheEnd(system);
        }
        var cluster = Cluster.get(system);
        org.apache.pekko.cluster.Cluster.get(system.classicSystem()).registerOnMemberUp(up);
        var seeds = settings.cluster().seeds().stream()
                .map(seed -> new Address(cluster.selfMember().address().protocol(), NAME, seed.host(), seed.port()))
                .toList();
        cluster.manager()
                .tell(
                        settings.cluster().isShared()
                                ? new JoinSeedNodes(seeds)
                                : Join.create(cluster.selfMember().address()));
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
        cluster.tls().ifPresent(tls -> {
            var engine = artery + "ssl.rotating-keys-engine.";
            values.put(artery + "transport", "tls-tcp");
            values.put(artery + "ssl.ssl-engine-provider", RotatingKeysSSLEngineProvider.class.getName());
            values.put(engine + "cert-file", tls.certificate().toString());
            values.put(engine + "key-file", tls.key().toString());
            values.put(engine + "ca-cert-file", tls.authority().toString());
            values.put(engine + "ssl-context-cache-ttl", tls.reloadEvery().toMillis() + "ms");
        });
        return ConfigFactory.parseMap(values, "storemesh.cluster");
    }

    private static Config derived(HttpSettings http) {
        var server = "pekko.http.server.";
        return ConfigFactory.parseMap(
                Map.of(
                        server + "request-timeout", http.requestTimeout().toMillis() + "ms",
                        server + "idle-timeout",
                                http.requestTimeout().plusSeconds(20).toMillis() + "ms",
                        server + "parsing.max-content-length", http.maxBodyBytes()),
                "storemesh.http");
    }
}
