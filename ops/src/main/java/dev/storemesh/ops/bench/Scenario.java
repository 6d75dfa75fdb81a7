package dev.storemesh.ops.bench;

import dev.storemesh.ops.api.ApiClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One kind of request that both sides get.
///
/// @param goal how many times the hand-built side's requests/s Storemesh is to reach
record Scenario(String name, double goal, Request request) {
    static final double READS = 1.5;
    static final double QUERIES = 3;
    static final List<String> NAMES = List.of(
            "point read",
            "by barcode",
            "page of 1,000",
            "whole catalog as of old version",
            "changes of last 1,000 writes",
            "department by price, first 50",
            "word search, first 50",
            "audit of one object");

    private static final int PRIME = 7919; // steps through the data, so that neighbours in time are none in it
    private static final byte[] NEXT = "\"next\":\"".getBytes(StandardCharsets.US_ASCII);

    /// Sends the request of that number, in as many HTTP requests as it takes, and hands on each answer.
    @FunctionalInterface
    interface Request {
        void send(Wire wire, long number, Consumer<Wire.Answer> answered) throws IOException;
    }

    static List<Scenario> of(MeasuredCatalog catalog) {
        var path = "/api/v1/catalogs/" + catalog.name();
        return List.of(
                read("point read", number -> path + "/objects/" + pick(catalog.items(), number)),
                read(
                        "by barcode",
                        number -> path + "/objects/by/retail.item.barcode/" + pick(catalog.barcodes(), number)),
                read("page of 1,000", number -> path + "/objects?limit=1000"),
                new Scenario(
                        "whole catalog as of old version",
                        READS,
                        (wire, number, answered) ->
                                whole(wire, path + "/objects?limit=1000", "&version=" + catalog.loaded(), answered)),
                read(
                        "changes of last 1,000 writes",
                        number -> path + "/changes?limit=1000&since=" + catalog.beforeLast()),
                query("department by price, first 50", path, number -> byPrice(pick(catalog.departments(), number))),
                query("word search, first 50", path, number -> byWord(pick(catalog.words(), number))),
                read("audit of one object", number -> path + "/objects/" + pick(catalog.items(), number) + "/history"));
    }

    @FunctionalInterface
    private interface Text {
        String of(long number);
    }

    private static Scenario read(String name, Text path) {
        return new Scenario(name, READS, (wire, number, answered) -> answered.accept(wire.get(path.of(number))));
    }

    private static Scenario query(String name, String path, Text body) {
        return new Scenario(
                name,
                QUERIES,
                (wire, number, answered) -> answered.accept(
                        wire.post(path + "/query", body.of(number).getBytes(StandardCharsets.UTF_8))));
    }

    private static String pick(List<String> texts, long number) {
        return texts.get((int) (number * PRIME % texts.size()));
    }

    /// All pages at one version, each as the page before says.
    private static void whole(Wire wire, String path, String first, Consumer<Wire.Answer> answered) throws IOException {
        var more = Optional.of(first);
        while (more.isPresent()) {
            var answer = wire.get(path + more.get());
            answered.accept(answer);
            more = next(answer.body()).map(token -> "&page=" + token);
        }
    }

    /// The page token, which stands at the end: looked for from there, since parsing would cost more than serving.
    static Optional<String> next(byte[] body) {
        for (var i = body.length - NEXT.length; i >= 0 && body[i] != ']'; i--) {
            if (java.util.Arrays.equals(body, i, i + NEXT.length, NEXT, 0, NEXT.length)) {
                var from = i + NEXT.length;
                var to = from;
                while (body[to] != '"') {
                    to++;
                }
                return Optional.of(new String(body, from, to - from, StandardCharsets.US_ASCII));
            }
        }
        return Optional.empty();
    }

    private static String byPrice(String department) {
        var query = ApiClient.JSON.createObjectNode();
        var and = query.putObject("filter").putArray("and");
        and.addObject().put("type", "retail.item");
        and.addObject().put("attribute", "retail.item.department").put("equal", department);
        query.putArray("sort").addObject().put("attribute", "retail.item.price");
        return query.put("limit", 50).toString();
    }

    private static String byWord(String word) {
        var query = ApiClient.JSON.createObjectNode();
        var and = query.putObject("filter").putArray("and");
        and.addObject().put("type", "retail.item");
        and.addObject().put("attribute", "retail.item.name").put("word", word);
        return query.put("limit", 50).toString();
    }
}
