package dev.storemesh.http.route;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// One actor system for all tests of routes: streams need one, and it ends with the JVM.
abstract class WithSystem {
    static final ActorSystem<Void> SYSTEM = ActorSystem.create(
            Behaviors.empty(), "routes-test", ConfigFactory.parseString("""
                            pekko.loglevel = WARNING
                            pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                            pekko.daemonic = on
                            """).withFallback(ConfigFactory.load()));
}
