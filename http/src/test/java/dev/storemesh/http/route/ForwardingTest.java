package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.http.HttpServer;
import dev.storemesh.http.HttpSettings;
import dev.storemesh.http.route.HqPort.Passed;
import dev.storemesh.protocol.access.SitePort.Kind;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.SitePort.Standing;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.LocationId;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a store has HQ answer, behind a real port; HQ does what the test says.
class ForwardingTest extends WithSystem {
    private static final Materializer MATERIALIZER =
            SystemMaterializer.get(SYSTEM).materializer();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String DEMO = "/api/v1/catalogs/demo";
    private static final String STEP = "{'operations':[{'op':'put','object':'tea'}]}";
    private static final int PIECE_BYTES = 64 << 10;
    private static final int PIECES = 1_024;
    private static final long SOON_SECONDS = 20;

    /// HQ, with all that it was asked.
    private static final class Hq implements HqPort {
        final BlockingQueue<HttpRequest> asked = new LinkedBlockingQueue<>();
        Function<HttpRequest, CompletionStage<Passed>> does = request -> passed(json(200, "{\"by\":\"hq\"}"));
        boolean reachable = true;
        boolean streams; // else it takes the whole body first

        @Override
        public boolean isReachable() {
            return reachable;
        }

        @Override
        public CompletionStage<Passed> pass(HttpRequest request, Optional<Duration> patience) {
            if (streams) {
                asked.add(request);
                return does.apply(request);
            }
            return request.entity().toStrict(5_000, MATERIALIZER).thenCompose(body -> {
                var whole = request.withEntity(body);
                asked.add(whole);
                return does.apply(whole);
            });
        }
    }

    private final Ports ports = new Ports();
    private final Hq hq = new Hq();
    private final List<String> undeclared = new ArrayList<>();
    private final HttpServer store = HttpServer.start(
                    SYSTEM,
                    new HttpSettings("127.0.0.1", 0, false),
                    Optional.empty(),
                    new Router(
                            WithApi.endpoints(ports),
                            ports,
                            new RouterSettings(100_000, Duration.ofSeconds(2)),
                            MATERIALIZER,
                            Optional.of(new Forwarding(hq, ports, Ports.STORE, 2, MATERIALIZER)),
                            (endpoint, status) -> undeclared.add(endpoint + " " + status)))
            .toCompletableFuture()
            .join();

    ForwardingTest() {
        ports.standing = new Standing("store-1", Kind.STORE, true, Optional.of(LinkState.REACHABLE));
    }

    @AfterEach
    void stop() {
        store.stop(Duration.ofMillis(100));
        assertThat(undeclared).isEmpty();
    }

    private static CompletionStage<Passed> passed(HttpResponse response) {
        return CompletableFuture.completedStage(new Passed.Answered(response));
    }

    private static HttpResponse json(int status, String body) {
        return HttpResponse.create().withStatus(status).withEntity(ContentTypes.APPLICATION_JSON, body);
    }

    private record Seen(int status, Map<String, List<String>> headers, String body) {
        String outcome() {
            return status + " " + Json.parse(body).path("code").asText();
        }
    }

    private java.net.http.HttpRequest.Builder to(String token, String target) {
        return java.net.http.HttpRequest.newBuilder(URI.create(store.url() + target))
                .timeout(Duration.ofSeconds(SOON_SECONDS))
                .header("Authorization", "Bearer " + token);
    }

    private static Seen send(java.net.http.HttpRequest.Builder request) {
        var answer = CLIENT.sendAsync(request.build(), BodyHandlers.ofString()).join();
        return new Seen(answer.statusCode(), answer.headers().map(), answer.body());
    }

