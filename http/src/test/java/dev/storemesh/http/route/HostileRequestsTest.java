package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.Texts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Request lines and headers that no client library would send, byte by byte: refused as a problem, never a bug of
/// ours and never half of a request taken for a whole one.
class HostileRequestsTest extends WithServer {
    private static final String CLOSE = "Host: a\r\nConnection: close\r\n";
    private static final String TYPE = "Content-Type: application/json\r\n";
    private static final String EDITOR = CLOSE + "Authorization: Bearer editor\r\n";
    private static final String READ = "GET /api/v1/catalogs/demo/objects/x HTTP/1.1\r\n" + CLOSE;
    private static final String WRITE = "POST /api/v1/catalogs/demo/writes HTTP/1.1\r\n" + EDITOR + TYPE;
    private static final String MANY = "a".repeat(1_000_000);

    /// One after the other, as a proxy that was fooled would send it: the second must not be answered.
    private static final String SMUGGLED = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";

    record Hostile(String name, String bytes, List<Integer> statuses) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Hostile> requests() {
        Map<String, String> invalid = new LinkedHashMap<>();
        for (var key : List.of("", " ", "a b", "a".repeat(201), "é", "a,\tb", "a\u007F")) {
            invalid.put("the key " + Texts.shortened(key, 20), WRITE + "Idempotency-Key: " + key + "\r\n" + body("{}"));
        }
        invalid.put("two keys", WRITE + "Idempotency-Key: a\r\nIdempotency-Key: b\r\n" + body("{}"));
        invalid.put("the same key twice", WRITE + "Idempotency-Key: a\r\nidempotency-key: a\r\n" + body("{}"));
        invalid.put("a key with NUL", WRITE + "Idempotency-Key: a\0b\r\n" + body("{}"));
        invalid.put("a key over two lines", WRITE + "Idempotency-Key: a\r\n b\r\n" + body("{}"));
        invalid.put("two locks", WRITE + "Storemesh-Lock: a\r\nStoremesh-Lock: b\r\n" + body("{}"));
        invalid.put("a lock with NUL", WRITE + "Storemesh-Lock: sml_a\0b\r\n" + body("{}"));
        invalid.put("a length below zero", WRITE + "Content-Length: -1\r\n\r\n{}");
        invalid.put("a length of 10^30", WRITE + "Content-Length: 1" + "0".repeat(30) + "\r\n\r\n{}");
        invalid.put("a length that is no number", WRITE + "Content-Length: 0x2\r\n\r\n{}");
        invalid.put("two lengths", WRITE + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}" + SMUGGLED);
        invalid.put(
                "a length and chunks",
                WRITE + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
        invalid.put("a chunk of size -1", WRITE + "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n");
        invalid.put(
                "a chunk of size 2^64",
                WRITE + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{}\r\n0\r\n\r\n");
        invalid.put("a chunk of size zz", WRITE + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
        invalid.put("a chunk that is longer", WRITE + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n");
        invalid.put("no host", "GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n");
        invalid.put("two hosts", "GET /health/live HTTP/1.1\r\nHost: b\r\n" + CLOSE + "\r\n");
        invalid.put("a host that is none", "GET /health/live HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n");
        invalid.put("a header with a space in its name", READ + "X Y: a\r\n\r\n");
        invalid.put("a header with NUL in its name", READ + "X\0Y: a\r\n\r\n");
        invalid.put("a path that is not UTF-8", "GET /api/v1/catalogs/%FF HTTP/1.1\r\n" + EDITOR + "\r\n");
        invalid.put("a path with NUL", "GET /api/v1/catalogs/demo%00 HTTP/1.1\r\n" + EDITOR + "\r\n");
        invalid.put("an overlong slash", "GET /api/v1/catalogs/..%C0%AFdemo HTTP/1.1\r\n" + EDITOR + "\r\n");
        invalid.put("half an escape", "GET /api/v1/catalogs/% HTTP/1.1\r\n" + EDITOR + "\r\n");
        invalid.put("half an escape in the query", "GET /api/v1/catalogs/demo?a=%2 HTTP/1.1\r\n" + EDITOR + "\r\n");
        invalid.put("no escape in the query", "GET /api/v1/catalogs/demo?a=%zz HTTP/1.1\r\n" + EDITOR + "\r\n");
        invalid.put("an escape as a name", "GET /api/v1/catalogs/demo?%=1 HTTP/1.1\r\n" + EDITOR + "\r\n");
        invalid.put("a raw byte in the path", "GET /api/v1/catalogs/\u00E9 HTTP/1.1\r\n" + EDITOR + "\r\n");
        invalid.put("no HTTP", "\0".repeat(100) + "\r\n\r\n");
        invalid.put("TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00FC\u0003\u0003" + "x".repeat(500) + "\r\n\r\n");

        Map<String, String> unauthenticated = new LinkedHashMap<>();
        for (var value : List.of(
                "Bearer",
                "Bearer ",
                "Bearer a b",
                "Bearer " + "a".repeat(513),
                "Bearer é",
                "Bearer operator,editor",
                "Basic b3BlcmF0b3I6",
                "operator",
                "Bearer operator\0",
                "Digest username=\"operator\"",
                "Bearer \"operator\"")) {
            unauthenticated.put(
                    "the credential " + Texts.shortened(value, 20), READ + "Authorization: " + value + "\r\n\r\n");
        }
        unauthenticated.put(
                "two credentials", READ + "Authorization: Bearer x\r\nAuthorization: Bearer operator\r\n\r\n");

        Map<String, String> unsupported = new LinkedHashMap<>();
        for (var type : List.of("text/plain", "application/xml", "application/json-seq", "*/*")) {
            unsupported.put("the type " + type, post("Content-Type: " + type + "\r\n"));
        }
        unsupported.put("a body that is gzip", post(TYPE + "Content-Encoding: gzip\r\n"));
        unsupported.put("no type", post(""));

        var all = new java.util.ArrayList<Hostile>();
        invalid.forEach((name, bytes) -> all.add(new Hostile(name, bytes, List.of(400))));
        unauthenticated.forEach((name, bytes) -> all.add(new Hostile(name, bytes, List.of(400, 401))));
        unsupported.forEach((name, bytes) -> all.add(new Hostile(name, bytes, List.of(415))));
        all.add(new Hostile("a type that is none", post("Content-Type: \0;;\r\n"), List.of(400, 415)));
        all.add(new Hostile(
                "a charset that is none", post("Content-Type: application/json; charset=x\r\n"), List.of(400, 415)));
        all.add(new Hostile("a header without a name", READ + ": a\r\n\r\n", List.of(400, 401))); // passed over
        all.add(new Hostile(
                "a space in the path", "GET /api/v1/catalogs/a b HTTP/1.1\r\n" + EDITOR + "\r\n", List.of(400, 505)));
        all.add(new Hostile("an unknown coding", WRITE + "Transfer-Encoding: x\r\n\r\n{}", List.of(400, 501)));
        all.add(new Hostile(
                "chunks twice", WRITE + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", List.of(400, 501)));
        all.add(new Hostile("an expectation", WRITE + "Expect: x\r\n" + body("{}"), List.of(400, 417)));
        all.add(new Hostile("a path of 10^6", "GET /" + MANY + " HTTP/1.1\r\n" + EDITOR + "\r\n", List.of(414)));
        all.add(new Hostile("a header of 10^6", READ + "X: " + MANY + "\r\n\r\n", List.of(431)));
        all.add(new Hostile("a key of 10^6", WRITE + "Idempotency-Key: " + MANY + "\r\n" + body("{}"), List.of(431)));
        all.add(new Hostile("a lock of 10^6", WRITE + "Storemesh-Lock: " + MANY + "\r\n" + body("{}"), List.of(431)));
        all.add(new Hostile("a name of 10^6", READ + MANY + ": x\r\n\r\n", List.of(400, 431)));
        all.add(new Hostile("1,000 headers", READ + "X: y\r\n".repeat(1_000) + "\r\n", List.of(400, 431)));
        all.add(new Hostile("a method of 10^6", MANY + " / HTTP/1.1\r\n" + CLOSE + "\r\n", List.of(400, 501)));
        all.add(new Hostile("no such method", "FROB /health/live HTTP/1.1\r\n" + CLOSE + "\r\n", List.of(405, 501)));
        all.add(new Hostile("TRACE", "TRACE /health/live HTTP/1.1\r\n" + CLOSE + "\r\n", List.of(405)));
        all.add(new Hostile("CONNECT", "CONNECT a:443 HTTP/1.1\r\n" + CLOSE + "\r\n", List.of(400, 404, 405)));
        all.add(new Hostile("HTTP/3.0", "GET /health/live HTTP/3.0\r\n" + CLOSE + "\r\n", List.of(400, 505)));
        all.add(new Hostile("HTTP/2 by preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", List.of(400, 501, 505)));
        return all;
    }

    private static String post(String headers) {
        return "POST /api/v1/catalogs/demo/writes HTTP/1.1\r\n" + EDITOR + headers + body("{}");
    }

    private static String body(String body) {
        return "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @MethodSource("requests")
    void isRefusedAsAProblem(Hostile hostile) throws Exception {
        PORTS.asked.clear();
        var begun = System.nanoTime();
        var answer = answered(hostile.bytes());
        sent(hostile.name(), Duration.ofNanos(System.nanoTime() - begun));
        assertThat(answer).as("an answer").startsWith("HTTP/1.1 ");
        assertThat(Integer.parseInt(answer.substring(9, 12))).as(answer).isIn(hostile.statuses());
        assertThat(problem(answer).path("code").asText()).as(answer).isNotEmpty();
        assertThat(answer.split("HTTP/1\\.1 ", -1)).as(answer).hasSize(2);
        assertThat(PORTS.asked).as("what reached the catalog").isEmpty();
    }

    private static JsonNode problem(String answer) {
        assertThat(answer).contains("Content-Type: application/problem+json");
        return Json.parse(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    /// A reset may overtake the answer to what was not read to its end; so it is asked for a few times.
    private static String answered(String request) throws IOException {
        var answer = raw(request);
        for (var again = 0; answer.isEmpty() && again < 4; again++) {
            answer = raw(request);
        }
        return answer;
    }

    /// All that comes back until the server ends the connection; a reset ends it, too.
    private static String raw(String request) throws IOException {
        var answer = new ByteArrayOutputStream();
        try (var socket =
                new Socket(SERVER.address().getAddress(), SERVER.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            socket.getInputStream().transferTo(answer);
        } catch (java.net.SocketException reset) {
            return answer.toString(StandardCharsets.UTF_8);
        }
        return answer.toString(StandardCharsets.UTF_8);
    }
}
