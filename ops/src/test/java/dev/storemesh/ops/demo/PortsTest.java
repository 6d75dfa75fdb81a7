package dev.storemesh.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.ops.process.CommandFailed;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

final class PortsTest {
    private static final OptionalInt ANY = OptionalInt.empty();

    @Test
    void takesTheDefaultPortsWhenTheyAreFree() throws Exception {
        assertThat(Ports.plan(ANY, Optional.empty(), allBut()).numbers()).containsExactly(8080, 8081, 8082);
    }

    @Test
    void givesWayToWhoeverHasADefaultPort() throws Exception {
        var ports = Ports.plan(ANY, Optional.empty(), allBut(8080, 8082));
        assertThat(ports.numbers()).containsExactly(8081, 8083, 8084);
    }

    @Test
    void takesThePortsThatWereAskedFor() throws Exception {
        assertThat(Ports.plan(OptionalInt.of(9000), Optional.empty(), allBut()).numbers())
                .containsExactly(9000, 9001, 9002);
    }

    @Test
    void refusesToMoveAPortThatWasAskedFor() {
        assertThatThrownBy(() -> Ports.plan(OptionalInt.of(9000), Optional.empty(), allBut(9001)))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("another process has 9001");
    }

    @Test
    void refusesABaseThatLeavesNoRoomForThree() {
        assertThatThrownBy(() -> Ports.plan(OptionalInt.of(65_534), Optional.empty(), allBut()))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("--port: 65534");
        assertThatThrownBy(() -> Ports.plan(OptionalInt.of(0), Optional.empty(), allBut()))
                .isInstanceOf(CommandFailed.class);
    }

    @Test
    void keepsThePortsThatTheStoresKnow() throws Exception {
        var kept = new Ports(List.of(8081, 8083, 8084));
        assertThat(Ports.plan(ANY, Optional.of(kept), allBut())).isEqualTo(kept);
    }

    @Test
    void refusesToStartOnKeptPortsThatSomebodyHas() {
        var kept = new Ports(List.of(8081, 8083, 8084));
        assertThatThrownBy(() -> Ports.plan(ANY, Optional.of(kept), allBut(8083)))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("another process has 8083");
    }

    @Test
    void refusesToMoveAKeptDemo() throws Exception {
        var kept = new Ports(List.of(9000, 9001, 9002));
        assertThat(Ports.plan(OptionalInt.of(9000), Optional.of(kept), allBut()))
                .isEqualTo(kept);
        assertThatThrownBy(() -> Ports.plan(OptionalInt.of(9100), Optional.of(kept), allBut()))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("leave --port out");
    }

    @Test
    void seesThatAPortIsTaken() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.isFree(other.getLocalPort())).isFalse();
        }
    }

    private static IntPredicate allBut(Integer... taken) {
        return port -> !Set.of(taken).contains(port);
    }
}
