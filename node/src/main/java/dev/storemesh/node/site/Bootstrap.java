package dev.storemesh.node.site;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.storemesh.node.site.BootstrapSettings.Directory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;

/// Joining by a directory (Pekko Management): asks it for the nodes' contact points, asks those which cluster they
/// are in, and joins that one. Where none is in one, and all that the directory knows have said so, the one of the
/// lowest address begins it.
final class Bootstrap {
    private static final String API_SERVER = "KUBERNETES_SERVICE_HOST"; // which every pod has

    /// A node that is not let into the cluster that it found ends (exit code 1), and finds out anew what there is
    /// when it is started again.
    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(60);

    private Bootstrap() {}

    /// What follows from the settings; the rest stands in `cluster.conf`.
    static Config config(BootstrapSettings settings, String host) {
        var http = "pekko.management.http.";
        var points = "pekko.management.cluster.bootstrap.contact-point-discovery.";
        var values = new HashMap<String, Object>();
        values.put("pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes", GIVE_UP_AFTER.toSeconds() + "s");
        values.put(http + "hostname", host);
        values.put(http + "port", settings.port());
        values.put(http + "bind-hostname", settings.bind());
        values.put(points + "effective-name", settings.service());
        values.put(points + "port-name", settings.portName().orElse(""));
        values.put(points + "required-contact-point-nr", settings.contactPoints());
        switch (settings.directory()) {
            case Directory.Dns() -> values.put(points + "discovery-method", "pekko-dns");
            case Directory.Kubernetes(var namespace) -> {
                values.put(points + "discovery-method", "kubernetes-api");
                namespace.ifPresent(name -> values.put("pekko.discovery.kubernetes-api.pod-namespace", name));
            }
        }
        return ConfigFactory.parseMap(values, "storemesh.cluster.bootstrap");
    }

    /// Listens, and begins to look for the others.
    static void start(ActorSystem<?> system, BootstrapSettings settings) throws StartFailure {
        if (settings.directory() instanceof Directory.Kubernetes && System.getenv(API_SERVER) == null) {
            throw new StartFailure("storemesh.cluster.bootstrap.method is kubernetes, and this is no pod: " + API_SERVER
                    + " is not set");
        }
        var management = PekkoManagement.get(system.classicSystem());
        try {
            management.start().toCompletableFuture().join();
            ClusterBootstrap.get(system.classicSystem()).start();
        } catch (CompletionException taken) {
            throw new StartFailure(
                    "storemesh.cluster.bootstrap: cannot listen on port " + settings.port() + " of " + settings.bind()
                            + ": "
                            + Objects.requireNonNullElse(taken.getCause(), taken)
                                    .getMessage(),
                    taken);
        } catch (RuntimeException noDirectory) { // whatever its constructor throws
            throw new StartFailure(
                    "storemesh.cluster.bootstrap: the directory cannot be asked: " + noDirectory, noDirectory);
        }
        CoordinatedShutdown.get(system)
                .addTask(
                        CoordinatedShutdown.PhaseServiceUnbind(),
                        "close-contact-point",
                        () -> management.stop().thenApply(closed -> Done.getInstance()));
    }
}
