package dev.storemesh.ops.site;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A node as an operator has it: a process with a home folder and a port, which can be killed and started again on
/// both. Everything it logs is kept, and its end is shown when something goes wrong.
final class SiteProcess implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final int TAIL_LINES = 40;
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final Path home;
    private final String host;
    private final int port;
    private final Path log;
    private final List<String> prefix;
    private Optional<Process> process = Optional.empty();

    /// @param home need not exist; the log lies beside it
    SiteProcess(Path home) {
        this(home, freePort());
    }

    SiteProcess(Path home, int port) {
        this(home, port, home.resolveSibling(home.getFileName() + ".log"));
    }

    SiteProcess(Path home, int port, Path log) {
        this(home, "127.0.0.1", port, log, List.of());
    }

    /// One on a network of its own, where `host` is the address by which we reach it.
    ///
    /// @param prefix the words that start a command there
    SiteProcess(Path home, String host, int port, List<String> prefix) {
        this(home, host, port, home.resolveSibling(home.getFileName() + ".log"), prefix);
    }

    private SiteProcess(Path home, String host, int port, Path log, List<String> prefix) {
        this.home = home;
        this.host = host;
        this.port = port;
        this.log = log;
        this.prefix = List.copyOf(prefix);
    }

    /// How a process of our program ended, and all that it said.
    record Ended(int exitCode, String output) {}

    /// Runs a command of our program to its end.
    static Ended run(Duration limit, String... words) throws IOException, InterruptedException {
        var output = Files.createTempFile("storemesh-test-", ".log");
        try {
            var process = start(output, List.of(words), Map.of());
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        String.join(" ", words) + " did not end within " + limit + ":\n" + Files.readString(output));
            }
            return new Ended(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError("no free port", e);
        }
    }

    Path home() {
        return home;
    }

    String url() {
        return "http://" + host + ":" + port;
    }

    long pid() {
        return process.orElseThrow().pid();
    }

    /// Whether it was started, and has ended by itself since.
    boolean hasEnded() {
        return process.filter(running -> !running.isAlive()).isPresent();
    }

    /// Starts it and waits until it is ready.
    ///
    /// @param options more than `--home`
    /// @return how long that took
    Duration start(String... options) throws Exception {
        var began = System.nanoTime();
        launch(options);
        awaitReady();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /// Starts it and returns at once.
    void launch(String... options) throws IOException {
        launch(FastStart.options(), options);
    }

    void launch(FastStart.Options jvm, String... options) throws IOException {
        if (process.isPresent()) {
            throw new IllegalStateException(home + " runs already");
        }
        var words = new ArrayList<>(List.of("node", "--home", home.toString()));
        words.addAll(List.of(options));
        process = Optional.of(start(log, prefix, jvm, words, Map.of("STOREMESH_HTTP_PORT", String.valueOf(port))));
    }

    void awaitReady() throws Exception {
        var running = process.orElseThrow();
        try {
            Eventually.see(
                    home.getFileName() + " is ready",
                    READY_LIMIT,
                    () -> !running.isAlive() || readiness() == 200,
                    done -> done);
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "\n" + logTail(), late);
        }
        if (!running.isAlive()) {
            throw new AssertionError(
                    home.getFileName() + " ended with exit code " + running.exitValue() + "\n" + logTail());
        }
    }

    /// The status of `/health/ready`; 0 when nobody answers.
    int readiness() throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url() + "/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return HTTP.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /// What it says of itself to anybody; empty when nobody answers.
    String health() throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url() + "/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return HTTP.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        }
    }

    /// Kills it as a power cut would (SIGKILL), and waits until it is gone.
    void kill() throws InterruptedException {
        var running = process.orElseThrow();
        running.destroyForcibly();
        awaitEnd(running);
    }

    /// Freezes it (SIGSTOP), as a machine that hangs does. When this returns none of its threads runs any more: where
    /// they are busy that takes a moment, in which one could send what it had at hand.
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
        var tasks = Path.of("/proc", String.valueOf(pid()), "task");
        if (Files.isDirectory(tasks)) { // on Linux
            var until = System.nanoTime() + READY_LIMIT.toNanos();
            while (!areStopped(tasks)) {
                if (System.nanoTime() > until) {
                    throw new AssertionError(home.getFileName() + " does not freeze");
                }
                LockSupport.parkNanos(100_000);
            }
        }
    }

    private static boolean areStopped(Path tasks) throws IOException {
        try (var all = Files.list(tasks)) {
            for (var task : all.toList()) {
                var text = Files.readString(task.resolve("stat"));
                if (text.charAt(text.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException | UncheckedIOException ended) { // a thread that was about to end
            return false;
        }
    }

    /// Lets it go on (SIGCONT).
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        var sent = new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                .inheritIO()
                .start();
        if (sent.waitFor() != 0) {
            throw new AssertionError("kill -" + name + " " + pid() + " ended with " + sent.exitValue());
        }
    }

    /// Asks it to stop (SIGTERM).
    ///
    /// @return its exit code
    int stop() throws InterruptedException {
        var running = process.orElseThrow();
        running.destroy();
        awaitEnd(running);
        return running.exitValue();
    }

    /// Waits until it ends by itself.
    ///
    /// @return its exit code
    int awaitEnd() throws InterruptedException {
        var running = process.orElseThrow();
        awaitEnd(running);
        return running.exitValue();
    }

    private void awaitEnd(Process running) throws InterruptedException {
        if (!running.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(home.getFileName() + " did not end within " + END_LIMIT + "\n" + logTail());
        }
        process = Optional.empty();
    }

    /// As the operator, by the token that the node wrote at its first start.
    Caller operator() throws IOException {
        return new Caller(
                url(), Files.readString(home.resolve("operator.token")).strip());
    }

    String logText() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new AssertionError("log of " + home + " cannot be read", e);
        }
    }

    void clearLog() throws IOException {
        Files.deleteIfExists(log);
    }

    /// The last lines it logged.
    String logTail() {
        var lines = logText().lines().toList();
        return "---- last lines of " + home.getFileName() + "\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()))
                + "\n----";
    }

    /// Leaves nothing running.
    @Override
    public void close() {
        process.ifPresent(running -> running.destroyForcibly().onExit().join());
        process = Optional.empty();
    }

    /// Starts our program with these words; its output is added to a file. It does not outlive this JVM, if it is
    /// a node.
    static Process start(Path output, List<String> words, Map<String, String> settings) throws IOException {
        return start(output, List.of(), FastStart.options(), words, settings);
    }

    private static Process start(
            Path output,
            List<String> prefix,
            FastStart.Options options,
            List<String> words,
            Map<String, String> settings)
            throws IOException {
        var command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xms64m", "-Xmx512m", "--enable-native-access=ALL-UNNAMED"));
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(options.jvm());
        command.addAll(List.of("-cp", options.classPath(), "dev.storemesh.ops.Main"));
        command.addAll(words);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("STOREMESH_"));
        builder.environment()
                .put(
                        "STOREMESH_SITE_EXIT_WITH_PARENT",
                        String.valueOf(ProcessHandle.current().pid()));
        builder.environment().putAll(settings);
        return builder.start();
    }
}
