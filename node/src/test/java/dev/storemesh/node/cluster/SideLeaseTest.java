package dev.storemesh.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;

final class SideLeaseTest {
    @Test
    void knowsMembersThatAreReachedByHostAndPort() throws Exception {
        var system = ActorSystem.create("site", ConfigFactory.parseString("""
                pekko.actor.provider = cluster
                pekko.remote.artery { transport = tcp, canonical { hostname = "127.0.0.1", port = 0 } }
                """).withFallback(ConfigFactory.load()));
        try {
            var cluster = Cluster.get(system);
            var up = new CompletableFuture<Boolean>();
            cluster.registerOnMemberUp(() -> up.complete(true));
            cluster.join(cluster.selfAddress());
            assertThat(up.get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(SideLease.isReached(
                            cluster.state(), cluster.selfAddress().hostPort()))
                    .isTrue();
            assertThat(SideLease.isReached(cluster.state(), "site@127.0.0.1:1")).isFalse();
        } finally {
            TestKit.shutdownActorSystem(system);
        }
    }
}
