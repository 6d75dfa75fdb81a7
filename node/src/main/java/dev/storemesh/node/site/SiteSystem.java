package dev.storemesh.node.site;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/// The actor system of a site: a Pekko cluster of this one node, set up by `site.conf`.
final class SiteSystem {
    private static final String NAME = "storemesh";

    private SiteSystem() {}

    /// Starts the system and lets it join itself; `up` runs when it is a member of its cluster.
    static ActorSystem<Void> start(NodeSettings settings, Config prepared, Runnable up) {
        var system = ActorSystem.<Void>create(Behaviors.empty(), NAME, config(settings, prepared));
        var cluster = Cluster.get(system);
        org.apache.pekko.cluster.Cluster.get(system.classicSystem()).registerOnMemberUp(up);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        return system;
    }

    /// Highest first: `-Dpekko.…` for experiments, what follows from our settings, what the wiring prepared,
    /// `site.conf`, the defaults of all libraries. Our own settings stay out: actors get records.
    static Config config(NodeSettings settings, Config prepared) {
        return ConfigFactory.systemProperties()
                .withOnlyPath("pekko")
                .withFallback(derived(settings.http()))
                .withFallback(prepared)
                .withFallback(ConfigFactory.parseResources(SiteSystem.class.getClassLoader(), "site.conf"))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve()
                .withoutPath(SettingsLayers.ROOT);
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
