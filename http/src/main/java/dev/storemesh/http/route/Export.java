package dev.storemesh.http.route;

import dev.storemesh.protocol.bulk.ReferredTypes;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectJson;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.schema.SchemaRules;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// A whole catalog as lines of JSON, read page by page at one version while the client takes them: at most two
/// pages are in memory. The first page is read before the answer begins, so that what is wrong with a question
/// is said with a status; a later one that fails breaks the answer off.
///
/// The order is one in which it can be imported again: the schema, then the types that others refer to, each after
/// those that it refers to itself, then all others; in page order within each of these. It follows from what is in
/// the catalog alone, so equal catalogs give equal lines.
final class Export {
    private static final int PAGE = 500;
    private static final int OBJECT_BYTES = 600; // about what one takes

    private final CatalogPort catalogs;
    private final CatalogId catalog;
    private final Selection selection;

    Export(CatalogPort catalogs, CatalogId catalog, Selection selection) {
        this.catalogs = catalogs;
        this.catalog = catalog;
        this.selection = selection;
    }

    CompletionStage<Reading<Slice>> first(Optional<Version> version) {
        return page(selection.type(), version, Optional.empty());
    }

    private CompletionStage<Reading<Slice>> page(
            Optional<TypeName> type, Optional<Version> version, Optional<ObjectToken> after) {
        var some = new Selection(type, selection.scope(), selection.having());
        return NoAnswerException.of(catalogs.page(catalog, new PageQuery(some, Order.PAGE_KEY, version, after, PAGE)));
    }

    /// All lines, at the version that the first page was read at.
    Source<ByteString, NotUsed> lines(Version version, Slice first) {
        var lines = selection.type().isPresent() ? pages(selection.type(), version, first) : parts(version, first);
        return lines.map(Export::written).filter(bytes -> !bytes.isEmpty());
    }

    /// Schema objects are the first in page order, so those of the first pages until another comes.
    private Source<List<ObjectView>, NotUsed> parts(Version version, Slice first) {
        var schema = pages(Optional.empty(), version, first)
                .takeWhile(objects -> objects.isEmpty() || isOfSchema(objects.getLast()), true)
                .map(objects -> only(objects, Export::isOfSchema));
        var others = Source.lazyCompletionStage(() -> referred(version))
                .flatMapConcat(referred -> Source.from(referred)
                        .flatMapConcat(type -> pages(Optional.of(type), version))
                        .concatLazy(pages(Optional.empty(), version, first)
                                .map(objects -> only(
                                        objects, object -> !isOfSchema(object) && !referred.contains(object.type())))));
        return schema.concatLazy(others);
    }

    private CompletionStage<List<TypeName>> referred(Version version) {
        return NoAnswerException.of(catalogs.schema(catalog, Optional.of(version)))
                .thenApply(reading -> {
                    if (reading instanceof Reading.Found<SchemaView>(var at, var view)) {
                        return ReferredTypes.inOrder(SchemaRules.read(view.schemaObjects()));
                    }
                    throw broken(reading);
                });
    }

    private static boolean isOfSchema(ObjectView object) {
        return object.object().isOfSchema();
    }

    private static List<ObjectView> only(List<ObjectView> objects, Predicate<ObjectView> wanted) {
        return objects.stream().filter(wanted).toList();
    }

    private Source<List<ObjectView>, NotUsed> pages(Optional<TypeName> type, Version version) {
        return Source.lazyCompletionStage(() -> page(type, Optional.of(version), Optional.empty()))
                .flatMapConcat(reading -> pages(type, version, read(reading)))
                .mapMaterializedValue(unused -> NotUsed.getInstance());
    }

    /// Those of the first page and on.
    private Source<List<ObjectView>, NotUsed> pages(Optional<TypeName> type, Version version, Slice first) {
        return Source.single(first)
                .concatLazy(Source.unfoldAsync(after(first), after -> next(type, version, after))
                        .buffer(1, OverflowStrategy.backpressure()))
                .map(Slice::objects);
    }

    /// The object that the next page follows; empty: there is none.
    private static Optional<ObjectToken> after(Slice slice) {
        return slice.more() ? Optional.of(slice.objects().getLast().object()) : Optional.empty();
    }

    private CompletionStage<Optional<Pair<Optional<ObjectToken>, Slice>>> next(
            Optional<TypeName> type, Version version, Optional<ObjectToken> after) {
        return after.isEmpty()
                ? CompletableFuture.completedStage(Optional.empty())
                : page(type, Optional.of(version), after).thenApply(reading -> {
                    var slice = read(reading);
                    return Optional.of(Pair.create(after(slice), slice));
                });
    }

    private Slice read(Reading<Slice> reading) {
        if (reading instanceof Reading.Found<Slice>(var version, var slice)) {
            return slice;
        }
        throw broken(reading);
    }

    private IllegalStateException broken(Reading<?> reading) {
        return new IllegalStateException("catalog " + catalog + ": an export ends in " + reading);
    }

    private static ByteString written(List<ObjectView> objects) {
        return ByteString.fromArrayUnsafe(Json.bytes(OBJECT_BYTES * (objects.size() + 1), json -> {
            for (var view : objects) {
                if (view instanceof ObjectView.Live live) {
                    ObjectJson.export(json, live);
                    json.writeRaw('\n');
                }
            }
        }));
    }
}