    private Seen send(String token, String method, String target, String body, String... headers) {
        var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"'));
        var request = to(token, target).method(method, publisher);
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpRequest asked() throws InterruptedException {
        return Objects.requireNonNull(hq.asked.poll(SOON_SECONDS, TimeUnit.SECONDS), "HQ was not asked");
    }

    // What goes there, and what comes back

    @Test
    void everyRouteIsAnsweredWhereTheTableSays() throws IOException {
        var expected = new TreeMap<String, String>();
        try (var file = Objects.requireNonNull(ForwardingTest.class.getResourceAsStream("/where-it-answers.txt"))) {
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" +"))
                    .forEach(words -> expected.put(words[1] + " " + words[2], words[0]));
        }
        var actual = new TreeMap<String, String>();
        WithApi.endpoints(ports)
                .forEach(endpoint -> actual.put(
                        endpoint.toString(),
                        switch (endpoint.atStore()) {
                            case HERE -> "here";
                            case HERE_AS_FAR_AS_HELD -> "here-as-held";
                            case BY_NODE -> "by-node";
                            case HERE_BY_BODY -> "by-body";
                            case QUEUED -> "queued";
                            case AT_HQ -> "hq";
                            case AT_HQ_OR_REFUSED -> "hq-or-refused";
                        }));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void hqIsAskedByTheCallersOwnTokenWithWhatIsOfTheApiAndNothingElse() throws Exception {
        hq.does = request -> passed(json(201, "{\"version\":43}")
                .addHeader(RawHeader.create("Storemesh-Version", "43"))
                .addHeader(RawHeader.create("Preference-Applied", "wait=2"))
                .addHeader(RawHeader.create("Set-Cookie", "a=b"))
                .addHeader(RawHeader.create("Access-Control-Allow-Origin", "*"))
                .addHeader(RawHeader.create("Keep-Alive", "timeout=5")));
        var seen = send(
                "smt_from-hq",
                "POST",
                DEMO + "/transaction?a=%2F&b=%C3%A9",
                "{'idleSeconds':9}",
                "Idempotency-Key",
                "k",
                "Prefer",
                "wait=2",
                "Storemesh-Acting-For",
                "ada",
                "Accept",
                "application/json",
                "Cookie",
                "session=1",
                "X-Forwarded-For",
                "10.0.0.1",
                "Origin",
                "https://example.com");
        assertThat(seen.status()).isEqualTo(201);
        assertThat(seen.body()).isEqualTo("{\"version\":43}");
        assertThat(seen.headers())
                .containsEntry("storemesh-version", List.of("43"))
                .containsEntry("preference-applied", List.of("wait=2"))
                .doesNotContainKeys("set-cookie", "access-control-allow-origin", "keep-alive");

        var asked = asked();
        assertThat(asked.method().value()).isEqualTo("POST");
        assertThat(asked.getUri()).hasToString(DEMO + "/transaction?a=%2F&b=%C3%A9");
        var headers = new TreeMap<String, String>();
        for (HttpHeader header : asked.getHeaders()) {
            headers.put(header.lowercaseName(), header.value());
        }
        assertThat(headers)
                .isEqualTo(new TreeMap<>(Map.of(
                        "authorization", "Bearer smt_from-hq",
                        "idempotency-key", "k",
                        "prefer", "wait=2",
                        "storemesh-acting-for", "ada",
                        "accept", "application/json",
                        "storemesh-forwarded-by", "store-1")));
        assertThat(asked.entity().getContentType()).isEqualTo(ContentTypes.APPLICATION_JSON);
        assertThat(read(asked)).isEqualTo("{\"idleSeconds\":9}");
    }

    private static String read(HttpRequest request) {
        return request.entity()
                .toStrict(5_000, SYSTEM)
                .toCompletableFuture()
                .join()
                .getData()
                .utf8String();
    }

    @Test
    void whatIsRefusedAtHqComesBackAsItIs() {
        var problem = "{\"status\":423,\"code\":\"locked\",\"caller\":\"importer\"}";
        hq.does = request -> passed(HttpResponse.create()
                .withStatus(423)
                .addHeader(RawHeader.create("Retry-After", "5"))
                .withEntity(ContentTypes.parse("application/problem+json"), problem.getBytes(StandardCharsets.UTF_8)));
        var seen = send("editor", "POST", DEMO + "/revert", "{'to':1}");
        assertThat(seen.outcome()).isEqualTo("423 locked");
        assertThat(seen.body()).isEqualTo(problem);
        assertThat(seen.headers())
                .containsEntry("content-type", List.of("application/problem+json"))
                .containsEntry("retry-after", List.of("5"));
    }

