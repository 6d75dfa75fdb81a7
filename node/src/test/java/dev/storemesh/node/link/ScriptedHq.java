package dev.storemesh.node.link;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.storemesh.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/// An HQ that does what a real one cannot be made to do: answers as scripted, and then as usual.
final class ScriptedHq implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Queue<Script>> scripts = new ConcurrentHashMap<>();
    private final Map<String, BlockingQueue<Heard>> heard = new ConcurrentHashMap<>();

    /// One answer.
    @FunctionalInterface
    interface Script {
        void answer(HttpExchange exchange, ScriptedHq hq) throws IOException;
    }

    /// A request, when it came, and with which body.
    record Heard(long nanos, URI uri, JsonNode body) {}

    ScriptedHq() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Answers at this path: what is scripted, then `usual`.
    void at(String path, Function<Heard, ObjectNode> usual, Script... scripted) {
        var script = new ConcurrentLinkedQueue<Script>();
        script.addAll(java.util.List.of(scripted));
        scripts.put(path, script);
        heard.put(path, new LinkedBlockingQueue<>());
        server.createContext(path, exchange -> {
            var bytes = exchange.getRequestBody().readAllBytes();
            var request = new Heard(
                    System.nanoTime(), exchange.getRequestURI(), bytes.length == 0 ? Json.object() : Json.parse(bytes));
            var next = script.poll();
            (next == null ? json(200, usual.apply(request)) : next).answer(exchange, this);
            heard(path).add(request); // after the answer was decided on
        });
    }

    BlockingQueue<Heard> heard(String path) {
        return java.util.Objects.requireNonNull(heard.get(path));
    }

    boolean isScriptOver(String path) {
        return java.util.Objects.requireNonNull(scripts.get(path)).isEmpty();
    }

    static Script json(int status, JsonNode body) {
        return text(status, Json.text(body));
    }

    static Script problem(int status, String code) {
        return json(
                status, Json.object().put("status", status).put("code", code).put("detail", "as scripted"));
    }

    static Script text(int status, String body) {
        return (exchange, hq) -> {
            try (exchange) {
                var bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        };
    }

    /// The connection ends half-way through the body.
    static Script cut() {
        return (exchange, hq) -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write("{\"version\": 1,".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            exchange.close();
        };
    }

    /// Nothing more comes, and the connection stays.
    static Script stall() {
        return (exchange, hq) -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write("{\"version\": 1,".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            try {
                hq.closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
