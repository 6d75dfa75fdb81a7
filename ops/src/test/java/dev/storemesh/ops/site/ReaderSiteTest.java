package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A site that follows everything, and queues nothing: what changes something HQ does, or nobody.
final class ReaderSiteTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CATALOG = "/catalogs/demo";
    private static final String TEA = "{\"operations\":[{\"op\":\"put\",\"object\":\"tea\",\"create\":true,"
            + "\"type\":\"retail.item\",\"set\":[{\"attribute\":\"retail.item.name\",\"value\":\"Tea\"}]}]}";
    private static final String MILK = TEA.replace("tea", "milk");

    @TempDir
    Path folder = Path.of("");

    private Optional<SiteProcess> hq = Optional.empty();
    private Optional<SiteProcess> reader = Optional.empty();

    @AfterEach
    void leaveNothingRunning() {
        reader.ifPresent(SiteProcess::close);
        hq.ifPresent(SiteProcess::close);
    }

    @Test
    void readsWithoutHqAndChangesNothingButByHq() throws Exception {
        var site = new SiteProcess(folder.resolve("hq"));
        hq = Optional.of(site);
        site.start();
        var atHq = site.operator();
        atHq.put(CATALOG).expect(201);
        var joinToken = atHq.post("/stores", "{\"store\":\"reports\",\"catalog\":\"demo\"}")
                .expect(201)
                .body()
                .path("joinToken")
                .asText();
        var home = Files.createDirectories(folder.resolve("reports"));
        Files.writeString(home.resolve("storemesh.conf"), "storemesh.site.reader = true\n");
        var reports = new SiteProcess(home);
        reader = Optional.of(reports);
        reports.start("--join", site.url(), "--token", joinToken);
        var here = reports.operator();
        assertThat(here.get("/status").expect(200).body().path("role").asText()).isEqualTo("reader");

        var version = atHq.at(reports.url())
                .post(CATALOG + "/writes", TEA)
                .expect(200)
                .version();
        Eventually.see("HQ's answer came down", SOON, () -> here.visible("demo"), seen -> seen >= version);
        here.get(CATALOG + "/objects/tea").expect(200);
        // whom HQ does not know changes nothing
        here.post(CATALOG + "/writes", MILK).expect(403);

        site.stop();
        here.get(CATALOG + "/objects/tea").expect(200);
        for (var path : new String[] {
            CATALOG + "/writes", CATALOG + "/overrides/clear", "/change-requests/any/withdraw?catalog=demo"
        }) {
            var refused = here.post(path, MILK).expect(503);
            assertThat(refused.body().path("code").asText()).as(path).isEqualTo("hq_unreachable");
        }
        assertThat(here.get("/change-requests?catalog=demo").expect(200).body().path("changeRequests"))
                .isEmpty();
    }

    @Test
    void isNoneWithoutAnHqToFollow() throws Exception {
        var home = Files.createDirectories(folder.resolve("alone"));
        Files.writeString(home.resolve("storemesh.conf"), "storemesh.site.reader = true\n");
        var ended = SiteProcess.run(
                SOON, "node", "--home", home.toString(), "--port", String.valueOf(SiteProcess.freePort()));
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains("storemesh.site.reader: this home has joined no HQ");
    }
}
