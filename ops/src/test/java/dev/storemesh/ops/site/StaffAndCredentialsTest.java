package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Who gets in at a store, and whether the store gets in at HQ, with real processes.
@Isolated("measures how long a token is good that was taken back")
final class StaffAndCredentialsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String CATALOG = "/catalogs/demo";

    @TempDir
    Path folder = Path.of("");

    private SiteProcess hq;
    private SiteProcess store;

    @BeforeEach
    void startBoth() throws Exception {
        hq = new SiteProcess(folder.resolve("hq"));
        store = new SiteProcess(folder.resolve("store-1"));
        hq.start();
        hq.operator().put(CATALOG).expect(201);
        hq.operator()
                .post(CATALOG + "/locations", "{\"id\":\"store-1\",\"kind\":\"store\"}")
                .expect(200);
        hq.operator()
                .post(CATALOG + "/locations", "{\"id\":\"store-2\",\"kind\":\"store\"}")
                .expect(200);
    }

    @AfterEach
    void leaveNothingRunning() {
        store.close();
        hq.close();
    }

    private void join() throws Exception {
        var joinToken = hq.operator()
                .post("/stores", "{\"store\":\"store-1\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        store.start("--join", hq.url(), "--token", joinToken);
        Eventually.see(
                "the catalog came down",
                SOON,
                () -> store.operator().get(CATALOG),
                reply -> reply.status() == 200 && reply.body().path("visible").asLong() >= 3);
    }

    private Reply issue(String name, String role) throws Exception {
        var body = "{\"name\":\"" + name + "\",\"role\":\"" + role + "\",\"store\":\"store-1\"}";
        return hq.operator().post("/tokens", body).expect(201);
    }

    private Caller atStore(Reply issued) {
        return new Caller(store.url(), issued.body().path("token").asText());
    }

    private static void within(String what, Duration limit, Callable<Reply> asking, int status) throws Exception {
        var began = System.nanoTime();
        Eventually.see(what, limit, asking, reply -> reply.status() == status);
        System.out.printf("%s after %d ms%n", what, (System.nanoTime() - began) / 1_000_000);
    }

    @Test
    void staffThatHqNamedWorksAtACutOffStoreUntilItIsRevoked() throws Exception {
        join();
        var ann = issue("Ann", "clerk");
        var bob = issue("Bob", "lane");
        var clerk = atStore(ann);
        within("the clerk is known at the store", LIMIT, () -> clerk.get(CATALOG), 200);
        within("the lane is known at the store", LIMIT, () -> atStore(bob).get(CATALOG + "/objects"), 200);

        var price =
                "{\"operations\":[{\"op\":\"put\",\"object\":\"#tea\",\"type\":\"retail.item\",\"set\":[{\"attribute\":"
                        + "\"retail.item.price\",\"location\":\"store-1\",\"value\":{\"amount\":350,\"currency\":\"USD\"}}]}]}";
        clerk.post(CATALOG + "/writes", price).expect(202);
        clerk.post(CATALOG + "/writes", price.replace("store-1", "store-2")).expect(403);
        atStore(bob).post(CATALOG + "/writes", price).expect(403);
        assertThat(clerk.get("/change-requests")
                        .expect(200)
                        .body()
                        .path("changeRequests")
                        .findValuesAsText("requester"))
                .containsExactly("Ann");
        clerk.at(hq.url()).post(CATALOG + "/writes", price).expect(403);
        clerk.get(CATALOG + "/objects?location=store-2").expect(403);
        clerk.get(CATALOG + "/log").expect(403);

        hq.operator()
                .call("DELETE", "/tokens/" + bob.body().path("id").asText(), "", Map.of())
                .expect(204);
        within(
                "the revoked lane is refused at the store",
                LIMIT,
                () -> atStore(bob).get(CATALOG + "/objects"),
                401);

        var fine = status(hq.operator());
        assertThat(fine.exitCode()).as(fine.output()).isZero();
        assertThat(fine.output()).contains("hq hq", "store store-1", "linked");
        var operator = hq.operator();
        assertThat(hq.stop()).isZero();
        assertThat(status(operator).exitCode()).isEqualTo(2);
        awaitHealth("unreachable");
        var alone = status(store.operator());
        assertThat(alone.exitCode()).as(alone.output()).isEqualTo(1);
        assertThat(alone.output()).contains("!  link to HQ", "unreachable", "change requests queued");
        clerk.post(CATALOG + "/writes", price).expect(202);
        store.kill();
        store.start();
        clerk.get(CATALOG + "/objects").expect(200);
        atStore(bob).get(CATALOG + "/objects").expect(401);
        assertThat(store.logText() + hq.logText())
                .doesNotContain(ann.body().path("token").asText());
    }

    @Test
    void aSuspendedStoreIsKeptOutSaysSoAndWorksOnByItself() throws Exception {
        join();
        var credential = credential();
        var link = new Caller(hq.url(), credential);
        link.get(CATALOG).expect(200);
        awaitStore("it holds all of it", "lagVersions", "0");
        var ended = SiteProcess.run(
                SOON,
                "store",
                "suspend",
                "store-1",
                "--url",
                hq.url(),
                "--token",
                hq.operator().token());
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        within("the credential is refused", LIMIT, () -> link.get(CATALOG), 403);
        assertThat(link.get(CATALOG).body().path("code").asText()).isEqualTo("store_suspended");
        awaitHealth("suspended");
        var written = hq.operator()
                .post(
                        CATALOG + "/writes",
                        "{\"operations\":[{\"op\":\"put\",\"object\":\"#milk\",\"type\":\"retail.item\"}]}")
                .expect(200)
                .version();
        awaitStore("it lacks a version", "lagVersions", "1");
        assertThat(arrived(written).exitCode()).isEqualTo(1);
        store.operator().get(CATALOG + "/objects").expect(200);
        store.operator()
                .post(
                        CATALOG + "/writes",
                        "{\"operations\":[{\"op\":\"put\",\"object\":\"#tea\",\"type\":\"retail.item\"}]}")
                .expect(202);
        hq.operator().call("POST", "/stores/store-1/resume", "", Map.of()).expect(200);
        awaitHealth("reachable");
        awaitStore("what it lacked has come", "lagVersions", "0");
        var all = arrived(written);
        assertThat(all.exitCode()).as(all.output()).isZero();
        assertThat(all.output()).contains("1 have it, 0 do not, 0 are not known");
        hq.operator().call("DELETE", "/stores/store-1", "", Map.of()).expect(200);
        awaitHealth("removed");
        assertThat(hq.operator()
                        .get("/stores/store-1")
                        .expect(200)
                        .body()
                        .path("standing")
                        .asText())
                .isEqualTo("removed");
        store.operator().get(CATALOG + "/objects").expect(200);
    }

    private static SiteProcess.Ended status(Caller operator) throws Exception {
        return SiteProcess.run(SOON, "status", "--url", operator.url(), "--token", operator.token());
    }

    private void awaitStore(String what, String field, String value) throws Exception {
        Eventually.see(
                what,
                LIMIT,
                () -> hq.operator().get("/stores/store-1").expect(200),
                reply -> reply.body().path(field).asText().equals(value)
                        && !reply.body().path("clockAlarm").asBoolean(true));
    }

    private SiteProcess.Ended arrived(long version) throws Exception {
        return SiteProcess.run(
                SOON,
                "store",
                "arrived",
                String.valueOf(version),
                "--catalog",
                "demo",
                "--url",
                hq.url(),
                "--token",
                hq.operator().token());
    }

    @Test
    void aStoreReplacesItsCredentialWhileItWorksAndWhereverItIsKilled() throws Exception {
        Files.createDirectories(store.home());
        Files.writeString(
                store.home().resolve("storemesh.conf"), "storemesh.link { credential-age = 1s, wait = 1s }\n");
        join();
        var first = credential();
        Eventually.see("another credential", SOON, this::credential, now -> !now.equals(first));
        within("the first one is over", SOON, () -> new Caller(hq.url(), first).get(CATALOG), 401);
        var before = credential();
        store.kill();
        store.start();
        awaitHealth("reachable");
        Eventually.see("another credential", SOON, this::credential, now -> !now.equals(before));
        var version = hq.operator()
                .post(
                        CATALOG + "/writes",
                        "{\"operations\":[{\"op\":\"put\",\"object\":\"#tea\",\"type\":\"retail.item\"}]}")
                .expect(200)
                .version();
        Eventually.see("it follows", SOON, () -> store.operator().visible("demo"), seen -> seen >= version);
    }

    private String credential() throws Exception {
        return new ObjectMapper()
                .readTree(store.home().resolve("link.json").toFile())
                .path("credential")
                .asText();
    }

    private void awaitHealth(String hqState) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(store.url() + "/health/ready"))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var began = System.nanoTime();
            Eventually.see(
                    "the store says " + hqState,
                    Duration.ofSeconds(20),
                    () -> client.send(request, BodyHandlers.ofString()).body(),
                    body -> body.contains("\"hq\":\"" + hqState + "\""));
            System.out.printf("the store says %s after %d ms%n", hqState, (System.nanoTime() - began) / 1_000_000);
        }
    }
}
