package dev.storemesh.node.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.storemesh.http.route.CatalogDigests;
import dev.storemesh.http.route.CatalogDigests.Summed;
import dev.storemesh.node.link.HqClient.Refused;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Digest;
import dev.storemesh.protocol.object.DigestJson;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.verify.Comparison;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.Verification.Difference;
import dev.storemesh.protocol.verify.Verification.Different;
import dev.storemesh.protocol.verify.Verification.NotCompared;
import dev.storemesh.protocol.verify.Verification.Outcome;
import dev.storemesh.protocol.verify.Verification.Same;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Holds a store's copy against HQ's, at the newest version that the store has: a few sums first, then more
/// of them, then the objects of those that differ.
final class CopyComparison {
    /// What costs next to nothing on the way, and is enough where nothing differs.
    private static final int FEW = 64;

    private static final int LOOKED_INTO = 16; // of the finest buckets
    private static final Duration PATIENCE = Duration.ofSeconds(20); // HQ looks at all objects

    private final CatalogPort catalogs;
    private final CatalogId catalog;
    private final HqClient hq;
    private final Supplier<LinkState> state;
    private final Optional<LocationId> location; // of what is compared; empty: all is

    /// @param state how the link stands: versions of different logs are not compared
    CopyComparison(CatalogPort catalogs, CatalogId catalog, HqClient hq, Supplier<LinkState> state) {
        this(catalogs, catalog, hq, state, Optional.empty());
    }

    private CopyComparison(
            CatalogPort catalogs,
            CatalogId catalog,
            HqClient hq,
            Supplier<LinkState> state,
            Optional<LocationId> location) {
        this.catalogs = catalogs;
        this.catalog = catalog;
        this.hq = hq;
        this.state = state;
        this.location = location;
    }

    private record Sums(
            Map<Digest.Place, Digest.Sum> buckets, Map<ObjectToken, Map<Digest.Place, Digest.Sum>> objects) {}

    /// Of what the store holds: all, or what is global and at one location. Fails where HQ, or a part of this
    /// store, does not answer, or a copy of another scope took the place of what was compared: that can be tried
    /// again.
    CompletionStage<Outcome> outcome() {
        if (state.get() == LinkState.DIVERGED) {
            return CompletableFuture.completedStage(new NotCompared(NotCompared.DIVERGED));
        }
        return catalogs.location(catalog)
                .thenCompose(held -> new CopyComparison(catalogs, catalog, hq, state, held)
                        .ofScope()
                        .thenCompose(outcome -> catalogs.location(catalog).thenApply(still -> {
                            if (!still.equals(held)) {
                                throw new IllegalStateException("another copy took the place of what was compared");
                            }
                            return outcome;
                        })));
    }

    private CompletionStage<Outcome> ofScope() {
        return summed(Optional.empty(), FEW, Set.of())
                .thenCompose(reading -> reading instanceof Reading.Found<Summed>(var version, var summed)
                                && version.isAfter(Version.NONE)
                        ? against(version, sums(summed))
                        : CompletableFuture.completedStage(new NotCompared("nothing_here")))
                .handle((outcome, failure) -> failure == null ? outcome : refused(failure));
    }

    /// HQ has said no, and would again.
    private static Outcome refused(Throwable failure) {
        if (HqClient.cause(failure) instanceof Refused refused
                && refused.status() / 100 == 4
                && refused.status() != 429
                && refused.code().matches("[a-z_]{1,40}")) {
            return new NotCompared(refused.code());
        }
        throw new CompletionException(HqClient.cause(failure));
    }

    private CompletionStage<Outcome> against(Version version, Sums ours) {
        return hqs(version, FEW, Set.of()).thenCompose(theirs -> {
            var rows = rows(ours);
            return ours.equals(theirs)
                    ? CompletableFuture.completedStage(new Same(version, rows))
                    : differences(version, rows);
        });
    }

    private CompletionStage<Outcome> differences(Version version, long rows) {
        return both(version, Set.of(), (ours, theirs) -> Comparison.buckets(ours.buckets(), theirs.buckets()))
                .thenCompose(buckets -> {
                    var some = buckets.stream().limit(LOOKED_INTO).collect(Collectors.toSet());
                    return both(version, some, (ours, theirs) -> Comparison.objects(ours.objects(), theirs.objects()))
                            .exceptionally(CopyComparison::tooMany)
                            .thenApply(objects -> different(version, rows, objects, buckets.size() > some.size()));
                });
    }

    /// What is in those buckets is too much for one answer: then nothing is named.
    private static List<Difference> tooMany(Throwable failure) {
        if (HqClient.cause(failure) instanceof Refused refused && refused.code().equals("too_large")) {
            return List.of();
        }
        throw new CompletionException(HqClient.cause(failure));
    }

    private static Outcome different(Version version, long rows, List<Difference> objects, boolean more) {
        var named = objects.stream().limit(Verification.MAX_OBJECTS).toList();
        return new Different(version, rows, named, more || named.size() < objects.size() || named.isEmpty());
    }

    @FunctionalInterface
    private interface Look<T> {
        T at(Sums ours, Sums theirs);
    }

    private <T> CompletionStage<T> both(Version version, Set<Integer> inDetail, Look<T> look) {
        return hqs(version, Digest.MAX_BUCKETS, inDetail)
                .thenCompose(theirs -> summed(Optional.of(version), Digest.MAX_BUCKETS, inDetail)
                        .thenApply(reading -> {
                            if (reading instanceof Reading.Found<Summed>(var at, var summed)) {
                                return look.at(sums(summed), theirs);
                            }
                            throw new IllegalStateException("version " + version + " cannot be read here any more");
                        }));
    }

    private CompletionStage<Reading<Summed>> summed(Optional<Version> version, int buckets, Set<Integer> inDetail) {
        return CatalogDigests.of(catalogs, catalog, version, buckets, inDetail, location);
    }

    private static Sums sums(Summed summed) {
        var objects = new HashMap<ObjectToken, Map<Digest.Place, Digest.Sum>>();
        summed.objects().forEach((object, digest) -> objects.put(object, digest.sums()));
        return new Sums(summed.digest().sums(), objects);
    }

    private CompletionStage<Sums> hqs(Version version, int buckets, Set<Integer> inDetail) {
        var list = inDetail.isEmpty()
                ? ""
                : "&bucket=" + inDetail.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
        var query = "/api/v1/catalogs/" + catalog + "/digest?version=" + version + "&buckets=" + buckets + list
                + location.map(place -> "&location=" + URLEncoder.encode(place.text(), UTF_8))
                        .orElse("");
        Function<Fields, Sums> read = fields ->
                new Sums(DigestJson.read(fields), inDetail.isEmpty() ? Map.of() : DigestJson.readObjects(fields));
        return hq.get(query, PATIENCE).thenApply(answer -> read.apply(HqClient.fields(answer)));
    }

    private static long rows(Sums sums) {
        return sums.buckets().values().stream().mapToLong(Digest.Sum::rows).sum();
    }
}
