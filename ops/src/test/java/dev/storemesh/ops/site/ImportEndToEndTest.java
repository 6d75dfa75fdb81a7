package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Catalogs as lines of JSON, in and out of real processes: what becomes visible, and when nothing does.
final class ImportEndToEndTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int RING = 2_500;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /// A type of its own whose objects refer to each other and carry a set, and a location.
    private static final String SCHEMA = """
            {"object":"sys.node","type":"sys.type","attributes":[{"attribute":"sys.type.name","value":"com.acme.node"}]}
            {"object":"sys.a","type":"sys.definition","attributes":[{"attribute":"sys.definition.name","value":"com.acme.node.next"},{"attribute":"sys.definition.type","value":"com.acme.node"},{"attribute":"sys.definition.valueType","value":"reference"},{"attribute":"sys.definition.target","value":"com.acme.node"}]}
            {"object":"sys.b","type":"sys.definition","attributes":[{"attribute":"sys.definition.name","value":"com.acme.node.tag"},{"attribute":"sys.definition.type","value":"com.acme.node"},{"attribute":"sys.definition.valueType","value":"string"},{"attribute":"sys.definition.cardinality","value":"many"}]}
            {"object":"sys.c","type":"sys.constraint","attributes":[{"attribute":"sys.constraint.name","value":"com.acme.node.next.there"},{"attribute":"sys.constraint.kind","value":"reference"},{"attribute":"sys.constraint.definition","value":"com.acme.node.next"},{"attribute":"sys.constraint.onDelete","value":"block"}]}
            {"object":"sys.l","type":"sys.location","attributes":[{"attribute":"sys.location.id","value":"store-1"},{"attribute":"sys.location.kind","value":"store"}]}
            """;

    /// The first line refers to the second.
    private static final String TEA = """
            {"object":"tea","type":"retail.item","attributes":[{"attribute":"retail.item.name","value":"Tea"},{"attribute":"retail.item.price","value":{"amount":350,"currency":"USD"}},{"attribute":"retail.item.price","location":"store-1","value":{"amount":375,"currency":"USD"}},{"attribute":"retail.item.tare","value":"12.50"},{"attribute":"retail.item.department","value":"drinks"},{"attribute":"retail.item.barcode","value":"1"}]}
            {"object":"drinks","type":"retail.department","attributes":[{"attribute":"retail.department.name","value":"Drinks"}]}
            """;

    @TempDir
    Path folder = Path.of("");

    private final List<SiteProcess> sites = new ArrayList<>();

    @AfterEach
    void leaveNothingRunning() {
        sites.forEach(SiteProcess::close);
    }

    private SiteProcess site(String id) {
        var site = new SiteProcess(folder.resolve(id));
        sites.add(site);
        return site;
    }

    /// A node that all others refer to, around.
    private static String ring() {
        var lines = new StringBuilder();
        for (var i = 0; i < RING; i++) {
            lines.append(
                    "{\"object\":\"n%05d\",\"type\":\"com.acme.node\",\"attributes\":[{\"attribute\":\"com.acme.node.next\",\"value\":\"n%05d\"},{\"attribute\":\"com.acme.node.tag\",\"value\":\"zeta\"},{\"attribute\":\"com.acme.node.tag\",\"value\":\"a%d\"}]}\n"
                            .formatted(i, (i + 1) % RING, i));
        }
        return lines.toString();
    }

    private static String items(String prefix, int count) {
        var lines = new StringBuilder();
        for (var i = 0; i < count; i++) {
            lines.append(
                    "{\"object\":\"%s%d\",\"type\":\"retail.item\",\"attributes\":[{\"attribute\":\"retail.item.name\",\"value\":\"%s no. %d\"}]}\n"
                            .formatted(prefix, i, prefix, i));
        }
        return lines.toString();
    }

    private static Reply bring(Caller caller, String catalog, String query, byte[] body, Map<String, String> headers)
            throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create(caller.url() + "/api/v1/catalogs/" + catalog + "/import" + query))
                .timeout(SOON)
                .header("Authorization", "Bearer " + caller.token())
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return Reply.of(HTTP.send(request.build(), BodyHandlers.ofString()));
    }

    private static Reply bring(Caller caller, String catalog, String query, String body) throws Exception {
        return bring(caller, catalog, query, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static String export(Caller caller, String catalog, String query) throws Exception {
        return caller.get("/catalogs/" + catalog + "/export" + query)
                .expect(200)
                .raw();
    }

    /// `created 1, changed 0, unchanged 2, deleted 0, refused 0`.
    private static String counts(Reply reply) {
        var counts = reply.body().path("counts");
        return "created " + counts.path("created") + ", changed " + counts.path("changed") + ", unchanged "
                + counts.path("unchanged") + ", deleted " + counts.path("deleted") + ", refused "
                + counts.path("refused");
    }

    private static long objects(Caller caller, String catalog) throws Exception {
        return caller.get("/catalogs/" + catalog)
                .expect(200)
                .body()
                .path("objects")
                .asLong();
    }

    private static String code(Reply reply) {
        return reply.status() + " " + reply.body().path("code").asText();
    }

    @Test
    void whatComesOutGoesInAndComesOutTheSame() throws Exception {
        var hq = site("hq");
        hq.start();
        var operator = hq.operator();
        for (var catalog : List.of("demo", "copy", "third")) {
            operator.put("/catalogs/" + catalog).expect(201);
        }

        // forward references, and a circle through the whole file
        var lines = SCHEMA + ring() + TEA;
        var key = Map.of("Idempotency-Key", "first");
        var first = bring(operator, "demo", "?reason=all", lines.getBytes(StandardCharsets.UTF_8), key)
                .expect(200);
        assertThat(counts(first)).isEqualTo("created 2507, changed 0, unchanged 0, deleted 0, refused 0");
        assertThat(first.body().path("version").asLong()).isEqualTo(2);
        assertThat(operator.visible("demo")).isEqualTo(2);

        // the same bytes out of another catalog, packed or not
        var exported = export(operator, "demo", "");
        assertThat(exported.lines()).hasSize(2_507);
        assertThat(exported).contains("\"12.50\"").doesNotContain("\"version\"");
        assertThat(bring(operator, "copy", "", gzip(exported), Map.of("Content-Encoding", "gzip"))
                        .status())
                .isEqualTo(200);
        assertThat(export(operator, "copy", "")).isEqualTo(exported);

        // again under its key, also after another change and a restart
        operator.post("/catalogs/demo/writes", "{\"operations\":[{\"op\":\"delete\",\"object\":\"tea\"}]}")
                .expect(200);
        hq.kill();
        hq.start();
        var again = bring(operator, "demo", "?reason=all", lines.getBytes(StandardCharsets.UTF_8), key)
                .expect(200);
        assertThat(again.body().path("version").asLong()).isEqualTo(2);
        assertThat(counts(again)).isEqualTo(counts(first));
        assertThat(again.body().path("replayed").asBoolean()).isTrue();
        assertThat(operator.visible("demo")).isEqualTo(3);
        assertThat(code(bring(operator, "demo", "?reason=all", TEA.getBytes(StandardCharsets.UTF_8), key)))
                .isEqualTo("422 key_reused");
        assertThat(export(operator, "demo", "?version=2")).isEqualTo(exported);

        // merge leaves what lines do not name; replace leaves what they name and no more
        var price =
                "{\"object\":\"tea\",\"type\":\"retail.item\",\"attributes\":[{\"attribute\":\"retail.item.price\",\"value\":{\"amount\":1,\"currency\":\"USD\"}}]}\n";
        assertThat(counts(bring(operator, "copy", "", price).expect(200)))
                .isEqualTo("created 0, changed 1, unchanged 0, deleted 0, refused 0");
        assertThat(export(operator, "copy", "?type=retail.item"))
                .contains("12.50")
                .contains("375");
        var alone = "{\"object\":\"n00000\",\"type\":\"com.acme.node\",\"attributes\":[]}\n";
        assertThat(counts(
                        bring(operator, "copy", "?mode=replace", price + alone).expect(200)))
                .isEqualTo("created 0, changed 2, unchanged 0, deleted 2499, refused 0");
        assertThat(export(operator, "copy", "?type=retail.item")).isEqualTo(price);
        assertThat(code(bring(operator, "copy", "?mode=replace&types=sys.type", alone)))
                .isEqualTo("422 import_refused");

        // everything back, with the tokens that were deleted
        assertThat(bring(operator, "copy", "?mode=replace", exported).status()).isEqualTo(200);
        assertThat(export(operator, "copy", "")).isEqualTo(exported);

        // by the command line
        var file = folder.resolve("demo.ndjson.gz");
        cli(operator, "export", file.toString(), "--at-version", "2", "--catalog", "demo");
        assertThat(cli(operator, "import", file.toString(), "--catalog", "third"))
                .contains("2507 created, 0 changed, 0 unchanged, 0 deleted, 0 refused");
        assertThat(export(operator, "third", "")).isEqualTo(exported);
        assertThat(folder.resolve("demo.ndjson.gz.part")).doesNotExist();
    }

    @Test
    void whatFailsLeavesNothing() throws Exception {
        var hq = site("hq");
        hq.start();
        var operator = hq.operator();
        operator.put("/catalogs/demo").expect(201);
        bring(operator, "demo", "", SCHEMA + TEA).expect(200);
        var before = export(operator, "demo", "");

        var cheap =
                "{\"object\":\"x\",\"type\":\"retail.item\",\"attributes\":[{\"attribute\":\"retail.item.price\",\"value\":\"cheap\"}]}\n";
        var refused = bring(operator, "demo", "", items("a", 1_500) + cheap);
        assertThat(code(refused)).isEqualTo("422 import_refused");
        assertThat(refused.body().path("refused").get(0).path("line").asLong()).isEqualTo(1_501);
        assertThat(refused.body()
                        .path("refused")
                        .get(0)
                        .path("violations")
                        .get(0)
                        .path("attribute")
                        .asText())
                .isEqualTo("retail.item.price");
        assertThat(export(operator, "demo", "")).isEqualTo(before);

        var whole = gzip(items("a", 2_000));
        assertThat(code(bring(operator, "demo", "", items("a", 2_000) + "{"))).isEqualTo("400 malformed_json");
        assertThat(code(bring(operator, "demo", "", items("a", 2_000) + "x".repeat(2 << 20))))
                .isEqualTo("413 too_large");
        assertThat(code(bring(
                        operator,
                        "demo",
                        "",
                        Arrays.copyOf(whole, whole.length / 2),
                        Map.of("Content-Encoding", "gzip"))))
                .isEqualTo("400 malformed_request");
        assertThat(export(operator, "demo", "")).isEqualTo(before);

        // a client that goes away: the others go on at once
        begin(operator, items("b", 3_000)).close();
        Eventually.see(
                "the transaction of a client that went away is over",
                SOON,
                () -> bring(operator, "demo", "?onRefused=skip", cheap + items("c", 1)),
                reply -> reply.status() == 200
                        && counts(reply).equals("created 1, changed 0, unchanged 0, deleted 0, refused 1"));

        // HQ dies in the middle
        try (var client = begin(operator, items("d", 3_000))) {
            Eventually.see(
                    "steps are made",
                    SOON,
                    () -> operator.get("/catalogs/demo"),
                    reply -> reply.body().has("transaction"));
            assertThat(client.isConnected()).isTrue();
            hq.kill();
        }
        hq.start();
        assertThat(export(operator, "demo", "").lines())
                .containsExactlyInAnyOrderElementsOf(
                        (before + items("c", 1)).lines().toList());
        assertThat(code(bring(operator, "demo", "", TEA))).isEqualTo("423 locked");
    }

    /// Sends some lines, and not the end.
    private static Socket begin(Caller caller, String lines) throws IOException {
        var url = URI.create(caller.url());
        var socket = new Socket(url.getHost(), url.getPort());
        socket.getOutputStream()
                .write(("POST /api/v1/catalogs/demo/import HTTP/1.1\r\nHost: hq\r\nAuthorization: Bearer "
                                + caller.token()
                                + "\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000000\r\n\r\n" + lines)
                        .getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    @Test
    void aStoreShowsTheOldCatalogOrTheNew() throws Exception {
        var hq = site("hq");
        hq.start();
        var operator = hq.operator();
        operator.put("/catalogs/demo").expect(201);
        bring(operator, "demo", "", items("old", 2_000)).expect(200);
        var joinToken = operator.post("/stores", "{\"store\":\"store-1\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        var store = site("store-1");
        store.start("--join", hq.url(), "--token", joinToken);
        var till = store.operator();
        Eventually.see("the old catalog came down", SOON, () -> objects(till, "demo"), count -> count == 2_000);
        assertThat(code(bring(till, "demo", "", TEA))).isEqualTo("403 unknown_at_hq");

        var bookkeeping = operator.get("/catalogs/demo/objects?type=sys.change_request")
                .expect(200)
                .raw();
        var seen = new TreeSet<Long>();
        var replaced = new Thread(() -> {
            try {
                bring(operator, "demo", "?mode=replace", items("new", 3_000)).expect(200);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        replaced.start();
        Eventually.see(
                "the new catalog came down",
                SOON,
                () -> {
                    seen.add(objects(operator, "demo"));
                    seen.add(objects(till, "demo"));
                    return objects(till, "demo");
                },
                count -> count == 3_000);
        replaced.join();
        assertThat(seen).containsExactly(2_000L, 3_000L);
        assertThat(export(till, "demo", "")).isEqualTo(export(operator, "demo", ""));
        assertThat(operator.get("/catalogs/demo/objects?type=sys.change_request")
                        .expect(200)
                        .raw()
                        .replaceFirst("\"version\":[0-9]+", ""))
                .isEqualTo(bookkeeping.replaceFirst("\"version\":[0-9]+", ""));
    }

    private static String cli(Caller caller, String... words) throws Exception {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--url", caller.url(), "--token", caller.token()));
        var ended = SiteProcess.run(Duration.ofMinutes(1), all.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }
}
