package dev.storemesh.node.site;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/// The smallest site that uses what a real one does: a sharded entity behind a route. A program of its own, so that
/// tests can start, signal and kill it: `HOME [setting=value …]`.
final class EchoSite extends AllDirectives implements Wiring {
    record Echo(String text, ActorRef<String> replyTo) {}

    private static final EntityTypeKey<Echo> TYPE_KEY = EntityTypeKey.create(Echo.class, "echo");

    public static void main(String[] arguments) {
        Map<String, String> overrides = Stream.of(arguments)
                .skip(1)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        System.exit(Node.run(Path.of(arguments[0]), Optional.empty(), overrides, new EchoSite()));
    }

    /// It keeps nothing; several nodes of it need the database to tell which of them go on.
    @Override
    public Config prepare(NodeSettings settings, HomeFolder home) throws StartFailure {
        return settings.cluster().isShared() ? Databases.open(settings.storage(), home) : ConfigFactory.empty();
    }

    @Override
    public Started wire(ActorSystem<?> system, NodeSettings settings, HomeFolder home, Optional<Join> join)
            throws StartFailure {
        var sharding = ClusterSharding.get(system);
        sharding.init(Entity.of(TYPE_KEY, context -> entity()));
        var first = ask(sharding, "first");
        var routes = routes(system, sharding).function(system);
        var url = HttpEndpoint.listen(system, settings.http(), request -> {
            try {
                return routes.apply(request);
            } catch (Exception failed) {
                return CompletableFuture.failedFuture(failed);
            }
        });
        return new Started(url, first);
    }

    private Route routes(ActorSystem<?> system, ClusterSharding sharding) {
        return concat(
                path("echo", () -> onSuccess(ask(sharding, "echo"), this::complete)),
                path("slow", () -> onSuccess(afterASecond(), this::complete)),
                path("never", () -> onSuccess(new CompletableFuture<String>(), this::complete)),
                path("end", () -> {
                    system.terminate();
                    return complete("ending");
                }));
    }

    private static Behavior<Echo> entity() {
        return Behaviors.receiveMessage(echo -> {
            echo.replyTo().tell(echo.text());
            return Behaviors.same();
        });
    }

    private static CompletionStage<String> ask(ClusterSharding sharding, String text) {
        return sharding.entityRefFor(TYPE_KEY, "1")
                .ask((ActorRef<String> replyTo) -> new Echo(text, replyTo), Duration.ofSeconds(20));
    }

    private static CompletionStage<String> afterASecond() {
        return CompletableFuture.supplyAsync(
                () -> Done.getInstance().toString(), CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
    }
}
