package dev.storemesh.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.bench.eav.Folding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The catalog that is measured, as it was written into a node, with what requests need to know of it.
///
/// @param items tokens, in the order of the rows
/// @param loaded the version after the last row, before the first update
/// @param beforeLast the version before the last single writes
/// @param departments tokens of those with enough items for a page of them
/// @param words that many names hold, but not too many
record MeasuredCatalog(
        String name,
        List<String> items,
        long loaded,
        long beforeLast,
        long newest,
        List<String> departments,
        List<String> words,
        List<String> barcodes) {
    /// How much is written.
    ///
    /// @param updates of one attribute each, many in a write
    /// @param lastWrites of one attribute of one object each
    record Size(int updates, int lastWrites) {
        static final Size FULL = new Size(20_000, 1_000);
    }

    private static final int ROWS_EACH = 500; // about as many operations as an import sends in a write
    private static final int UPDATES_EACH = 400;
    private static final int FEWEST_OF_A_DEPARTMENT = 60;
    private static final int FEWEST_OF_A_WORD = 20;
    private static final int MOST_OF_A_WORD = 500;

    /// Makes the catalog and writes everything into it.
    static MeasuredCatalog write(Wire wire, String name, List<Article> articles, Size size, Consumer<String> step)
            throws IOException {
        var writer = new Writer(wire, "/api/v1/catalogs/" + name);
        step.accept("writing " + articles.size() + " items and their departments");
        writer.make();
        var departments = writer.departments(
                articles.stream().map(Article::department).distinct().toList());
        var items = writer.items(articles, departments);
        var loaded = writer.version;
        step.accept("writing " + size.updates() + " updates, then " + size.lastWrites() + " single ones");
        var random = new Random(3);
        for (var done = 0; done < size.updates(); done += UPDATES_EACH) {
            var some = new ArrayList<String>();
            var count = Math.min(UPDATES_EACH, size.updates() - done);
            while (some.size() < count) {
                some.add(items.get(random.nextInt(items.size())));
            }
            writer.prices(some, random);
        }
        var beforeLast = writer.version;
        var shuffled = new ArrayList<>(items);
        Collections.shuffle(shuffled, random);
        for (var item : shuffled.subList(0, size.lastWrites())) {
            writer.prices(List.of(item), random);
        }
        var counts = counts(articles.stream().map(Article::department).toList());
        return new MeasuredCatalog(
                name,
                items,
                loaded,
                beforeLast,
                writer.version,
                counts.entrySet().stream()
                        .filter(count -> count.getValue() >= Math.min(FEWEST_OF_A_DEPARTMENT, articles.size() / 100))
                        .map(count -> token(departments, count.getKey()))
                        .toList(),
                words(articles),
                articles.stream().flatMap(article -> article.barcode().stream()).toList());
    }

    private static List<String> words(List<Article> articles) {
        var all = articles.stream()
                .flatMap(article -> Folding.words(Folding.fold(article.name())).stream())
                .filter(word -> word.length() > 2 && word.chars().allMatch(Character::isLetter))
                .toList();
        return counts(all).entrySet().stream()
                .filter(count -> count.getValue() >= Math.min(FEWEST_OF_A_WORD, articles.size() / 100)
                        && count.getValue() <= Math.max(MOST_OF_A_WORD, articles.size() / 50))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Map<String, Integer> counts(List<String> texts) {
        var counts = new TreeMap<String, Integer>();
        texts.forEach(text -> counts.merge(text, 1, Integer::sum));
        return counts;
    }

    private static String token(Map<String, String> tokens, String name) {
        var token = tokens.get(name);
        if (token == null) {
            throw new IllegalStateException("nobody made " + name);
        }
        return token;
    }

    /// Sends writes one after the other and remembers the last one's version.
    private static final class Writer {
        private final Wire wire;
        private final String path;
        private long version;

        private Writer(Wire wire, String path) {
            this.wire = wire;
            this.path = path;
        }

        private void make() throws IOException {
            answered(wire.send("PUT", path, "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }

        private Map<String, String> departments(List<String> names) throws IOException {
            var operations = ApiClient.JSON.createArrayNode();
            for (var i = 0; i < names.size(); i++) {
                var operation = created(operations, "#" + i, "retail.department");
                set(operation, "retail.department.name").put("value", names.get(i));
                set(operation, "retail.department.number").put("value", i + 1);
            }
            var made = write(operations);
            var tokens = new LinkedHashMap<String, String>();
            for (var i = 0; i < names.size(); i++) {
                tokens.put(names.get(i), made.path("#" + i).asText());
            }
            return tokens;
        }

        private List<String> items(List<Article> articles, Map<String, String> departments) throws IOException {
            var tokens = new ArrayList<String>();
            for (var from = 0; from < articles.size(); from += ROWS_EACH) {
                var some = articles.subList(from, Math.min(from + ROWS_EACH, articles.size()));
                var operations = ApiClient.JSON.createArrayNode();
                for (var i = 0; i < some.size(); i++) {
                    item(created(operations, "#" + i, "retail.item"), some.get(i), departments);
                }
                var made = write(operations);
                for (var i = 0; i < some.size(); i++) {
                    tokens.add(made.path("#" + i).asText());
                }
            }
            return tokens;
        }

        private static void item(ObjectNode operation, Article article, Map<String, String> departments) {
            set(operation, "retail.item.name").put("value", article.name());
            set(operation, "retail.item.department").put("value", token(departments, article.department()));
            set(operation, "retail.item.note").put("value", article.note());
            article.barcode()
                    .ifPresent(code -> set(operation, "retail.item.barcode").put("value", code));
            article.brand()
                    .ifPresent(brand -> set(operation, "retail.item.brand").put("value", brand));
            article.priceCents().ifPresent(cents -> price(operation, cents));
        }

        private void prices(List<String> items, Random random) throws IOException {
            var cents = new HashMap<String, Long>();
            items.forEach(item -> cents.put(item, 50L + random.nextInt(10_000)));
            var operations = ApiClient.JSON.createArrayNode();
            for (var item : items) {
                var operation = operations.addObject().put("op", "put").put("object", item);
                operation.putArray("set");
                price(operation, cents.getOrDefault(item, 0L));
            }
            write(operations);
        }

        private static ObjectNode created(ArrayNode operations, String name, String type) {
            var operation = operations
                    .addObject()
                    .put("op", "put")
                    .put("object", name)
                    .put("create", true)
                    .put("type", type);
            operation.putArray("set");
            return operation;
        }

        private static ObjectNode set(ObjectNode operation, String attribute) {
            return operation.withArray("set").addObject().put("attribute", attribute);
        }

        private static void price(ObjectNode operation, long cents) {
            set(operation, "retail.item.price")
                    .putObject("value")
                    .put("amount", cents)
                    .put("currency", "USD");
        }

        /// The tokens of what it made, by temporary name.
        private JsonNode write(ArrayNode operations) throws IOException {
            var body = ApiClient.JSON.createObjectNode().put("reason", "bench");
            body.set("operations", operations);
            var answer = answered(wire.post(path + "/writes", ApiClient.JSON.writeValueAsBytes(body)));
            version = answer.path("version").asLong();
            return answer.path("objects");
        }

        private JsonNode answered(Wire.Answer answer) throws IOException {
            if (answer.status() / 100 != 2) {
                throw new IOException(path + " answered " + answer.status() + ": " + answer.text());
            }
            return ApiClient.JSON.readTree(answer.body());
        }
    }
}
