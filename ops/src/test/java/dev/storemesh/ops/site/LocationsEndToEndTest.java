package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that serves two locations, and a report about the group that they are in: at HQ, and at the store.
final class LocationsEndToEndTest {
    private static final String CATALOG = "/catalogs/demo";
    private static final Duration SOON = Duration.ofSeconds(60);

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

    @Test
    void aStoreServesItsKioskAndReportsCountWhatEachOfAGroupHas() throws Exception {
        var hq = site("hq");
        hq.start();
        var operator = hq.operator();
        operator.put(CATALOG).expect(201);
        var joinToken = operator.post("/stores", quoted("{'store':'store-1','catalog':'demo'}"))
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        var store = site("store-1");
        store.start("--join", hq.url(), "--token", joinToken);
        assertThat(locations(operator.get("/stores/store-1"))).isEmpty();
        for (var arguments : List.of(
                "add store-1 --group north",
                "add kiosk --kind virtual --group north",
                "set kiosk --store store-1",
                "add store-2 --group north",
                "add web --kind virtual")) {
            location(operator, arguments);
        }
        assertThat(locations(operator.get("/stores/store-1"))).containsExactly("kiosk", "store-1");
        assertThat(operator.get("/stores")
                        .expect(200)
                        .body()
                        .path("stores")
                        .get(0)
                        .path("locations"))
                .hasToString(quoted("['kiosk','store-1']"));

        // tea everywhere, coffee not in the kiosk, and dearer tea there
        var version = operator.post(
                        CATALOG + "/writes",
                        quoted("{'operations':["
                                + "{'op':'put','object':'drinks','create':true,'type':'retail.department'},"
                                + item("tea", "")
                                + ","
                                + item("coffee", ",{'attribute':'sys.enabled','location':'kiosk','value':false}")
                                + "]}"))
                .expect(200)
                .body()
                .path("version")
                .asLong();
        var expected = quoted("[{'location':'kiosk','total':1,'facets':[{'attribute':'retail.item.department',"
                + "'values':[{'value':'drinks','count':1}]}]},"
                + "{'location':'store-1','total':2,'facets':[{'attribute':'retail.item.department',"
                + "'values':[{'value':'drinks','count':2}]}]},"
                + "{'location':'store-2','total':2,'facets':[{'attribute':'retail.item.department',"
                + "'values':[{'value':'drinks','count':2}]}]}]");
        assertThat(report(operator, "north").expect(200).body().path("locations"))
                .hasToString(expected);
        var unknown = report(operator, "south").expect(422).body();
        assertThat(unknown.path("errors").path(0).path("pointer").asText()).isEqualTo("/group");
        assertThat(unknown.path("errors").path(0).path("code").asText()).isEqualTo("unknown_group");

        // the store knows it all, and asks for a value of its kiosk
        var clerk = store.operator();
        Eventually.see(
                "the items came down",
                SOON,
                () -> clerk.get(CATALOG),
                reply -> reply.status() == 200 && reply.body().path("visible").asLong() >= version);
        assertThat(report(clerk, "north").expect(200).body().path("locations")).hasToString(expected);
        assertThat(clerk.get(CATALOG + "/locations?store=store-1")
                        .expect(200)
                        .body()
                        .path("locations")
                        .findValuesAsText("id"))
                .containsExactly("kiosk", "store-1");
        var request = clerk.post(
                        CATALOG + "/writes",
                        quoted("{'operations':[{'op':'put','object':'tea','set':[{'attribute':'retail.item.price',"
                                + "'location':'kiosk','value':{'amount':399,'currency':'USD'}}]}]}"))
                .expect(202)
                .body()
                .path("changeRequest")
                .asText();
        var path = "/change-requests/" + request;
        Eventually.see(
                "the request is at HQ",
                SOON,
                () -> operator.get(path + "?catalog=demo"),
                reply -> reply.status() == 200);
        operator.post(path + "/approve?catalog=demo", "{}").expect(200);
        assertThat(operator.get(CATALOG + "/objects/tea?location=kiosk")
                        .expect(200)
                        .raw())
                .contains("399");
        assertThat(operator.get(CATALOG + "/objects/tea?location=store-1")
                        .expect(200)
                        .raw())
                .doesNotContain("399");
        overrides(operator, clerk);
        verify(operator, clerk);
        assertThat(store.stop()).isZero();
        assertThat(hq.stop()).isZero();
    }

