package dev.storemesh.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.ops.cli.Connection.Given;
import dev.storemesh.ops.process.CommandFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectionTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("STOREMESH_URL", "http://127.0.0.1:9001", "STOREMESH_TOKEN", "smt_environment");

    @TempDir
    private Path home = Path.of("");

    @Test
    void isLoopbackWithoutATokenWhenNothingIsSaid() throws Exception {
        var endpoint = Connection.resolve(given(Optional.empty(), Optional.empty(), Optional.empty()), Map.of());
        assertThat(endpoint.base()).hasToString("http://127.0.0.1:8080");
        assertThat(endpoint.token()).isEmpty();
    }

    @Test
    void takesTheCommandLineBeforeTheHomeBeforeTheEnvironment() throws Exception {
        Files.writeString(home.resolve("operator.token"), "smt_home\n");
        Files.writeString(home.resolve("storemesh.conf"), "storemesh { http.port = 9002, http.bind = ${?BIND} }");
        var nothing = given(Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(Connection.resolve(nothing, ENVIRONMENT).base()).hasPort(9001);
        assertThat(Connection.resolve(nothing, ENVIRONMENT).token()).contains("smt_environment");
        var homeOnly = given(Optional.empty(), Optional.empty(), Optional.of(home));
        assertThat(Connection.resolve(homeOnly, ENVIRONMENT).base()).hasPort(9002);
        assertThat(Connection.resolve(homeOnly, ENVIRONMENT).token()).contains("smt_home");
        var all = given(Optional.of("http://127.0.0.1:9003"), Optional.of("smt_line"), Optional.of(home));
        assertThat(Connection.resolve(all, ENVIRONMENT).base()).hasPort(9003);
        assertThat(Connection.resolve(all, ENVIRONMENT).token()).contains("smt_line");
    }

    @Test
    void needsNoTokenFileWhereATokenIsGiven() throws Exception {
        var given = given(Optional.empty(), Optional.of("smt_line"), Optional.of(home));
        assertThat(Connection.resolve(given, Map.of()).token()).contains("smt_line");
    }

    @Test
    void saysWhichFileOfTheHomeIsWrong() throws Exception {
        var given = given(Optional.empty(), Optional.empty(), Optional.of(home));
        assertThatThrownBy(() -> Connection.resolve(given, Map.of()))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("operator.token: there is no such file");
        Files.writeString(home.resolve("storemesh.conf"), "storemesh.http.port = high");
        assertThatThrownBy(() -> Connection.resolve(given, Map.of()))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("storemesh.http.port");
    }

    private static Given given(Optional<String> url, Optional<String> token, Optional<Path> home) {
        return new Given(url, token, home, false, Optional.empty());
    }
}
