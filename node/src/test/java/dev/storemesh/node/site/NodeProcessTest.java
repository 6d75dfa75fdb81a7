package dev.storemesh.node.site;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A node as a process of its own, told to stop by signals.
@Timeout(120)
class NodeProcessTest {
    private static final long LONGEST_STOP_SECONDS = 10;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Process> processes = new ArrayList<>();
    private List<String> options = List.of();
    private Map<String, String> environment = Map.of();

    @AfterEach
    void killWhatIsLeft() {
        processes.forEach(Process::destroyForcibly);
        client.close();
    }

    @Test
    void livesOneLineAStepAndStopsInTimeWhenTerminated() throws Exception {
        var node = start("storemesh.http.port=0");
        var out = node.inputReader();
        var lines = untilReady(out);
        assertThat(get(urlIn(lines), "/echo").body()).isEqualTo("echo");

        node.toHandle().destroy(); // SIGTERM; Process.destroy would close the pipes as well
        assertThat(node.waitFor(LONGEST_STOP_SECONDS, SECONDS)).isTrue();
        assertThat(node.exitValue()).isZero();
        out.lines().forEach(lines::add);
        assertThat(lines).allMatch(line -> line.contains(" INFO  dev.storemesh.node - "));
        assertThat(lines.stream().map(NodeProcessTest::step))
                .containsExactlyInAnyOrder(
                        "starting", "database", "cluster", "listening", "ready", "stopping:", "stopped");
        assertThat(errors()).doesNotContain("\tat ", "Exception");
    }

    @Test
    void answersTheRequestInFlightBeforeItStops() throws Exception {
        var node = start("storemesh.http.port=0");
        var url = urlIn(untilReady(node.inputReader()));
        assertThat(get(url, "/echo").body()).isEqualTo("echo"); // an idle connection must not hold the stop up
        var inFlight = send(url, "/slow");
        assertThat(get(url, "/echo").body()).isEqualTo("echo"); // by now the slow one is being worked on

        node.toHandle().destroy();
        assertThat(inFlight.get(LONGEST_STOP_SECONDS, SECONDS).statusCode()).isEqualTo(200);
        assertThat(node.waitFor(LONGEST_STOP_SECONDS, SECONDS)).isTrue();
        assertThat(node.exitValue()).isZero();
    }

    @Test
    void stopsInTimeWhateverIsStillUnanswered() throws Exception {
        var node = start("storemesh.http.port=0");
        var url = urlIn(untilReady(node.inputReader()));
        var inFlight = send(url, "/never");
        assertThat(get(url, "/echo").body()).isEqualTo("echo"); // by now the other is being worked on

        node.toHandle().destroy();
        assertThat(node.waitFor(LONGEST_STOP_SECONDS, SECONDS)).isTrue();
        assertThat(node.exitValue()).isZero();
        assertThat(inFlight.get(LONGEST_STOP_SECONDS, SECONDS).statusCode()).isEqualTo(503);
    }

    @Test
    void stopsInGoodOrderWhileItStarts() throws Exception {
        var node = start("storemesh.http.port=0");
        var out = node.inputReader();
        until(out, "database opened");
        node.toHandle().destroy();
        assertThat(out.lines().toList()).isNotEmpty().last().asString().contains(" - stopped");
        assertThat(node.waitFor(LONGEST_STOP_SECONDS, SECONDS)).isTrue();
        assertThat(node.exitValue()).isZero();
    }

    @Test
    void fallsSilentWithTheProcessItMustNotOutlive() throws Exception {
        var parent = new ProcessBuilder("sleep", "300").start();
        processes.add(parent);
        var node = start("storemesh.http.port=0", "storemesh.site.exit-with-parent=" + parent.pid());
        untilReady(node.inputReader());
        parent.destroyForcibly();
        assertThat(node.waitFor(LONGEST_STOP_SECONDS, SECONDS)).isTrue();
        assertThat(node.exitValue()).isZero();
    }

    @Test
    void failsWhenItsActorSystemEndsByItself() throws Exception {
        var node = start("storemesh.http.port=0");
        var unused = send(urlIn(untilReady(node.inputReader())), "/end"); // may end before it answers
        assertThat(node.waitFor(LONGEST_STOP_SECONDS, SECONDS)).isTrue();
        assertThat(node.exitValue()).isOne();
        assertThat(errors()).contains("The actor system ended by itself; the log says why");
    }

    @Test
    void saysThatThePortIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = taken.getLocalPort();
            refuses(
                    "storemesh.http: port " + port
                            + " of 127.0.0.1 is in use by another program; stop it or choose another port",
                    "storemesh.http.port=" + port);
        }
    }

    @Test
    void saysThatTheAddressIsNotItsOwn() throws Exception {
        refuses(
                "storemesh.http: cannot listen on port 8080 of 192.0.2.1: Cannot assign requested address",
                "storemesh.http.bind=192.0.2.1");
    }

    @Test
    void saysThatItsHomeIsTaken() throws Exception {
        try (var home = HomeFolder.open(folder.resolve("home"))) {
            refuses("The home folder " + home.path() + " is used by another node (pid "
                    + ProcessHandle.current().pid() + ")");
        }
    }

    @Test
    void saysWhichSettingIsWrong() throws Exception {
        refuses(
                "storemesh.http.port in the command line is \"http\" (expected: a whole number from 0 to 65535)",
                "storemesh.http.port=http");
    }

    @Test
    void seesWrongNamesAmongItsRealPropertiesAndVariables() throws Exception {
        options = List.of("-Dstoremesh.http.prot=1");
        refuses("storemesh.http.prot in the system properties is not a setting (did you mean storemesh.http.port?)");
        options = List.of();
        environment = Map.of("STOREMESH_LINK_WAITS", "1s");
        refuses("STOREMESH_LINK_WAITS in the environment is not a setting (did you mean STOREMESH_LINK_WAIT?)");
    }

    private void refuses(String sentence, String... settings) throws Exception {
        var node = start(settings);
        assertThat(node.inputReader().lines()).noneMatch(line -> line.contains("\tat "));
        assertThat(node.waitFor(LONGEST_STOP_SECONDS, SECONDS)).isTrue();
        assertThat(node.exitValue()).isOne();
        assertThat(errors().lines().filter(line -> !line.startsWith("WARNING: ")))
                .containsExactly(sentence);
    }

    private Process start(String... settings) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EchoSite.class.getName()));
        command.add(folder.resolve("home").toString());
        command.addAll(List.of(settings));
        var builder = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors").toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        processes.add(process);
        return process;
    }

    private String errors() throws IOException {
        return Files.readString(folder.resolve("errors"));
    }

    private static List<String> untilReady(BufferedReader out) throws IOException {
        return until(out, "ready in");
    }

    private static List<String> until(BufferedReader out, String step) throws IOException {
        var lines = new ArrayList<String>();
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
            if (line.contains(" - " + step + " ")) {
                return lines;
            }
        }
        throw new AssertionError("ended before " + step + ": " + lines);
    }

    private static URI urlIn(List<String> lines) {
        var listening =
                lines.stream().filter(line -> line.contains("listening on ")).findFirst();
        return URI.create(listening.orElseThrow().replaceFirst(".*listening on ", ""));
    }

    private static String step(String line) {
        return line.replaceFirst(".* - ", "").split(" ", 2)[0];
    }

    private HttpResponse<String> get(URI url, String path) throws Exception {
        return send(url, path).get(LONGEST_STOP_SECONDS, SECONDS);
    }

    private CompletableFuture<HttpResponse<String>> send(URI url, String path) {
        return client.sendAsync(
                HttpRequest.newBuilder(url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