    /// The kiosk differs in the price of tea, and lacks coffee; then it does not.
    private static void overrides(Caller operator, Caller clerk) throws Exception {
        var listed = operator.get(CATALOG + "/overrides").expect(200).body().path("overrides");
        assertThat(listed.findValuesAsText("object")).containsExactlyInAnyOrder("coffee", "tea");
        var shown = operator.get(CATALOG + "/objects/tea/overrides").expect(200).body();
        assertThat(shown.findValuesAsText("caller")).isNotEmpty().doesNotContain("");
        assertThat(operator.get(CATALOG + "/missing?location=kiosk")
                        .expect(200)
                        .body()
                        .path("objects")
                        .findValuesAsText("object"))
                .containsExactly("coffee");
        clerk.post(CATALOG + "/overrides/clear", quoted("{'location':'kiosk'}")).expect(202);
        var everywhere = quoted("{'object':'tea','attribute':'retail.item.price',"
                + "'values':[{'amount':350,'currency':'USD'}],'reason':'one price'}");
        var made = operator.post(CATALOG + "/overrides/set-everywhere", everywhere, Optional.of("one-price"))
                .expect(200)
                .body();
        assertThat(made.path("ended").asInt()).isEqualTo(1);
        assertThat(operator.get(CATALOG + "/objects/tea?location=kiosk")
                        .expect(200)
                        .raw())
                .contains("350");
        var repeated = operator.post(CATALOG + "/overrides/set-everywhere", everywhere, Optional.of("one-price"))
                .expect(200)
                .body();
        assertThat(repeated.path("version")).isEqualTo(made.path("version"));
        assertThat(repeated.path("ended").asInt()).isEqualTo(1);
        var clear = quoted("{'attribute':'sys.enabled','location':'kiosk'}");
        var cleared = operator.post(CATALOG + "/overrides/clear", clear, Optional.of("open"))
                .expect(200)
                .body();
        assertThat(cleared.path("ended").asInt()).isEqualTo(1);
        assertThat(operator.post(CATALOG + "/overrides/clear", clear, Optional.of("open"))
                        .expect(200)
                        .body()
                        .path("version"))
                .as("when there is nothing left to end, the first answer is still known")
                .isEqualTo(cleared.path("version"));
        operator.get(CATALOG + "/objects/coffee?location=kiosk").expect(200);
        assertThat(operator.get(CATALOG + "/overrides").expect(200).body().path("overrides"))
                .isEmpty();
    }

    /// The store's copy is held against HQ's at the newest version that both have.
    private static void verify(Caller operator, Caller clerk) throws Exception {
        var ended = SiteProcess.run(
                Duration.ofMinutes(1),
                "verify",
                "--catalog=demo",
                "--url=" + clerk.url(),
                "--token=" + clerk.token(),
                "--against=" + operator.url(),
                "--against-token=" + operator.token());
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("The same at version ").doesNotContain(": 0 rows");
    }

    private static void location(Caller operator, String arguments) throws Exception {
        var words = new ArrayList<>(List.of("location"));
        words.addAll(List.of(arguments.split(" ")));
        words.addAll(List.of("--catalog", "demo", "--url", operator.url(), "--token", operator.token()));
        var ended = SiteProcess.run(Duration.ofMinutes(1), words.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }

    private static Reply report(Caller caller, String group) throws Exception {
        return caller.post(
                CATALOG + "/query",
                quoted("{'group':'" + group + "','filter':{'type':'retail.item'},'total':true,"
                        + "'facets':[{'attribute':'retail.item.department','limit':5}]}"));
    }

    private static List<String> locations(Reply store) {
        var ids = new ArrayList<String>();
        for (JsonNode id : store.expect(200).body().path("locations")) {
            ids.add(id.asText());
        }
        return ids;
    }

    private static String item(String token, String more) {
        return "{'op':'put','object':'" + token + "','create':true,'type':'retail.item','set':["
                + "{'attribute':'retail.item.department','value':'drinks'}" + more + "]}";
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
