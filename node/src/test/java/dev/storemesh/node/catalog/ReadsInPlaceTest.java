package dev.storemesh.node.catalog;

import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.catalog.Answer.Accepted;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.CatalogPort.QueryPage;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.query.Query;
import dev.storemesh.protocol.query.QueryJson;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many threads read one partition while it is fed. Each write names two items by its own number, and makes another
/// one: so a reader can tell at once whether all that it was given is of one version.
class ReadsInPlaceTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final int WRITES = 150;
    private static final int READERS = 4;
    private static final Query TEAS = QueryJson.read(Fields.of(Json.parse("""
            {"filter":{"attribute":"retail.item.name","word":"tea"},"total":true,"limit":3,
             "sort":[{"attribute":"retail.item.name","order":"desc"}]}""")));

    @TempDir
    Path folder;

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private SiteCatalog site;
    private Version before = Version.NONE;

    @BeforeEach
    void start() {
        site = new SiteCatalog(folder, DEMO);
        var made = get(site.catalogs()
                .write(DEMO, Writes.of(Writes.make("left", number(0)), Writes.make("right", number(0)))));
        before = ((Accepted) made).version();
        acknowledged.set(before.number());
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static String number(long write) {
        return "Number %05d".formatted(write);
    }

    @Test
    void readersMeetWholeVersionsOnlyAndNoneThatIsOlderThanAnAnswer()
            throws ExecutionException, InterruptedException, TimeoutException {
        try (var threads = Executors.newFixedThreadPool(READERS)) {
            var readers = new ArrayList<Future<Long>>();
            for (var reader = 0; reader < READERS; reader++) {
                readers.add(threads.submit(reading(reader)));
            }
            try {
                write();
            } finally {
                over.set(true);
            }
            for (var reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isGreaterThan(WRITES / 4);
            }
        }
    }

    private void write() {
        for (var i = 1; i <= WRITES; i++) {
            var answer = get(site.catalogs()
                    .write(
                            DEMO,
                            Writes.of(
                                    Writes.rename("left", number(i)),
                                    Writes.rename("right", number(i)),
                                    Writes.make("tea-" + i, "Tea " + number(i)))));
            acknowledged.set(((Accepted) answer).version().number());
        }
    }

    private Callable<Long> reading(int reader) {
        return () -> {
            var reads = 0L;
            while (!over.get()) {
                switch ((int) ((reader + reads) % 3)) {
                    case 0 -> readObjects();
                    case 1 -> readPage();
                    default -> query();
                }
                reads++;
            }
            return reads;
        };
    }

    private <T> Found<T> newest(Supplier<CompletionStage<Reading<T>>> reading) {
        var least = acknowledged.get();
        var found = (Found<T>) get(reading.get());
        assertThat(found.version().number()).isGreaterThanOrEqualTo(least);
        return found;
    }

    private long writesAt(Version version) {
        return version.number() - before.number();
    }

    private void readObjects() {
        var left = newest(() -> object("left", Optional.empty()));
        var right = (Found<ObjectView.Live>) get(object("right", Optional.of(left.version())));
        assertThat(List.of(name(left.value()), name(right.value()))).containsOnly(number(writesAt(left.version())));
    }

    private CompletionStage<Reading<ObjectView.Live>> object(String token, Optional<Version> version) {
        return site.catalogs().object(DEMO, new ObjectToken(token), version, Scope.all());
    }

    private void readPage() {
        var everything =
                new PageQuery(Selection.EVERYTHING, Order.PAGE_KEY, Optional.empty(), Optional.empty(), WRITES + 2);
        var page = newest(() -> site.catalogs().page(DEMO, everything));
        assertThat(page.value().objects()).hasSize((int) writesAt(page.version()) + 2);
    }

    private void query() {
        var teas = newest(() -> site.catalogs().query(DEMO, new QueryPage(TEAS, Optional.empty(), Optional.empty())));
        var writes = writesAt(teas.version());
        assertThat(teas.value().total()).contains(writes);
        if (writes > 0) {
            assertThat(name(teas.value().objects().getFirst())).isEqualTo("Tea " + number(writes));
        }
    }

    private static String name(ObjectView.Live view) {
        var name = view.value(Writes.NAME.definition()).orElseThrow().literal();
        return ((Literal.Text) name).text();
    }
}
