package dev.storemesh.http.route;

import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectJson;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// A whole catalog as lines of JSON, read page by page at one version while the client takes them: at most two pages
/// are in memory. The first page is read before the answer begins, so that what is wrong with a question is said
/// with a status; a later one that fails breaks the answer off.
final class Export {
    private static final int PAGE = 500;

    private final CatalogPort catalogs;
    private final CatalogId catalog;
    private final Selection selection;

    Export(CatalogPort catalogs, CatalogId catalog, Selection selection) {
        this.catalogs = catalogs;
        this.catalog = catalog;
        this.selection = selection;
    }

    CompletionStage<Reading<Slice>> first(Optional<Version> version) {
        return page(version, Optional.empty());
    }

    private CompletionStage<Reading<Slice>> page(Optional<Version> version, Optional<ObjectToken> after) {
        return NoAnswerException.of(
                catalogs.page(catalog, new PageQuery(selection, Order.PAGE_KEY, version, after, PAGE)));
    }

    /// All lines, from those of the first page on, at the version that it was read at.
    Source<ByteString, NotUsed> lines(Version version, Slice first) {
        return Source.single(first)
                .concat(Source.unfoldAsync(after(first), after -> next(version, after))
                        .buffer(1, OverflowStrategy.backpressure()))
                .map(Export::lines)
                .filter(lines -> !lines.isEmpty());
    }

    /// The object that the next page follows; empty: there is none.
    private static Optional<ObjectToken> after(Slice slice) {
        return slice.more() ? Optional.of(slice.objects().getLast().object()) : Optional.empty();
    }

    private CompletionStage<Optional<Pair<Optional<ObjectToken>, Slice>>> next(
            Version version, Optional<ObjectToken> after) {
        return after.isEmpty()
                ? CompletableFuture.completedStage(Optional.empty())
                : page(Optional.of(version), after).thenApply(reading -> Optional.of(read(reading)));
    }

    private Pair<Optional<ObjectToken>, Slice> read(Reading<Slice> reading) {
        if (reading instanceof Reading.Found<Slice>(var version, var slice)) {
            return Pair.create(after(slice), slice);
        }
        throw new IllegalStateException("catalog " + catalog + ": an export ends in " + reading);
    }

    private static ByteString lines(Slice slice) {
        var lines = new StringBuilder();
        for (var view : slice.objects()) {
            if (view instanceof ObjectView.Live live) {
                lines.append(Json.text(ObjectJson.export(live))).append('\n');
            }
        }
        return ByteString.fromArray(lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