    @Test
    void aRequestThatWasPassedOnIsNotPassedOnAgain() {
        ports.answer = CompletableFuture.completedStage(Answer.refuse(new Refusal.HqOnly()));
        for (var target : List.of(DEMO + "/transaction", DEMO + "/writes", "/api/v1/stores")) {
            var isWrite = target.endsWith("writes");
            var seen = send(
                    target.endsWith("stores") ? "operator" : "editor",
                    target.endsWith("stores") ? "GET" : "POST",
                    target,
                    isWrite ? STEP.replace("}]}", "}],'transaction':'open'}") : "",
                    "Storemesh-Forwarded-By",
                    "store-9");
            assertThat(seen.outcome()).as(target).isEqualTo("409 hq_only");
        }
        assertThat(send("nobody", "GET", DEMO, "", "Storemesh-Forwarded-By", "store-9")
                        .outcome())
                .isEqualTo("401 unauthenticated");
        assertThat(hq.asked).isEmpty();
    }

    @Test
    void whatALockIsShownForIsHqs() throws Exception {
        for (var target : List.of(DEMO + "/objects/tea", DEMO + "/objects", DEMO + "/types")) {
            assertThat(send("editor", "GET", target, "", "Storemesh-Lock", "sml_x")
                            .body())
                    .contains("hq");
            assertThat(asked().getHeader("Storemesh-Lock").orElseThrow().value())
                    .isEqualTo("sml_x");
        }
        assertThat(send("editor", "POST", DEMO + "/writes", STEP, "Storemesh-Lock", "sml_x")
                        .body())
                .contains("hq");
        assertThat(read(asked())).isEqualTo(STEP.replace('\'', '"'));
        send("editor", "GET", DEMO, "", "Storemesh-Lock", "sml_x"); // shows what everybody sees
        send("editor", "GET", DEMO + "/objects", "");
        assertThat(hq.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'operations':[{'op':'put','object':'tea'}],'transaction':'open'}",
                "{'operations':[{'op':'put','object':'tea'},{'op':'put','object':'#t','type':'sys.type'}]}",
                "{'operations':[{'op':'delete','object':'sys.01JNZ8Q4T3V9XK2M7B5D6F8G0H'}]}"
            })
    void aWriteThatOnlyHqTakesIsToldByItsBody(String body) throws Exception {
        assertThat(send("editor", "POST", DEMO + "/writes", body).body()).contains("hq");
        assertThat(read(asked())).isEqualTo(body.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {STEP, "{'operations':[7]}", "{'operations':[{'type':'?'}]}", "[]", "7"})
    void otherWritesAreTheStores(String body) {
        ports.answer = CompletableFuture.completedStage(new Answer.Accepted(new Version(7), Map.of(), false));
        assertThat(send("editor", "POST", DEMO + "/writes", body).status()).isIn(200, 400);
        assertThat(hq.asked).isEmpty();
    }

    // What takes more than the store holds

    private void holdsLess() {
        var held = new LocationId("store-1");
        ports.held = Optional.of(held);
        ports.object = new Reading.OutOfScope<>(new Version(7), held);
        ports.slice = new Reading.OutOfScope<>(new Version(7), held);
        ports.queried = new Reading.OutOfScope<>(new Version(7), held);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/objects/tea?location=store-2",
                "/overrides",
                "/missing?location=store-2",
                "/objects/tea/overrides"
            })
    void whatTakesMoreThanTheStoreHoldsIsAnsweredByHq(String path) throws Exception {
        holdsLess();
        assertThat(send("reader", "GET", DEMO + path, "").body()).contains("hq");
        assertThat(asked().getUri()).hasToString(DEMO + path);
    }

    @Test
    void aQueryThatTakesMoreGoesToHqWithItsBody() throws Exception {
        holdsLess();
        var body = "{'location':'store-2'}";
        assertThat(send("reader", "POST", DEMO + "/query", body).body()).contains("hq");
        assertThat(read(asked())).isEqualTo(body.replace('\'', '"'));
    }

    @Test
    void overridesOfAllStoresAreNotEndedByAStoreThatKnowsItsOwnNorByHqInItsPlace() {
        holdsLess();
        assertThat(send("editor", "POST", DEMO + "/overrides/clear", "{'attribute':'retail.item.price'}")
                        .outcome())
                .isEqualTo("409 out_of_scope");
        assertThat(hq.asked).isEmpty();
    }

    @Test
    void whatTakesMoreThanTheStoreHoldsWaitsForHqWhileItIsAway() {
        holdsLess();
        hq.does = request -> CompletableFuture.completedStage(new Passed.NotSent("no way"));
        var seen = send("reader", "GET", DEMO + "/overrides", "");
        assertThat(seen.outcome()).isEqualTo("503 hq_unreachable");
        assertThat(seen.headers()).containsEntry("retry-after", List.of("5"));
    }

    @Test
    void whomOnlyTheStoreKnowsHearsWhatItLacks() {
        holdsLess();
        hq.does = request -> passed(json(401, "{\"code\":\"unauthenticated\"}"));
        assertThat(send("operator", "GET", DEMO + "/overrides", "").outcome()).isEqualTo("409 out_of_scope");
    }

    @Test
    void whatASiteHoldsItselfNobodyElseTells() {
        holdsLess();
        assertThat(send("reader", "GET", DEMO + "/digest", "").outcome()).isEqualTo("409 out_of_scope");
        assertThat(send("reader", "GET", DEMO + "/overrides", "", "Storemesh-Forwarded-By", "store-9")
                        .outcome())
                .isEqualTo("409 out_of_scope");
        assertThat(hq.asked).isEmpty();
    }

    @Test
    void aPageThatTheStoreCannotReadIsHqsWhileThatIsWithinReach() throws Exception {
        assertThat(send("reader", "GET", DEMO + "/overrides?page=1of-hq", "").body())
                .contains("hq");
        assertThat(asked().getUri()).hasToString(DEMO + "/overrides?page=1of-hq");
        hq.reachable = false;
        assertThat(send("reader", "GET", DEMO + "/overrides?page=1of-hq", "").outcome())
                .isEqualTo("400 bad_page_token");
        assertThat(hq.asked).isEmpty();
    }

    // By whom

    @Test
    void aTokenThatTheStoreMadeIsRefusedClearly() {
        hq.does = request -> passed(json(401, "{\"code\":\"unauthenticated\"}"));
        assertThat(send("operator", "GET", "/api/v1/namespaces", "").outcome()).isEqualTo("403 unknown_at_hq");
        assertThat(send("editor", "POST", DEMO + "/writes", STEP.replace("}]}", "}],'transaction':'open'}"))
                        .outcome())
                .isEqualTo("403 unknown_at_hq");
        assertThat(send("nobody", "GET", "/api/v1/namespaces", "").outcome()).isEqualTo("401 unauthenticated");
        assertThat(send(to("", "/api/v1/namespaces").setHeader("Authorization", "Basic x"))
                        .outcome())
                .isEqualTo("401 unauthenticated");
        assertThat(hq.asked).hasSize(3);
    }

    @Test
    void whomOnlyHqKnowsHqAnswers() throws Exception {
        assertThat(send("smt_from-hq", "GET", DEMO + "/objects/tea?location=store-1", "")
                        .body())
                .contains("hq");
        assertThat(asked().getUri()).hasToString(DEMO + "/objects/tea?location=store-1");
        assertThat(send("smt_from-hq", "POST", DEMO + "/writes", STEP).body()).contains("hq");
        assertThat(read(asked())).isEqualTo(STEP.replace('\'', '"'));
        hq.reachable = false; // nobody waits for HQ with a misspelt token
        assertThat(send("smt_from-hq", "GET", DEMO + "/objects/tea", "").outcome())
                .isEqualTo("401 unauthenticated");
        hq.reachable = true;
        hq.does = request -> CompletableFuture.completedStage(new Passed.NotSent("gone by now"));
        assertThat(send("smt_from-hq", "GET", DEMO + "/objects/tea", "").outcome())
                .isEqualTo("401 unauthenticated");
        assertThat(hq.asked).hasSize(1);
    }

    @Test
    void hqDoesNotAnswerStaffThatTheirStoreIsAboutToKnow() {
        ports.standing = new Standing("hq", Kind.HQ, true, Optional.empty());
        assertThat(send("clerk", "GET", DEMO, "", "Storemesh-Forwarded-By", "store-1")
                        .outcome())
                .isEqualTo("401 unauthenticated");
        assertThat(send("clerk", "POST", DEMO + "/import", "", "Storemesh-Forwarded-By", "store-1")
                        .outcome())
                .isEqualTo("403 forbidden");
    }

    @Test
    void hqAnswersStaffWhatTheirStoreKnowsThemForAndDoesNotHold() {
        ports.standing = new Standing("hq", Kind.HQ, true, Optional.empty());
        var mark = new String[] {"Storemesh-Forwarded-By", "store-1", "Storemesh-Forwarded-Beyond-Scope", "true"};
        assertThat(send("clerk", "GET", DEMO + "/objects/tea", "", mark).outcome())
                .isEqualTo("403 forbidden"); // known, and its store serves no location
        assertThat(send("clerk", "GET", DEMO, "", mark).outcome()).isEqualTo("401 unauthenticated");
    }

    // Without HQ

    @Test
    void whileHqIsAwayItIsSaidWhatWorks() {
        hq.does = request -> CompletableFuture.completedStage(new Passed.NotSent("no connection"));
        hq.reachable = false;
        for (var seen : List.of(
                send("operator", "GET", "/api/v1/stores", ""),
                send("operator", "PUT", DEMO, ""),
                send("editor", "PUT", DEMO + "/types/a.b", "{}"),
                send("approver", "POST", "/api/v1/change-requests/cr-1/approve", ""),
                send("editor", "GET", DEMO + "/objects", "", "Storemesh-Lock", "sml_x"),
                send("editor", "POST", DEMO + "/writes", "{'operations':[{'op':'put','object':'sys.x'}]}"))) {
            assertThat(seen.outcome()).isEqualTo("503 hq_unreachable");
            assertThat(seen.headers()).containsKey("retry-after");
            assertThat(seen.body()).contains("nothing was done", "reads", "writes");
        }
        for (var seen : List.of(
                send("editor", "POST", DEMO + "/transaction", ""),
                send("editor", "POST", DEMO + "/transaction/commit", "", "Storemesh-Lock", "sml_x"),
                send("editor", "DELETE", DEMO + "/transaction", "", "Storemesh-Lock", "sml_x"),
                send("editor", "POST", DEMO + "/revert", "{'to':1}"),
                send("editor", "POST", DEMO + "/import", "{'object':'tea'}"),
                send("editor", "POST", DEMO + "/writes", STEP, "Storemesh-Lock", "sml_x"),
                send("editor", "POST", DEMO + "/writes", STEP.replace("}]}", "}],'transaction':'open'}")))) {
            assertThat(seen.outcome()).isEqualTo("409 hq_only");
            assertThat(seen.body()).contains("nothing was done", "reads", "writes");
        }
    }

    @Test
    void nobodyIsToldYesOrNoWhenNobodyKnows() {
        hq.does = request -> CompletableFuture.completedStage(new Passed.Unanswered("reset"));
        var seen = send("editor", "POST", DEMO + "/transaction/commit", "", "Storemesh-Lock", "sml_x");
        assertThat(seen.outcome()).isEqualTo("503 unavailable");
        assertThat(seen.headers()).containsKey("retry-after");
        assertThat(seen.body()).contains("may have been done", "same idempotency key");
        assertThat(send("operator", "GET", "/api/v1/stores", "").body()).contains("gave no answer");
    }

    @Test
    void aBugTakesNoPlaceForGood() {
        hq.streams = true;
        hq.does = request -> {
            throw new IllegalStateException("a bug");
        };
        for (var i = 0; i < 4; i++) {
            assertThat(send("operator", "GET", "/api/v1/stores", "").outcome()).isEqualTo("500 internal_error");
        }
        hq.does = request -> passed(json(200, "{\"by\":\"hq\"}"));
        assertThat(send("operator", "GET", "/api/v1/stores", "").status()).isEqualTo(200);
    }

    // How much at once

    @Test
    void noMoreAreOnTheirWayThanTheLimitUntilTheLastByteOfTheirAnswers() throws Exception {
        var ends = new CompletableFuture<ByteString>();
        hq.does = request -> passed(HttpResponse.create()
                .withEntity(HttpEntities.createChunked(
                        ContentTypes.APPLICATION_JSON,
                        Source.single(ByteString.fromString("{\"by\":")).concat(Source.completionStage(ends)))));
        var begun = new ArrayList<java.net.http.HttpResponse<InputStream>>();
        for (var i = 0; i < 2; i++) {
            begun.add(CLIENT.send(to("operator", "/api/v1/stores").build(), BodyHandlers.ofInputStream()));
        }
        var full = send("operator", "GET", "/api/v1/stores", "");
        assertThat(full.outcome()).isEqualTo("503 unavailable");
        assertThat(full.headers()).containsKey("retry-after");
        assertThat(Json.parse(full.body()).path("limit").asInt()).isEqualTo(2);
        assertThat(hq.asked).hasSize(2);

        ends.complete(ByteString.fromString("\"hq\"}"));
        for (var answer : begun) {
            assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"by\":\"hq\"}");
        }
        free();
    }

    /// There is a place again, soon.
    private void free() {
        hq.does = request -> passed(json(200, "{\"by\":\"hq\"}"));
        for (var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOON_SECONDS); ; Thread.onSpinWait()) {
            var seen = send("operator", "GET", "/api/v1/stores", "");
            if (seen.status() == 200) {
                return;
            }
            assertThat(System.nanoTime()).as("still full").isLessThan(until);
        }
    }

    @Test
    void aBodyLargerThanAnyBufferIsPassedOnAsFastAsHqTakesIt() throws Exception {
        hq.streams = true;
        var goOn = new CompletableFuture<Void>();
        var taken = new AtomicLong();
        hq.does = request -> request.entity()
                .getDataBytes()
                .mapAsync(1, bytes -> goOn.thenApply(any -> taken.addAndGet(bytes.size())))
                .runWith(Sink.ignore(), MATERIALIZER)
                .thenCompose(done -> passed(json(200, "{\"taken\":" + taken + "}")));
        var sent = new AtomicLong();
        var answer = CLIENT.sendAsync(
                importOf(BodyPublishers.ofInputStream(() -> new Pieces(sent))).build(), BodyHandlers.ofString());
        asked();
        var before = -1L;
        while (sent.get() != before) { // until it stands still
            before = sent.get();
            CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS))
                    .join();
        }
        assertThat(sent).hasValueLessThan(PIECES * (long) PIECE_BYTES / 2);
        goOn.complete(null);
        assertThat(answer.get(SOON_SECONDS, TimeUnit.SECONDS).body())
                .isEqualTo("{\"taken\":" + PIECES * (long) PIECE_BYTES + "}");
    }

    private java.net.http.HttpRequest.Builder importOf(BodyPublisher lines) {
        return to("editor", DEMO + "/import")
                .header("Content-Type", "application/x-ndjson")
                .POST(lines);
    }

    /// Many bytes, which count as sent when they are read.
    private static final class Pieces extends InputStream {
        private final AtomicLong sent;

        Pieces(AtomicLong sent) {
            this.sent = sent;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("byte by byte");
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (sent.get() == PIECES * (long) PIECE_BYTES) {
                return -1;
            }
            var some = (int) Math.min(length, PIECES * (long) PIECE_BYTES - sent.get());
            sent.addAndGet(some);
            return some;
        }
    }

    @Test
    void anAnswerLargerThanAnyBufferComesBackAsFastAsTheClientTakesIt() throws Exception {
        var made = new AtomicLong();
        var piece = ByteString.fromArray(new byte[PIECE_BYTES]);
        hq.does = request -> passed(HttpResponse.create()
                .withEntity(HttpEntities.create(
                        ContentTypes.APPLICATION_OCTET_STREAM,
                        PIECES * (long) PIECE_BYTES,
                        Source.range(1, PIECES).map(number -> {
                            made.addAndGet(PIECE_BYTES);
                            return piece;
                        }))));
        var answer = CLIENT.send(
                to("editor", DEMO + "/export").header("Storemesh-Lock", "sml_x").build(), BodyHandlers.ofInputStream());
        var before = -1L;
        while (made.get() != before) {
            before = made.get();
            CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS))
                    .join();
        }
        assertThat(made).hasValueLessThan(PIECES * (long) PIECE_BYTES / 2);
        try (var body = answer.body()) {
            assertThat(body.transferTo(java.io.OutputStream.nullOutputStream())).isEqualTo(PIECES * (long) PIECE_BYTES);
        }
        assertThat(answer.headers().firstValue("Content-Length")).hasValue(String.valueOf(PIECES * (long) PIECE_BYTES));
    }

    // What breaks

    @Test
    void anAnswerThatBreaksOffIsNotTakenForAWholeOne() {
        hq.does = request -> passed(HttpResponse.create()
                .withEntity(HttpEntities.createChunked(
                        ContentTypes.APPLICATION_JSON,
                        Source.single(ByteString.fromString("{\"stores\":["))
                                .concat(Source.failed(new IOException("HQ is gone"))))));
        for (var i = 0; i < 4; i++) { // twice as many as there are places
            assertThatThrownBy(() -> send("operator", "GET", "/api/v1/stores", ""))
                    .hasCauseInstanceOf(IOException.class);
        }
        free();
    }

    @Test
    void aRequestThatBreaksOffBreaksOffAtHqToo() throws Exception {
        hq.streams = true;
        var end = new CompletableFuture<Throwable>();
        hq.does = request -> request.entity()
                .getDataBytes()
                .runWith(Sink.ignore(), MATERIALIZER)
                .handle((done, failure) -> {
                    end.complete(failure == null ? new AssertionError("it came to an end") : failure);
                    return new Passed.Unanswered("the request broke off");
                });
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), store.address().getPort())) {
            socket.getOutputStream()
                    .write(("POST " + DEMO + "/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer editor\r\n"
                                    + "Content-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            asked();
        }
        assertThat(end.get(SOON_SECONDS, TimeUnit.SECONDS)).isNotInstanceOf(AssertionError.class);
        free();
    }

    @Test
    void whoSendsNothingMoreIsToldSo() throws Exception {
        hq.streams = true;
        hq.does = request -> request.entity()
                .getDataBytes()
                .runWith(Sink.ignore(), MATERIALIZER)
                .handle((done, failure) -> new Passed.Unanswered("the request broke off"));
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), store.address().getPort())) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(SOON_SECONDS));
            socket.getOutputStream()
                    .write(("POST " + DEMO + "/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer editor\r\n"
                                    + "Content-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 408").contains("request_timeout");
        }
    }

    @Test
    void anAnswerBeforeTheEndOfTheBodyIsSeenByWhoIsStillSending() {
        hq.streams = true;
        hq.does = request -> request.entity()
                .getDataBytes()
                .take(1)
                .runWith(Sink.ignore(), MATERIALIZER)
                .thenCompose(some -> passed(json(422, "{\"code\":\"import_refused\"}")));
        assertThat(send(importOf(BodyPublishers.ofInputStream(() -> new Pieces(new AtomicLong()))))
                        .outcome())
                .isEqualTo("422 import_refused");
    }
}
