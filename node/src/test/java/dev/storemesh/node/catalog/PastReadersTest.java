package dev.storemesh.node.catalog;

import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort.Reversal;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A catalog whose partition holds rows for three versions after they ended: all that is older comes from its
/// checkpoints and the log.
class PastReadersTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final ObjectToken TEA = new ObjectToken("tea");
    private static final ObjectToken MILK = new ObjectToken("milk");
    private static final String PARTITION = "partition|demo:1:0";
    private static final int CHANGES = 60;

    @TempDir
    Path folder;

    private final List<Version> versions = new ArrayList<>(); // at which tea was "tea 0", "tea 1" …
    private Optional<SiteCatalog> running = Optional.empty();

    @BeforeEach
    void change() {
        var site = new SiteCatalog(folder, DEMO, EntityRef::tell, Map.of(), SiteCatalog.partitions(600, 20_000, 3));
        running = Optional.of(site);
        versions.add(write(Writes.make("tea", "tea 0"), Writes.make("milk", "milk")));
        for (var number = 1; number < CHANGES; number++) {
            versions.add(write(Writes.rename("tea", "tea " + number)));
        }
    }

    @AfterEach
    void stop() {
        running.ifPresent(SiteCatalog::close);
    }

    private SiteCatalog site() {
        return running.orElseThrow();
    }

    private Version write(Operation... operations) {
        return ((Answer.Accepted) get(site().catalogs().write(DEMO, Writes.of(operations)))).version();
    }

    private String name(ObjectToken token, Version version) {
        return site().object(token, version, Scope.all())
                .flatMap(view -> view.value(Writes.NAME.definition()))
                .map(value -> ((Value.Text) value).text())
                .orElse("none");
    }

    private void showsEveryVersion() {
        for (var number = 0; number < CHANGES; number++) {
            assertThat(name(TEA, versions.get(number))).isEqualTo("tea " + number);
        }
    }

    @Test
    void showEveryVersion() {
        showsEveryVersion();
        site().restart();
        showsEveryVersion();
    }

    @Test
    void pageAnOldVersion() {
        var first = site().page(Selection.EVERYTHING, versions.get(1), Optional.empty(), 1);
        assertThat(first.objects()).hasSize(1);
        assertThat(first.more()).isTrue();
        var last = first.objects().getFirst().object();
        var second = site().page(Selection.EVERYTHING, versions.get(1), Optional.of(last), 1);
        assertThat(second.objects()).hasSize(1);
        assertThat(second.more()).isFalse();
        assertThat(List.of(last, second.objects().getFirst().object())).containsExactlyInAnyOrder(TEA, MILK);
    }

    @Test
    void tellTheWholeHistory() {
        var query = new ObjectHistory.Query(
                Optional.empty(), Scope.all(), versions.getLast(), Optional.empty(), 2 * CHANGES);
        assertThat(site().history(TEA, query).orElseThrow().entries())
                .extracting(entry -> entry.step().version())
                .isEqualTo(versions);
    }

    @Test
    void letAnOldVersionBePutBack() {
        var reversal = new Reversal(versions.get(2), Optional.empty(), Optional.empty(), Writes.ANN, "");
        assertThat(get(site().catalogs().revert(DEMO, reversal))).isInstanceOf(Answer.Accepted.class);
        assertThat(name(TEA, site().head())).isEqualTo("tea 2");
        showsEveryVersion();
    }

    @Test
    void keepFewCheckpoints() {
        var made = site().site().rows(PARTITION);
        assertThat(made).isGreaterThan(8);
        assertThat(site().site().snapshots(PARTITION)).isBetween(3L, 4L + (63 - Long.numberOfLeadingZeros(made)));
    }

    /// Then they read the log from its beginning.
    @Test
    void doWithoutCheckpoints() {
        site().close();
        TestSite.loseSnapshots(folder);
        site().restart();
        showsEveryVersion();
    }
}
