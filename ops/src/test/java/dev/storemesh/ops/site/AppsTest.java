package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An app as its operator makes it: a token, a namespace, and writes that say for whom they are, at HQ and at a
/// store.
final class AppsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String APP = "com.acme.loyalty";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

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

    /// What a command prints, without the last line's end.
    private static String run(SiteProcess site, int exitCode, String... words) throws Exception {
        var out = new StringWriter();
        var options = List.of("--url", site.url(), "--token", site.operator().token());
        var line = Stream.concat(Stream.of(words), options.stream()).toArray(String[]::new);
        var exit = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(line);
        assertThat(exit).as(out.toString()).isEqualTo(exitCode);
        return out.toString().stripTrailing();
    }

    private static JsonNode entry(Caller caller, long version) throws Exception {
        return caller.get("/catalogs/demo/log?after=" + (version - 1) + "&limit=1")
                .expect(200)
                .body()
                .path("entries")
                .path(0);
    }

    @Test
    void everySiteSeesForWhomAnAppWrote() throws Exception {
        var hq = site("hq");
        hq.start();
        hq.operator().put("/catalogs/demo").expect(201);
        var loyalty =
                hq.operator().as(run(hq, 0, "token", "create", "--name", "loyalty", "--role", "editor", "--app", APP));
        assertThat(run(hq, 0, "token", "list")).contains("APP").contains(APP);

        var version = written(loyalty, "ada@example.com");
        var entry = entry(loyalty, version);
        assertThat(entry.path("caller").asText()).isEqualTo("loyalty");
        assertThat(entry.path("app").asText()).isEqualTo(APP);
        assertThat(entry.path("actingFor").asText()).isEqualTo("ada@example.com");

        var joinToken = hq.operator()
                .post("/stores", "{\"store\":\"store-1\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        var store = site("store-1");
        store.start("--join", hq.url(), "--token", joinToken);
        Eventually.see(
                "the write came down",
                SOON,
                () -> store.operator().get("/catalogs/demo"),
                reply -> reply.status() == 200 && reply.body().path("visible").asLong() >= version);
        assertThat(entry(store.operator(), version)).isEqualTo(entry); // and the store has checked its chain
        var unknown = "403 unknown_at_hq"; // HQ is asked, and knows no token of a store's own
        assertThat(run(store, 1, "namespace", "claim", "com.acme", "--app", APP))
                .contains(unknown);
        assertThat(run(store, 1, "namespace", "list")).contains(unknown);
    }

    private static long written(Caller caller, String person) throws Exception {
        var body = "{\"operations\":[{\"op\":\"put\",\"object\":\"#tea\",\"type\":\"retail.item\","
                + "\"set\":[{\"attribute\":\"retail.item.name\",\"value\":\"Tea\"}]}]}";
        var request = HttpRequest.newBuilder(URI.create(caller.url() + "/api/v1/catalogs/demo/writes"))
                .timeout(SOON)
                .header("Authorization", "Bearer " + caller.token())
                .header("Content-Type", "application/json")
                .header("Storemesh-Acting-For", person)
                .POST(BodyPublishers.ofString(body))
                .build();
        return Reply.of(HTTP.send(request, BodyHandlers.ofString()))
                .expect(200)
                .body()
                .path("version")
                .asLong();
    }

    @Test
    void aNamespaceOutlivesTheNodeThatGaveIt() throws Exception {
        var hq = site("hq");
        hq.start();
        assertThat(run(hq, 0, "namespace", "claim", "com.acme", "--app", APP))
                .isEqualTo("Namespace com.acme belongs to the app " + APP + ".");
        hq.kill();
        hq.start();
        assertThat(run(hq, 0, "namespace", "claim", "com.acme", "--app", APP)).contains(APP);
        assertThat(run(hq, 1, "namespace", "claim", "com.acme.prices", "--app", "com.acme.prices"))
                .contains("The namespace com.acme belongs to the app " + APP);
        assertThat(run(hq, 1, "namespace", "claim", "retail.prices", "--app", "com.acme.prices"))
                .contains("no app can claim it");
        assertThat(run(hq, 0, "namespace", "list").lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly("NAMESPACE APP", "com.acme " + APP);
    }
}
