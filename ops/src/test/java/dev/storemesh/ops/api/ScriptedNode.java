package dev.storemesh.ops.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/// A peer that gives the answers it was told to, in order, and keeps what it was asked. It knows nothing of catalogs.
public final class ScriptedNode implements HttpHandler, AutoCloseable {
    /// What it was asked.
    public record Asked(String method, String target, Map<String, List<String>> headers, String body) {
        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name)).map(List::getFirst);
        }
    }

    /// What it answers; no status: hangs up without an answer.
    public record Told(int status, String type, String body, Map<String, String> headers) {
        public static Told json(int status, String body) {
            return new Told(status, status < 300 ? "application/json" : "application/problem+json", body, Map.of());
        }

        public static Told hangUp() {
            return new Told(0, "", "", Map.of());
        }

        public Told with(String name, String value) {
            return new Told(status, type, body, Map.of(name, value));
        }
    }

    private final Queue<Told> script;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    public ScriptedNode(Told... script) {
        this.script = new ConcurrentLinkedQueue<>(Arrays.asList(script));
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                Map.copyOf(exchange.getRequestHeaders()),
                body));
        var told = Optional.ofNullable(script.poll()).orElseGet(() -> Told.json(500, "{\"code\":\"script_is_over\"}"));
        if (told.status() != 0) {
            if (!told.type().isEmpty()) {
                exchange.getResponseHeaders().set("Content-Type", told.type());
            }
            told.headers().forEach(exchange.getResponseHeaders()::set);
            var bytes = told.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(told.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
