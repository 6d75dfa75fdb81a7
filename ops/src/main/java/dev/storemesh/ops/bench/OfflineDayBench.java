package dev.storemesh.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What a store has written while HQ let nothing of it in comes to HQ: how fast. A day's requests are made as
/// fast as the store takes them, since it makes no difference to HQ how long each has waited.
final class OfflineDayBench {
    static final String QUEUE = "offline-queue";
    static final String DRAIN = "offline-drain";

    private static final String CATALOG = "day";
    private static final String STORE = "store-1";
    private static final String RULE_NAME = "com.acme.prices";
    private static final String RULE =
            "{\"name\":\"" + RULE_NAME + "\",\"decision\":\"approve\",\"definitions\":[\"retail.item.price\"]}";
    private static final Duration READY = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(15);

    private final Path folder;
    private final Size size;
    private final Consumer<String> step;
    private final Figures figures = new Figures();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /// How much is measured.
    ///
    /// @param objects of the catalog
    /// @param requests that a store makes in a round
    /// @param clients that make them
    record Size(int objects, int requests, int clients) {
        static final Size FULL = new Size(10_000, 24 * 60 * 10, 16);
    }

    /// Who decides the requests.
    private enum Decider {
        RULE("a rule"),
        PERSON("a person"); // later, since a request waits for one that nobody has decided

        private final String text;

        Decider(String text) {
            this.text = text;
        }
    }

    /// @param folder empty; the homes are made in it
    OfflineDayBench(Path folder, Size size, Consumer<String> step) {
        this.folder = folder;
        this.size = size;
        this.step = step;
    }

    /// @param rounds that count, after one of warm-up
    List<Figure> run(int rounds)
            throws CommandFailed, InterruptedException, ExecutionException, IOException, SQLException {
        try (var hq = NodeContestant.onSqlite(folder, List.of())) {
            var stock = new Stock(size.objects());
            step.accept("loading " + stock.objects() + " objects at HQ");
            hq.load(CATALOG, stock);
            send(hq, "POST", OverHttp.path(CATALOG) + "/locations", "{\"id\":\"" + STORE + "\",\"kind\":\"store\"}");
            var joinToken = send(
                            hq,
                            "POST",
                            "/api/v1/stores",
                            "{\"store\":\"" + STORE + "\",\"catalog\":\"" + CATALOG + "\"}")
                    .path("joinToken")
                    .asText();
            var home = Files.createDirectory(folder.resolve(STORE));
            var member = new FanoutStores.Member(home.resolve("home"), Server.freePort(), hq.url(), joinToken);
            try (var stores = FanoutStores.start(home, List.of(member))) {
                stores.awaitReady(http, READY);
                await(hq, member);
                send(hq, "POST", OverHttp.path(CATALOG) + "/decision-rules", RULE);
                for (var decider : Decider.values()) {
                    if (decider == Decider.PERSON) {
                        send(hq, "DELETE", OverHttp.path(CATALOG) + "/decision-rules/" + RULE_NAME, "");
                    }
                    for (var round = 0; round <= rounds; round++) {
                        step.accept("decided by " + decider.text
                                + (round == 0 ? ", warming up" : ", round " + round + " of " + rounds));
                        await(hq, member);
                        day(hq, member, stock, decider, round);
                    }
                }
            }
        }
        return figures.all();
    }

    private Figures.Of of(String work, Decider decider) {
        return new Figures.Of(
                work,
                NodeContestant.SQLITE,
                Map.of("requests", (long) size.requests(), "rule", decider == Decider.RULE ? 1L : 0L));
    }

    private static JsonNode send(NodeContestant hq, String method, String path, String body) throws IOException {
        try (var wire = hq.wire()) {
            var answer = OverHttp.checked(wire.send(method, path, body.getBytes(StandardCharsets.UTF_8)));
            return ApiClient.JSON.readTree(answer.body());
        }
    }

    private void day(NodeContestant hq, FanoutStores.Member member, Stock stock, Decider decider, int round)
            throws IOException, InterruptedException, ExecutionException {
        send(hq, "POST", "/api/v1/stores/" + STORE + "/suspend", "");
        var began = System.nanoTime();
        queue(member, stock, cents(round));
        var queued = System.nanoTime() - began;
        if (queued(member) != size.requests()) {
            throw new IOException("the store has queued " + queued(member) + " of " + size.requests() + " requests");
        }
        send(hq, "POST", "/api/v1/stores/" + STORE + "/resume", "");
        var first = whenQueued(member, size.requests() - 1);
        var last = whenQueued(member, 0);
        await(hq, member);
        check(hq, decider, stock, round);
        if (round > 0) {
            figures.note(of(QUEUE, decider), "per_s", size.requests() / (queued / 1e9));
            figures.note(of(DRAIN, decider), "per_s", size.requests() / ((last.at() - first.before()) / 1e9));
        }
    }

