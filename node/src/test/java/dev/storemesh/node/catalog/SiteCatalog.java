package dev.storemesh.node.catalog;

import static dev.storemesh.node.site.TestSite.get;

import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.CatalogPort.DifferenceQuery;
import dev.storemesh.protocol.catalog.CatalogPort.HistoryQuery;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.model.ModelledCatalog;
import dev.storemesh.protocol.model.Wish;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// One catalog of a real site: its entity and its partition over a real journal. A restart stops the whole site
/// and starts it again over the same folder.
final class SiteCatalog implements ModelledCatalog, AutoCloseable {
    private final Path folder;
    private final CatalogId id;
    private TestSite site;
    private Catalogs catalogs;

    SiteCatalog(Path folder, CatalogId id) {
        this.folder = folder;
        this.id = id;
        this.site = TestSite.start(folder);
        this.catalogs = catalogs(site);
        get(catalogs.create(id, Provenance.of("operator")));
    }

    static Catalogs catalogs(TestSite site) {
        var log = new LogReader(site.system(), LogOrigin.CATALOG, LogReader.journal(site.system()));
        return new Catalogs(
                site.system(),
                site.settings().catalog(),
                Partitions.start(site.system(), log, site.settings().partition()),
                log,
                () -> CompletableFuture.completedFuture(Namespaces.NONE),
                Instant::now,
                new SplittableRandom());
    }

    Catalogs catalogs() {
        return catalogs;
    }

    @Override
    public void restart() {
        site.close();
        site = TestSite.start(folder);
        catalogs = catalogs(site);
    }

    @Override
    public void close() {
        site.close();
    }

    @Override
    public List<Answer> ask(List<Wish> wishes) {
        var asked = wishes.stream().map(this::ask).toList(); // all of them, before the first is answered
        return asked.stream().map(TestSite::get).toList();
    }

    private CompletionStage<Answer> ask(Wish wish) {
        return switch (wish) {
            case Wish.Write(var write) -> catalogs.write(id, write);
            case Wish.Revert(var reversal) -> catalogs.revert(id, reversal);
        };
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
        return maybe(catalogs.object(id, token, Optional.of(version), scope));
    }

    @Override
    public Slice page(Selection selection, Version version, Optional<ObjectToken> after, int limit) {
        return found(catalogs.page(id, query(selection, version, after, limit)));
    }

    @Override
    public Slice changes(Selection selection, Version since, Version version, Optional<ObjectToken> after, int limit) {
        return found(catalogs.changes(id, since, query(selection, version, after, limit)));
    }

    private static PageQuery query(Selection selection, Version version, Optional<ObjectToken> after, int limit) {
        return new PageQuery(selection, Order.PAGE_KEY, Optional.of(version), after, limit);
    }

    @Override
    public Optional<ObjectHistory> history(ObjectToken token, ObjectHistory.Query query) {
        return maybe(catalogs.history(
                id,
                token,
                new HistoryQuery(
                        query.attribute(), query.scope(), Optional.of(query.upTo()), query.after(), query.limit())));
    }

    @Override
    public ObjectDifference.Slice differences(
            Selection selection, Version from, Version to, Optional<ObjectToken> after, int limit) {
        return found(catalogs.differences(id, new DifferenceQuery(selection, from, Optional.of(to), after, limit)));
    }
}
