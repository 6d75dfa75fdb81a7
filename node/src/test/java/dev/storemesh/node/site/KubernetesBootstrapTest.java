package dev.storemesh.node.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes as processes, which take themselves for pods: the API server is a stand-in ([ApiServer]), the rest is
/// real.
@Timeout(180)
@Tag("long")
class KubernetesBootstrapTest {
    private static final Pattern MEMBER = Pattern.compile("\"node\":\"pekko://[^\"]+\"");
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder = Path.of("");

    private final SharedSite site = new SharedSite();
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void kill() throws InterruptedException {
        for (var process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void podsFindEachOtherByTheApiServer() throws Exception {
        var identity = TestAuthority.make(folder, "cluster authority").sign("api server");
        Files.writeString(folder.resolve("api-ca.pem"), identity.authority());
        Files.writeString(folder.resolve("token"), ApiServer.TOKEN);
        var contacts = List.of(SharedSite.freePort(), SharedSite.freePort());
        try (var api = new ApiServer(identity, contacts)) {
            var environment = Map.of(
                    "KUBERNETES_SERVICE_HOST", "127.0.0.1", "KUBERNETES_SERVICE_PORT", String.valueOf(api.port()));
            var nodes = List.of(
                    start("a", SharedSite.freePort(), contacts.get(0), environment),
                    start("b", SharedSite.freePort(), contacts.get(1), environment));
            for (var node : nodes) {
                var lines = new ArrayList<String>();
                assertThat(node.inputReader().lines().peek(lines::add).anyMatch(line -> line.contains("cluster up")))
                        .as("%s", lines)
                        .isTrue();
            }
            assertThat(members(contacts.get(0)))
                    .hasSize(2)
                    .containsExactlyInAnyOrderElementsOf(members(contacts.get(1)));
        }
    }

    @Test
    void saysThatItIsNoPod() throws Exception {
        var node = start("alone", SharedSite.freePort(), SharedSite.freePort(), Map.of());
        assertThat(node.inputReader().lines().toList())
                .contains("storemesh.cluster.bootstrap.method is kubernetes, and this is no pod: "
                        + "KUBERNETES_SERVICE_HOST is not set");
        assertThat(node.waitFor()).isOne();
    }

    private Process start(String name, int port, int contact, Map<String, String> environment) throws IOException {
        var home = Files.createDirectories(folder.resolve(name));
        site.add(home, """
                storemesh.cluster { port = %d, bootstrap {
                  method = kubernetes, service = hq, namespace = shops, port = %d } }
                """.formatted(port, contact));
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dpekko.discovery.kubernetes-api.api-ca-path=" + folder.resolve("api-ca.pem"),
                        "-Dpekko.discovery.kubernetes-api.api-token-path=" + folder.resolve("token"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoSite.class.getName(),
                        home.toString(),
                        "storemesh.http.port=0",
                        "storemesh.site.exit-with-parent="
                                + ProcessHandle.current().pid())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(variable -> variable.startsWith("KUBERNETES_"));
        builder.environment().putAll(environment);
        var process = builder.start();
        processes.add(process);
        return process;
    }

    /// As the contact point tells them.
    private static List<String> members(int contact) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var address = URI.create("http://127.0.0.1:" + contact + "/bootstrap/seed-nodes");
            var body = http.send(HttpRequest.newBuilder(address).timeout(SOON).build(), BodyHandlers.ofString())
                    .body();
            var seedNodes = body.substring(body.indexOf("\"seedNodes\""));
            return MEMBER.matcher(seedNodes).results().map(MatchResult::group).toList();
        }
    }
}
