package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// A walk over the objects of a catalog at one version, page by page, for questions that no index answers.
record ObjectScan(
        CatalogPort catalogs,
        CatalogId catalog,
        Optional<TypeName> type,
        Optional<Version> version,
        Optional<ObjectToken> after) {
    private static final int PAGE = 500;
    private static final int LOOKED_AT = 10_000; // by one request, before it answers with what there is

    /// What was found, and the object to go on after; none: it was the last.
    record Part<T>(List<T> found, Optional<ObjectToken> last) {
        Part {
            found = List.copyOf(found);
        }
    }

    /// Looks until at least `limit` are found, all of the last object's, or so many objects were looked at that
    /// it is better to answer.
    <T> CompletionStage<Reading<Part<T>>> collect(Function<ObjectView.Live, List<T>> question, int limit) {
        return collect(question, limit, LOOKED_AT, List.of());
    }

    private <T> CompletionStage<Reading<Part<T>>> collect(
            Function<ObjectView.Live, List<T>> question, int limit, int patience, List<T> before) {
        return page().thenCompose(reading -> {
            if (!(reading instanceof Reading.Found<Slice>(var at, var slice))) {
                return CompletableFuture.completedStage(failed(reading));
            }
            var found = new ArrayList<>(before);
            var last = after;
            for (var object : slice.objects()) {
                if (object instanceof ObjectView.Live live) {
                    found.addAll(question.apply(live));
                }
                last = Optional.of(object.object());
                if (found.size() >= limit) {
                    var more = slice.more() || !object.equals(slice.objects().getLast());
                    return found(at, found, more ? last : Optional.empty());
                }
            }
            var left = patience - slice.objects().size();
            if (!slice.more() || left <= 0) {
                return found(at, found, slice.more() ? last : Optional.empty());
            }
            return new ObjectScan(catalogs, catalog, type, Optional.of(at), last).collect(question, limit, left, found);
        });
    }

    private static <T> CompletionStage<Reading<Part<T>>> found(Version at, List<T> found, Optional<ObjectToken> last) {
        return CompletableFuture.completedStage(new Reading.Found<>(at, new Part<>(found, last)));
    }

    /// All there are.
    ///
    /// @throws ProblemException in the stage: 413 `too_large` if there are more than `most`
    <T> CompletionStage<Reading<List<T>>> all(Function<ObjectView.Live, List<T>> question, int most) {
        return all(question, most, List.of());
    }

    private <T> CompletionStage<Reading<List<T>>> all(
            Function<ObjectView.Live, List<T>> question, int most, List<T> before) {
        return this.<T>collect(question, most + 1, LOOKED_AT, before).thenCompose(reading -> {
            if (!(reading instanceof Reading.Found<Part<T>>(var at, var part))) {
                return CompletableFuture.completedStage(failed(reading));
            }
            if (part.found().size() > most) {
                throw new ProblemException(
                        Problem.limit(413, "too_large", most, "There are more than " + most + ": name fewer."));
            }
            return part.last().isEmpty()
                    ? CompletableFuture.completedStage(new Reading.Found<>(at, part.found()))
                    : new ObjectScan(catalogs, catalog, type, Optional.of(at), part.last())
                            .all(question, most, part.found());
        });
    }

    /// Of these objects alone, at least one of them; what is said of one that is not there is the answer.
    <T> CompletionStage<Reading<List<T>>> among(
            Collection<ObjectToken> tokens, Function<ObjectView.Live, List<T>> question) {
        CompletionStage<Reading<List<T>>> all =
                CompletableFuture.completedStage(new Reading.Found<>(version.orElse(Version.NONE), List.of()));
        for (var token : tokens) {
            all = all.thenCompose(before -> before instanceof Reading.Found<List<T>>(var at, var found)
                    ? NoAnswerException.of(catalogs.object(catalog, token, version, Scope.all()))
                            .thenApply(reading -> with(found, reading, question))
                    : CompletableFuture.completedStage(before));
        }
        return all;
    }

    private <T> Reading<List<T>> with(
            List<T> before, Reading<ObjectView.Live> reading, Function<ObjectView.Live, List<T>> question) {
        if (!(reading instanceof Reading.Found<ObjectView.Live>(var at, var object))) {
            return failed(reading);
        }
        var found = new ArrayList<>(before);
        if (type.map(object.type()::equals).orElse(true)) {
            found.addAll(question.apply(object));
        }
        return new Reading.Found<>(at, found);
    }

    private CompletionStage<Reading<Slice>> page() {
        return NoAnswerException.of(catalogs.page(
                catalog,
                new PageQuery(new Selection(type, Scope.all(), Map.of()), Order.PAGE_KEY, version, after, PAGE)));
    }

    /// The same of another question: nothing was found, so it says nothing of what.
    @SuppressWarnings("unchecked")
    static <T> Reading<T> failed(Reading<?> reading) {
        if (reading instanceof Reading.Found<?>) {
            throw new IllegalArgumentException("reading: found (expected: none)");
        }
        return (Reading<T>) reading;
    }
}
