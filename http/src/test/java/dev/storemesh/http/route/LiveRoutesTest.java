package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.access.Authentication;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Version;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;

/// The pokes of new versions.
class LiveRoutesTest extends WithApi {
    private static final HistoryId HISTORY = new HistoryId("01JNZ8Q4T3V9XK2M7B5D6F8G0H");
    private static final String LIVE = "/api/v1/catalogs/demo/live";

    private void visible(long version) {
        ports.newest = new Reading.Found<>(new Version(version), new Version(version));
    }

    private void catalog(long version) {
        var chain = ChainHash.origin(Ports.DEMO, HISTORY);
        ports.head = new Reading.Found<>(
                new Version(version),
                new CatalogHead(Ports.DEMO, HISTORY, new Version(version), chain, 0, false, Optional.empty()));
        visible(version);
    }

    @Test
    void tellsTheVersionAtTheBeginningAndEachNewerOne() throws Exception {
        catalog(4);
        var response = open("reader", LIVE);
        assertThat(response.status().intValue()).isEqualTo(200);
        assertThat(response.entity().getContentType().toString()).startsWith("text/event-stream");
        assertThat(response.getHeader("Cache-Control").orElseThrow().value()).isEqualTo("no-store");
        visible(6);
        var events = response.entity()
                .getDataBytes()
                .map(bytes -> bytes.utf8String())
                .take(3)
                .runWith(Sink.seq(), SYSTEM)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(events)
                .containsExactly(
                        "event: version\nid: 4\ndata: {\"version\":4}\n\n",
                        "event: version\nid: 6\ndata: {\"version\":6}\n\n",
                        ":\n\n");
    }

    @Test
    void endsWithItsToken() throws Exception {
        catalog(4);
        ports.others = secret -> new Authentication.Known(
                new Principal("id", secret, Role.LANE, Optional.empty(), Optional.empty(), Optional.empty()));
        var response = open("till", LIVE);
        ports.others = secret -> new Authentication.Unknown();
        var events = response.entity()
                .getDataBytes()
                .runWith(Sink.seq(), SYSTEM)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(events).hasSize(1);
    }

    @Test
    void isOfACatalogThatIsThere() {
        assertThat(get("reader", LIVE).outcome()).isEqualTo("404 unknown_catalog");
    }
}
