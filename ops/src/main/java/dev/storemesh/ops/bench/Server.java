package dev.storemesh.ops.bench;

import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeProcess;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A server process that is measured, which may be killed and started again.
final class Server implements AutoCloseable {
    static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final int END_OF_PORTS = 32_768; // Linux gives these and higher ones to connections
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(21_000);

    private final Start start;
    private final HttpClient http = HttpClient.newHttpClient();
    private NodeProcess process;

    /// Starts the process, on the same port each time.
    @FunctionalInterface
    interface Start {
        NodeProcess start() throws CommandFailed;
    }

    Server(Start start) throws CommandFailed, InterruptedException {
        this.start = start;
        this.process = start.start();
        process.awaitReady(http, START_LIMIT);
    }

    /// A port that nobody listens at, below those that systems give to outgoing connections: such a connection
    /// could take it before the server does.
    static int freePort() throws IOException {
        IOException taken = new BindException("all were given");
        for (var port = NEXT_PORT.getAndIncrement(); port < END_OF_PORTS; port = NEXT_PORT.getAndIncrement()) {
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                taken = e;
            }
        }
        throw new IOException("no free port below " + END_OF_PORTS, taken);
    }

    long pid() {
        return process.pid();
    }

    URI url() {
        return URI.create(process.url());
    }

    Wire connect(String token) throws IOException {
        return new Wire(url(), token);
    }

    /// Kills it, and starts it again.
    ///
    /// @return seconds from the start to the first answer with an object
    double recover(String token, String catalog, String object)
            throws CommandFailed, IOException, InterruptedException {
        process.awaitEnd(System.nanoTime()); // at once
        var started = System.nanoTime();
        process = start.start();
        process.awaitReady(http, START_LIMIT);
        while (true) {
            try (var wire = connect(token)) {
                var answer = wire.get(OverHttp.path(catalog) + "/objects/" + object);
                if (answer.status() == 200) {
                    return (System.nanoTime() - started) / 1e9;
                }
                if (answer.status() != 503 || System.nanoTime() - started > START_LIMIT.toNanos()) {
                    throw new IOException(
                            "after its start " + process.id() + " answered " + answer.status() + ": " + answer.text());
                }
            }
        }
    }

    /// What is reachable; asking for it collects what is not.
    Optional<Long> heapBytes() throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var asked = new ProcessBuilder(jcmd, Long.toString(pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (var lines = asked.inputReader()) {
            return lines.lines()
                    .filter(line -> line.startsWith("Total"))
                    .map(line -> Long.valueOf(line.strip().split("\\s+", -1)[2]))
                    .reduce((earlier, later) -> later);
        }
    }

    @Override
    public void close() {
        process.terminate();
        try {
            process.awaitEnd(System.nanoTime() + STOP_LIMIT.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends with its parent
        }
    }
}
