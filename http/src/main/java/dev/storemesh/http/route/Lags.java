package dev.storemesh.http.route;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessPort.StoreStanding;
import dev.storemesh.protocol.access.StoreContact;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.Findings;
import dev.storemesh.protocol.catalog.CatalogPort.LogSearch;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogFilter;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/// How far stores are behind HQ: in versions, and by the age of the oldest version that a store lacks. Times of
/// versions never change, so they are remembered.
final class Lags {
    private static final int MOST = 4_096;

    private final CatalogPort catalogs;
    private final Map<Place, Instant> times = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Instant> eldest) {
            return size() > MOST;
        }
    };

    private record Place(CatalogId catalog, Version version) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            var byCatalog = catalog.text().compareTo(other.catalog.text());
            return byCatalog != 0 ? byCatalog : version.compareTo(other.version);
        }
    }

    /// How far a store is behind.
    ///
    /// @param versions how many it lacks
    /// @param age of the oldest of them; nothing where it lacks none
    record Lag(long versions, Duration age) {}

    Lags(CatalogPort catalogs) {
        this.catalogs = catalogs;
    }

    /// The newest version that a store holds; empty: not known, or it follows another log than ours.
    static Optional<Version> applied(StoreStanding standing, Version head) {
        return standing.contact()
                .flatMap(StoreContact::told)
                .map(StoreContact.Told::report)
                .filter(report -> !report.link().equals(StoreReport.DIVERGED))
                .map(StoreReport::applied)
                .filter(version -> !version.isAfter(head));
    }

    /// That of each store whose standing tells, where its catalog's head is known.
    CompletionStage<Map<StoreStanding, Lag>> of(List<StoreStanding> stores, Map<CatalogId, Version> heads) {
        var behind = new LinkedHashMap<StoreStanding, Behind>();
        for (var standing : stores) {
            var catalog = standing.store().catalog();
            Optional.ofNullable(heads.get(catalog))
                    .flatMap(head -> applied(standing, head).map(applied -> behind(catalog, head, applied)))
                    .ifPresent(found -> behind.put(standing, found));
        }
        var lacking = behind.values().stream()
                .filter(one -> one.versions() > 0)
                .map(Behind::next)
                .collect(Collectors.toCollection(TreeSet::new));
        return timesOf(lacking).thenApply(known -> {
            var lags = new LinkedHashMap<StoreStanding, Lag>();
            behind.forEach((standing, one) -> {
                var age = Optional.ofNullable(known.get(one.next()))
                        .map(at -> Duration.between(at, standing.asOf()))
                        .filter(span -> !span.isNegative())
                        .orElse(Duration.ZERO);
                lags.put(standing, new Lag(one.versions(), age));
            });
            return lags;
        });
    }

    /// @param next the version after the last that a store has
    private record Behind(Place next, long versions) {}

    private static Behind behind(CatalogId catalog, Version head, Version applied) {
        return new Behind(new Place(catalog, applied.next()), head.number() - applied.number());
    }

    /// One after the other: usually there are few, and most are known.
    private CompletionStage<Map<Place, Instant>> timesOf(Set<Place> places) {
        CompletionStage<Map<Place, Instant>> found = CompletableFuture.completedStage(new LinkedHashMap<>());
        for (var place : places) {
            found = found.thenCompose(before -> timeOf(place).thenApply(time -> {
                time.ifPresent(at -> before.put(place, at));
                return before;
            }));
        }
        return found;
    }

    private CompletionStage<Optional<Instant>> timeOf(Place place) {
        synchronized (times) {
            var known = times.get(place);
            if (known != null) {
                return CompletableFuture.completedStage(Optional.of(known));
            }
        }
        var search = new LogSearch(place.version().previous(), 1, LogFilter.ALL);
        return NoAnswerException.of(catalogs.search(place.catalog(), search)).thenApply(reading -> {
            var time = reading instanceof Reading.Found<Findings>(var visible, var found)
                    ? found.entries().stream().findFirst().map(LogEntry::at)
                    : Optional.<Instant>empty();
            time.ifPresent(at -> remember(place, at));
            return time;
        });
    }

    private void remember(Place place, Instant at) {
        synchronized (times) {
            times.put(place, at);
        }
    }

    /// Whether HQ lets a store in, so that it counts.
    static boolean counts(StoreStanding standing) {
        return standing.store().standing() != Access.Standing.REMOVED;
    }
}
