package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// HQ with a shop in its own building: one process that is both.
final class StoreAtHqTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CATALOG = "/catalogs/demo";
    private static final String CLOSED = "{'operations':[{'op':'put','object':'tea','set':["
            + "{'attribute':'sys.enabled','location':'store-1','value':false}]}]}";
    private static final String RENAMED = "{'operations':[{'op':'put','object':'tea','set':["
            + "{'attribute':'retail.item.name','value':'Green tea'}]}]}";

    @TempDir
    Path folder = Path.of("");

    private Optional<SiteProcess> both = Optional.empty();

    @AfterEach
    void leaveNothingRunning() {
        both.ifPresent(SiteProcess::close);
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    private static void fill(Caller operator) throws Exception {
        operator.put(CATALOG).expect(201);
        operator.post(CATALOG + "/locations", quoted("{'id':'store-1','kind':'store'}"))
                .expect(200);
        operator.post(
                        CATALOG + "/constraints",
                        quoted("{'name':'com.acme.shelves','kind':'authority','definition':'sys.enabled',"
                                + "'authority':'store'}"))
                .expect(200);
        operator.post(
                        CATALOG + "/writes",
                        quoted("{'operations':[{'op':'put','object':'tea','create':true,'type':'retail.item',"
                                + "'set':[{'attribute':'retail.item.name','value':'Tea'}]}]}"))
                .expect(200);
    }

    private static Caller manager(Caller operator, String storeUrl) throws Exception {
        var token = Eventually.see(
                        "the store has been invited",
                        SOON,
                        () -> operator.post(
                                "/tokens", quoted("{'name':'Ann','role':'store_manager','store':'store-1'}")),
                        reply -> reply.status() == 201)
                .body()
                .path("token")
                .asText();
        return new Caller(storeUrl, token);
    }

    @Test
    void isAStoreLikeAnyOtherInTheSameProcess() throws Exception {
        var site = new SiteProcess(folder.resolve("hq"));
        both = Optional.of(site);
        var port = String.valueOf(SiteProcess.freePort());
        site.start("--location", "store-1", "--location-catalog", "demo", "--location-port", port);
        var operator = site.operator();
        fill(operator);
        var ann = manager(operator, "http://127.0.0.1:" + port);
        Eventually.see("the store has HQ's tea", SOON, () -> tea(ann), status -> status == 200);

        // what the store owns takes effect there at once, what HQ decides waits for HQ
        ann.post(CATALOG + "/writes", quoted(CLOSED)).expect(202);
        assertThat(tea(ann)).isEqualTo(404);
        var renamed = ann.post(CATALOG + "/writes", quoted(RENAMED)).expect(202).body();
        var path = "/change-requests/" + renamed.path("changeRequest").asText();
        Eventually.see(
                "HQ has the request",
                SOON,
                () -> operator.get(path + "?catalog=demo"),
                reply -> reply.body().path("status").asText().equals("waiting"));
        operator.post(path + "/approve?catalog=demo", "{}").expect(200);
        var home = folder.resolve("hq").resolve("store-1");
        var atStore = new Caller(
                ann.url(), Files.readString(home.resolve("operator.token")).strip());
        Eventually.see(
                "the name came down",
                SOON,
                () -> atStore.get(CATALOG + "/objects/tea"),
                reply -> reply.raw().contains("Green tea"));

        assertThat(site.stop()).as("both stop in good order").isZero();
        site.start("--location", "store-1", "--location-port", port); // it knows its catalog
        Eventually.see("the store is there again", SOON, () -> tea(ann), status -> status == 404);
        assertThat(Files.exists(home.resolve("log.db"))).isTrue();
    }

    /// 0: nobody answers, since HQ may be there before the store.
    private static int tea(Caller caller) throws Exception {
        try {
            return caller.get(CATALOG + "/objects/tea?location=store-1").status();
        } catch (ConnectException notYet) {
            return 0;
        }
    }

    @Test
    void endsWithTheReasonWhereItIsNotLetIn() throws Exception {
        var other = new SiteProcess(folder.resolve("other"));
        both = Optional.of(other);
        other.start();
        other.operator().put(CATALOG).expect(201);
        var home = Files.createDirectories(folder.resolve("hq"));
        Files.writeString(home.resolve("storemesh.conf"), "storemesh.link.hq = \"" + other.url() + "\"\n");
        var ended = SiteProcess.run(
                SOON,
                "node",
                "--home",
                home.toString(),
                "--port",
                String.valueOf(SiteProcess.freePort()),
                "--location",
                "store-1",
                "--location-catalog",
                "demo");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains("The store store-1 at HQ does not run: ", "unauthenticated");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        var home = folder.resolve("hq").toString();
        var noCatalog = SiteProcess.run(SOON, "node", "--home", home, "--port", "8080", "--location", "store-1");
        assertThat(noCatalog.exitCode()).isEqualTo(1);
        assertThat(noCatalog.output()).contains("--location-catalog NAME");
        var noPort = SiteProcess.run(SOON, "node", "--home", home, "--port", "0", "--location", "store-1");
        assertThat(noPort.output()).contains("expected: --port N");
        var join = SiteProcess.run(
                SOON, "node", "--home", home, "--location", "store-1", "--join", "http://127.0.0.1:1", "--token", "x");
        assertThat(join.output()).contains("--location is for HQ");
        assertThat(Files.exists(Path.of(home))).isFalse();
    }
}
