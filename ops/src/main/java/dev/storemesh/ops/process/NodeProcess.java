package dev.storemesh.ops.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A node: a process of the operating system, whose output goes to `node.log` in its folder.
public final class NodeProcess {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(40);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    private final String id;
    private final String url;
    private final Path home;
    private final Process process;
    private final long logBefore; // bytes of node.log that are older than this process

    private NodeProcess(String id, String url, Path home, Process process, long logBefore) {
        this.id = id;
        this.url = url;
        this.home = home;
        this.process = process;
        this.logBefore = logBefore;
    }

    /// Starts a node; its output is appended to `node.log` of its folder.
    ///
    /// @param more options after `--home`, such as those of a first join
    public static NodeProcess start(String id, int port, Path home, NodeLaunch launch, List<String> more)
            throws CommandFailed {
        return start(id, port, home, launch.node(home, more), launch.environment());
    }

    /// Starts another server that says at `/health/ready` when it is ready.
    ///
    /// @param home where its `node.log` lies
    public static NodeProcess start(String id, int port, Path home, List<String> words, Map<String, String> environment)
            throws CommandFailed {
        var log = home.resolve("node.log");
        try {
            var before = Files.exists(log) ? Files.size(log) : 0;
            var builder = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().clear();
            builder.environment().putAll(environment);
            return new NodeProcess(id, "http://127.0.0.1:" + port, home, builder.start(), before);
        } catch (IOException e) {
            throw new CommandFailed(id + " cannot be started: " + e.getMessage(), e);
        }
    }

    public String id() {
        return id;
    }

    public String url() {
        return url;
    }

    public Path home() {
        return home;
    }

    public long pid() {
        return process.pid();
    }

    /// Done when the process has ended, however it came to that.
    public CompletableFuture<Integer> ended() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /// Returns once `/health/ready` says so.
    public void awaitReady(HttpClient http, Duration limit) throws CommandFailed, InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!isReady(http)) {
            pause();
            if (System.nanoTime() - deadline > 0) {
                throw new CommandFailed(id + " was not ready within " + limit.toSeconds() + " s; its log is "
                        + home.resolve("node.log"));
            }
        }
    }

    private boolean isReady(HttpClient http) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + "/health/ready"))
                .timeout(ANSWER_LIMIT)
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not listening yet; that it died instead is seen by pause()
        }
    }

    /// Waits a moment, or fails at once when the process has ended.
    public void pause() throws CommandFailed, InterruptedException {
        if (process.waitFor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new CommandFailed(id + " ended with exit code " + process.exitValue() + ": " + lastWords());
        }
    }

    /// The last line that this process logged; a node that cannot start ends with a sentence that says why.
    private String lastWords() {
        var log = home.resolve("node.log");
        try {
            var bytes = Files.readAllBytes(log);
            var from = (int) Math.min(logBefore, bytes.length);
            return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((earlier, later) -> later)
                    .orElse("it left no word in " + log);
        } catch (IOException e) {
            return "its log " + log + " cannot be read (" + e.getMessage() + ")";
        }
    }

    /// Asks it to stop in good order (SIGTERM). Returns at once.
    public void terminate() {
        process.destroy();
    }

    /// Waits for its end until `deadline` ([System#nanoTime]), and then kills it.
    ///
    /// @return whether it ended by itself
    public boolean awaitEnd(long deadline) throws InterruptedException {
        if (process.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            return true;
        }
        process.destroyForcibly().waitFor();
        return false;
    }
}