    /// Each changes the price of an item here, the same number of times as the others at most.
    private void queue(FanoutStores.Member member, Stock stock, long cents)
            throws IOException, InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(size.clients())) {
            var running = new ArrayList<Future<?>>();
            for (var client = 0; client < size.clients(); client++) {
                var first = client;
                running.add(threads.submit(() -> {
                    try (var wire = member.connect()) {
                        for (var number = first; number < size.requests(); number += size.clients()) {
                            OverHttp.checked(wire.post(
                                    OverHttp.path(CATALOG) + "/writes",
                                    Stock.prices(List.of(stock.item(number)), cents + number)));
                        }
                    }
                    return null;
                }));
            }
            for (var one : running) {
                one.get();
            }
        }
    }

    /// When there were so many at most, and when that was not so yet, in [System#nanoTime].
    private record Moment(long before, long at) {}

    private static Moment whenQueued(FanoutStores.Member member, long most) throws IOException, InterruptedException {
        var began = System.nanoTime();
        var before = began;
        try (var wire = member.connect()) {
            while (true) {
                var now = System.nanoTime();
                if (queued(wire) <= most) {
                    return new Moment(before, System.nanoTime());
                }
                before = now;
                if (now - began > PATIENCE) {
                    throw new IOException("more than " + most + " requests have not come to HQ");
                }
                new CountDownLatch(1).await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private static long queued(FanoutStores.Member member) throws IOException {
        try (var wire = member.connect()) {
            return queued(wire);
        }
    }

    private static long queued(Wire wire) throws IOException {
        var answer = OverHttp.checked(wire.get("/api/v1/status"));
        for (var catalog : ApiClient.JSON.readTree(answer.body()).path("catalogs")) {
            if (catalog.path("catalog").asText().equals(CATALOG)) {
                return catalog.path("queued").asLong();
            }
        }
        throw new IOException("the store says nothing of its queue: " + answer.text());
    }

    /// The store has all that HQ has.
    private static void await(NodeContestant hq, FanoutStores.Member member) throws IOException, InterruptedException {
        var failure = new IOException("the store does not come to HQ's version");
        var began = System.nanoTime();
        while (System.nanoTime() - began < PATIENCE) {
            try (var atHq = hq.connect();
                    var atStore = new OverHttp(member.connect())) {
                if (atStore.newest(CATALOG) == atHq.newest(CATALOG)) {
                    return;
                }
            } catch (IOException notYet) { // a store that has just joined knows no catalog
                failure = notYet;
            }
            new CountDownLatch(1).await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        throw failure;
    }

    /// That HQ has all of them: by a rule the last price is there, else they wait, with those of the rounds before.
    private void check(NodeContestant hq, Decider decider, Stock stock, int round) throws IOException {
        var number = size.requests() - 1;
        try (var wire = hq.wire()) {
            if (decider == Decider.RULE) {
                var answer = OverHttp.checked(wire.get(OverHttp.path(CATALOG) + "/objects/" + stock.item(number)));
                if (!answer.text().contains(Long.toString(cents(round) + number))) {
                    throw new IOException("the last request has not taken effect: " + answer.text());
                }
            } else if (waiting(wire) != (1L + round) * size.requests()) {
                throw new IOException(waiting(wire) + " requests wait at HQ");
            }
        }
    }

    private static long cents(int round) {
        return 1_000_000L * (1 + round);
    }

    private static long waiting(Wire wire) throws IOException {
        var count = 0L;
        for (var page = Optional.of(""); page.isPresent(); ) {
            var answer = OverHttp.checked(
                    wire.get("/api/v1/change-requests?catalog=" + CATALOG + "&status=waiting&limit=1000" + page.get()));
            count += ApiClient.JSON
                    .readTree(answer.body())
                    .path("changeRequests")
                    .size();
            page = Scenario.next(answer.body()).map(token -> "&page=" + token);
        }
        return count;
    }

    static List<String[]> goals(List<Figure> figures) {
        var goal = Goal.atLeast("per_s", 500);
        return figures.stream()
                .filter(figure -> figure.work().equals(DRAIN))
                .map(figure -> new String[] {
                    figure.work(),
                    figure.settings().getOrDefault("rule", 0L) == 1 ? "a rule" : "a person",
                    Figure.text(figure.median()),
                    goal.text(),
                    goal.isMet(figure.median()) ? "met" : "missed"
                })
                .toList();
    }
}
