package dev.storemesh.node.catalog;

import static dev.storemesh.node.site.TestSite.get;

import dev.storemesh.node.site.PartitionSettings;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.CatalogPort.DifferenceQuery;
import dev.storemesh.protocol.catalog.CatalogPort.HistoryQuery;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.model.ModelledCatalog;
import dev.storemesh.protocol.model.Wish;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/// One catalog of a real site: its entity and its partition over a real journal. A restart stops the whole site
/// and starts it again over the same folder.
final class SiteCatalog implements ModelledCatalog, AutoCloseable {
    private final Path folder;
    private final CatalogId id;
    private final Partitions.FeedRoute feeds;
    private final Map<String, String> settings;
    private final PartitionSettings partitionSettings;
    private LockToken lock = new LockToken(Version.NONE, "0".repeat(32));
    private TestSite site;
    private Catalogs catalogs;

    SiteCatalog(Path folder, CatalogId id) {
        this(folder, id, EntityRef::tell, Map.of(), partitions(4 << 20, 20_000));
    }

    /// A site whose feeds travel as `feeds` has it.
    SiteCatalog(
            Path folder,
            CatalogId id,
            Partitions.FeedRoute feeds,
            Map<String, String> settings,
            PartitionSettings partitionSettings) {
        this.partitionSettings = partitionSettings;
        this.folder = folder;
        this.id = id;
        this.feeds = feeds;
        this.settings = settings;
        this.site = TestSite.start(folder, settings);
        this.catalogs = catalogs(site, partitionSettings, feeds);
        get(catalogs.create(id, Provenance.of("operator")));
    }

    /// Partitions that checkpoint after so many bytes, and double beyond so many objects.
    static PartitionSettings partitions(long checkpointMinBytes, int maxObjects) {
        return partitions(checkpointMinBytes, maxObjects, 10_000);
    }

    /// Those that hold rows for so many versions after they ended.
    static PartitionSettings partitions(long checkpointMinBytes, int maxObjects, long retainVersions) {
        return new PartitionSettings(
                256 << 20,
                checkpointMinBytes,
                Duration.ofSeconds(5),
                maxObjects,
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                retainVersions,
                8);
    }

    static Catalogs catalogs(TestSite site) {
        return catalogs(site, site.settings().partition(), EntityRef::tell);
    }

    private static Catalogs catalogs(TestSite site, PartitionSettings partitionSettings, Partitions.FeedRoute feeds) {
        var log = new LogReader(site.system(), LogOrigin.CATALOG, LogReader.journal(site.system()));
        return new Catalogs(
                site.system(),
                site.settings().catalog(),
                Partitions.start(site.system(), log, partitionSettings, feeds),
                log,
                () -> CompletableFuture.completedFuture(Namespaces.NONE),
                Instant::now,
                new SplittableRandom());
    }

    TestSite site() {
        return site;
    }

    /// Those that are in use.
    PartitionMap partitions() {
        return get(catalogs.standings().now(id)).orElseThrow().partitions();
    }

    /// When the partitions are of this generation or a later one.
    PartitionMap partitionsOf(int generation) {
        var deadline = System.nanoTime() + TestSite.SOON.toNanos();
        var map = partitions();
        while (map.generation() < generation) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("they stay at " + map);
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            map = partitions();
        }
        return map;
    }

    Catalogs catalogs() {
        return catalogs;
    }

    @Override
    public void restart() {
        site.close();
        site = TestSite.start(folder, settings);
        catalogs = catalogs(site, partitionSettings, feeds);
    }

    @Override
    public void close() {
        site.close();
    }

    @Override
    public List<Answer> ask(List<Wish> wishes) {
        var asked = wishes.stream().map(this::ask).toList(); // all of them, before the first is answered
        var answers = asked.stream().map(TestSite::get).toList();
        for (var answer : answers) {
            if (answer instanceof Answer.Opened opened) {
                lock = opened.lock();
            }
        }
        return answers;
    }

    private CompletionStage<Answer> ask(Wish wish) {
        return switch (wish) {
            case Wish.Change change -> ask(catalogs, change);
            case Wish.Step(var change) -> ask(catalogs.on(Terms.holding(lock)), change);
            case Wish.Open(var opening) -> catalogs.open(id, opening);
            case Wish.Commit commit -> catalogs.commit(id, lock);
            case Wish.RollBack rollBack -> catalogs.rollBack(id, lock);
            case Wish.Expire expire -> throw new AssertionError("no hours go by here");
        };
    }

    private CompletionStage<Answer> ask(Catalogs as, Wish.Change change) {
        return switch (change) {
            case Wish.Write(var write) -> as.write(id, write);
            case Wish.Revert(var reversal) -> as.revert(id, reversal);
        };
    }

    /// Who may read at a version: everybody, or only the holder of the transaction that is making it; who may know of
    /// one of its locations, too.
    private Catalogs seeing(Version version, Scope scope) {
        var standing = standing();
        if (version.isAfter(standing.visible())) {
            var others = get(catalogs.object(id, new ObjectToken("tea"), Optional.of(version), Scope.all()));
            if (!(others instanceof Reading.NotYet<?>)) {
                throw new AssertionError("version " + version + " is being made, and shown: " + others);
            }
            return catalogs.on(Terms.holding(lock));
        }
        return standing.transaction().isPresent() && scope instanceof Scope.At
                ? catalogs.on(Terms.holding(lock))
                : catalogs;
    }

    private static <T> T found(CompletionStage<Reading<T>> reading) {
        return switch (get(reading)) {
            case Reading.Found<T>(var version, var value) -> value;
            case Reading<T> other -> throw new AssertionError(other);
        };
    }

    private static <T> Optional<T> maybe(CompletionStage<Reading<T>> reading) {
        return switch (get(reading)) {
            case Reading.Found<T>(var version, var value) -> Optional.of(value);
            case Reading.Nothing<T> nothing -> Optional.empty();
            case Reading<T> other -> throw new AssertionError(other);
        };
    }

    private CatalogHead standing() {
        return found(catalogs.head(id));
    }

    @Override
    public Version head() {
        return standing().visible();
    }

    @Override
    public long count() {
        return standing().objects();
    }

    @Override
    public Optional<ObjectView.Live> object(ObjectToken token, Version version, Scope scope) {
        return maybe(seeing(version, scope).object(id, token, Optional.of(version), scope));
    }

    @Override
    public Slice page(Selection selection, Version version, Optional<ObjectToken> after, int limit) {
        return found(seeing(version, selection.scope()).page(id, query(selection, version, after, limit)));
    }

    @Override
    public Slice changes(Selection selection, Version since, Version version, Optional<ObjectToken> after, int limit) {
        return found(seeing(version, selection.scope()).changes(id, since, query(selection, version, after, limit)));
    }

    private static PageQuery query(Selection selection, Version version, Optional<ObjectToken> after, int limit) {
        return new PageQuery(selection, Order.PAGE_KEY, Optional.of(version), after, limit);
    }

    @Override
    public Optional<ObjectHistory> history(ObjectToken token, ObjectHistory.Query query) {
        return maybe(seeing(query.upTo(), query.scope())
                .history(
                        id,
                        token,
                        new HistoryQuery(
                                query.attribute(),
                                query.scope(),
                                Optional.of(query.upTo()),
                                query.after(),
                                query.limit())));
    }

    @Override
    public ObjectDifference.Slice differences(
            Selection selection, Version from, Version to, Optional<ObjectToken> after, int limit) {
        return found(seeing(from.isAfter(to) ? from : to, selection.scope())
                .differences(id, new DifferenceQuery(selection, from, Optional.of(to), after, limit)));
    }
}
