package dev.storemesh.node.catalog;

import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort.DifferenceQuery;
import dev.storemesh.protocol.catalog.CatalogPort.Findings;
import dev.storemesh.protocol.catalog.CatalogPort.HistoryQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSearch;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.CatalogPort.Reversal;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogFilter;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.query.Fault;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Write;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// History, differences, instants and searches over a real journal, also after a restart.
class HistoryReadsTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final ObjectToken TEA = new ObjectToken("tea");
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Scope HERE = new Scope.At(new LocationId("s1"));
    private static final int MANY = 200; // more rows than stand between two marks of the index

    @TempDir
    Path folder;

    private TestSite site;
    private Catalogs catalogs;
    private Instant clock = NOON;

    @BeforeEach
    void start() {
        site = TestSite.start(folder, Map.of("catalog.snapshot-every", "10"));
        var log = new LogReader(site.system(), LogOrigin.CATALOG);
        catalogs = new Catalogs(
                site.system(),
                site.settings().catalog(),
                Partitions.start(site.system(), log, SiteCatalog.partitions(2_000, 20_000)),
                log,
                () -> CompletableFuture.completedFuture(Namespaces.NONE),
                () -> clock,
                new SplittableRandom(1));
        get(catalogs.create(DEMO, Provenance.of("operator")));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static Operation put(String token, Setting... set) {
        return new Operation.Put(
                new ObjectRef.Known(new ObjectToken(token)),
                false,
                Optional.empty(),
                List.of(set),
                List.of(),
                Optional.empty());
    }

    private static Operation make(String token, TypeName type, Setting... set) {
        return new Operation.Put(
                new ObjectRef.Known(new ObjectToken(token)),
                true,
                Optional.of(type),
                List.of(set),
                List.of(),
                Optional.empty());
    }

    private static Setting set(String definition, Optional<LocationId> place, Literal value) {
        return new Setting(new Slot(new DefinitionName(definition), place), value);
    }

    private static Setting name(String name) {
        return set("retail.item.name", Optional.empty(), new Literal.Text(name));
    }

    private Version write(String caller, Operation... operations) {
        clock = clock.plusSeconds(1);
        var provenance = Provenance.of(caller).withReason(Optional.of("by " + caller));
        return accepted(get(catalogs.write(DEMO, new Write(List.of(operations), provenance, "d", Optional.empty()))));
    }

    private static Version accepted(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Accepted.class);
        return ((Answer.Accepted) answer).version();
    }

    private static <T> T found(Reading<T> reading) {
        assertThat(reading).isInstanceOf(Reading.Found.class);
        return ((Reading.Found<T>) reading).value();
    }

    /// Version 2 has the location, 3 tea, 4 milk; each after it renames milk, every tenth tea; ben writes every
    /// tenth.
    private void writeMany() {
        write(
                "ann",
                make(
                        "sys.s1",
                        StandardSchema.LOCATION,
                        set("sys.location.id", Optional.empty(), new Literal.Text("s1")),
                        set("sys.location.kind", Optional.empty(), new Literal.Text("store"))));
        write("ann", make("tea", StandardSchema.ITEM, name("Tea 3")));
        write("ann", make("milk", StandardSchema.ITEM, name("Milk 4")));
        for (var version = 5; version <= MANY; version++) {
            var named = put(version % 10 == 5 ? "tea" : "milk", name("Name " + version));
            write(version % 10 == 0 ? "ben" : "ann", named);
        }
    }

    private ObjectHistory history(Optional<Version> version) {
        return found(get(catalogs.history(
                DEMO, TEA, new HistoryQuery(Optional.empty(), Scope.all(), version, Optional.empty(), 1_000))));
    }

    @Test
    void theHistoryOfAnObjectStaysOverRestarts() {
        writeMany();
        var before = history(Optional.empty());
        assertThat(before.entries()).hasSize(1 + MANY / 10);
        assertThat(before.entries().getFirst().written().provenance())
                .isEqualTo(Provenance.of("ann").withReason(Optional.of("by ann")));
        assertThat(before.entries().getFirst().written().at()).isEqualTo(NOON.plusSeconds(2));
        assertThat(before.entries())
                .extracting(entry -> entry.step().version().number())
                .startsWith(3L, 5L, 15L)
                .endsWith(195L);
        assertThat(history(Optional.of(new Version(5))).entries()).hasSize(2);
        stop();
        start(); // with a checkpoint
        assertThat(history(Optional.empty())).isEqualTo(before);
    }

    @Test
    void anInstantStandsForTheNewestVersionThatWasThere() {
        writeMany();
        for (var version = 2; version <= MANY; version += 7) {
            var at = NOON.plusSeconds(version - 1L);
            assertThat(at(at)).isEqualTo(new Version(version));
            assertThat(at(at.plusMillis(999))).isEqualTo(new Version(version));
            assertThat(at(at.minusMillis(1))).isEqualTo(new Version(version - 1L));
            assertThat(at(at)).as("remembered").isEqualTo(new Version(version));
        }
        assertThat(at(NOON.plusSeconds(100_000))).isEqualTo(new Version(MANY));
        assertThat(get(catalogs.versionAt(DEMO, NOON.minusMillis(1)))).isInstanceOf(Reading.Nothing.class);
        var next = write("ann", put("tea", name("Later")));
        assertThat(at(NOON.plusSeconds(100_000)))
                .as("what was the newest is not remembered")
                .isEqualTo(next);
    }

    private Version at(Instant at) {
        return found(get(catalogs.versionAt(DEMO, at)));
    }

    @Test
    void searchesFindWhatTheLogHasAndGoOnWhereTheyStopped() {
        writeMany();
        var none = Optional.<String>empty();
        var ben = new LogFilter(
                Optional.of("ben"), none, none, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(search(ben, 3)).hasSize(MANY / 10).allMatch(version -> version % 10 == 0);
        var tea =
                new LogFilter(none, none, none, Optional.empty(), Optional.of(TEA), Optional.empty(), Optional.empty());
        assertThat(search(tea, 4)).startsWith(3L, 5L, 15L).hasSize(1 + MANY / 10);
        var span = new LogFilter(
                none,
                none,
                none,
                Optional.empty(),
                Optional.of(TEA),
                Optional.of(NOON.plusSeconds(14)),
                Optional.of(NOON.plusSeconds(34)));
        assertThat(search(span, 4)).containsExactly(15L, 25L);
        var nobody = new LogFilter(
                Optional.of("eve"), none, none, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        var findings = found(get(catalogs.search(DEMO, new LogSearch(Version.NONE, 10, nobody))));
        assertThat(findings.entries()).isEmpty();
        assertThat(findings.more()).isFalse();
        assertThat(findings.scannedTo()).isEqualTo(new Version(MANY));
        assertThat(get(catalogs.search(DEMO, new LogSearch(new Version(MANY + 1L), 10, ben))))
                .isInstanceOf(Reading.Diverged.class);
    }

    private List<Long> search(LogFilter filter, int limit) {
        var versions = new ArrayList<Long>();
        var after = Version.NONE;
        Findings findings;
        do {
            findings = found(get(catalogs.search(DEMO, new LogSearch(after, limit, filter))));
            assertThat(findings.entries()).hasSizeLessThanOrEqualTo(limit);
            findings.entries().stream()
                    .map(LogEntry::version)
                    .map(Version::number)
                    .forEach(versions::add);
            after = findings.scannedTo();
        } while (findings.more());
        return versions;
    }

    @Test
    void aRevertIsTheDifferenceBackwards() {
        writeMany();
        var there = difference(new Version(100), new Version(MANY));
        var back = difference(new Version(MANY), new Version(100));
        assertThat(there).hasSize(2);
        assertThat(back.getFirst().set()).isEqualTo(there.getFirst().ended());
        var reverted = accepted(get(catalogs.revert(
                DEMO,
                new Reversal(
                        new Version(100), Optional.of(Set.of(TEA)), Optional.empty(), Provenance.of("ann"), "d2"))));
        assertThat(difference(new Version(100), reverted))
                .extracting(ObjectDifference::object)
                .containsExactly(new ObjectToken("milk"));
    }

    private List<ObjectDifference> difference(Version from, Version to) {
        return found(get(catalogs.differences(
                        DEMO, new DifferenceQuery(Selection.EVERYTHING, from, Optional.of(to), Optional.empty(), 10))))
                .objects();
    }

    @Test
    void whatIsDisabledIsGoneFromALocationsViewAlone() {
        writeMany();
        var here = Optional.of(new LocationId("s1"));
        var before = write("ann", put("tea", name("Tea")));
        var disabled = write("ann", put("tea", set("sys.enabled", Optional.empty(), new Literal.Flag(false))));
        assertThat(get(catalogs.object(DEMO, TEA, Optional.empty(), HERE))).isInstanceOf(Reading.Nothing.class);
        assertThat(get(catalogs.object(DEMO, TEA, Optional.of(before), HERE))).isInstanceOf(Reading.Found.class);
        assertThat(get(catalogs.object(DEMO, TEA, Optional.empty(), Scope.all())))
                .isInstanceOf(Reading.Found.class);
        assertThat(page(HERE)).doesNotContain(TEA);
        assertThat(page(Scope.all())).contains(TEA);
        assertThat(changes(before))
                .containsExactly(
                        new ObjectView.Tombstone(TEA, StandardSchema.ITEM, disabled, ObjectView.Reason.DISABLED));
        var enabled = write("ann", put("tea", set("sys.enabled", here, new Literal.Flag(true))));
        assertThat(page(HERE)).as("its own value over the global one").contains(TEA);
        assertThat(changes(disabled))
                .singleElement()
                .satisfies(view -> assertThat(view).isInstanceOf(ObjectView.Live.class))
                .satisfies(view -> assertThat(view.version()).isEqualTo(enabled));
    }

    private static PageQuery query(Scope scope) {
        var items = new Selection(Optional.of(StandardSchema.ITEM), scope, Map.of());
        return new PageQuery(items, Order.PAGE_KEY, Optional.empty(), Optional.empty(), 100);
    }

    private List<ObjectToken> page(Scope scope) {
        return found(get(catalogs.page(DEMO, query(scope)))).objects().stream()
                .map(ObjectView::object)
                .toList();
    }

    private List<ObjectView> changes(Version since) {
        return found(get(catalogs.changes(DEMO, since, query(HERE)))).objects();
    }

    @Test
    void aLocationThatNobodyKnowsIsNamed() {
        writeMany();
        var nowhere = new Scope.At(new LocationId("atlantis"));
        var reading = get(catalogs.object(DEMO, TEA, Optional.empty(), nowhere));
        assertThat(reading).isInstanceOf(Reading.Invalid.class);
        assertThat(((Reading.Invalid<?>) reading).faults())
                .extracting(Fault::code)
                .containsExactly(Fault.Code.UNKNOWN_LOCATION);
        assertThat(get(catalogs.page(DEMO, query(nowhere)))).isInstanceOf(Reading.Invalid.class);
        assertThat(get(catalogs.changes(DEMO, new Version(1), query(nowhere)))).isInstanceOf(Reading.Invalid.class);
        assertThat(get(catalogs.object(DEMO, TEA, Optional.of(new Version(1)), HERE)))
                .as("known now, though not then")
                .isInstanceOf(Reading.Nothing.class);
    }
}
