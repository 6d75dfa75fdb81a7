package dev.storemesh.http.route;

import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Value.Moment;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// As of when a request reads: `version`, or `at`, an instant, which stands for the newest version that was there.
final class AsOf {
    private AsOf() {}

    /// The version that a call asks for; empty: the newest.
    static CompletionStage<Optional<Version>> of(CatalogPort catalogs, CatalogId catalog, Call call) {
        var version = call.number("version", 0, Long.MAX_VALUE).map(Version::new);
        var at = call.query("at", Moment::parse);
        if (version.isPresent() && at.isPresent()) {
            throw Call.invalidParameter("at", "at: beside `version` (expected: one of the two)");
        }
        return of(catalogs, catalog, version, at);
    }

    /// The version that one of the two stands for; empty: the newest.
    static CompletionStage<Optional<Version>> of(
            CatalogPort catalogs, CatalogId catalog, Optional<Version> version, Optional<Instant> at) {
        return at.isEmpty()
                ? CompletableFuture.completedStage(version)
                : at(catalogs, catalog, at.get(), "at").thenApply(Optional::of);
    }

    /// The newest version that was there at an instant, which the field or parameter `name` gives.
    static CompletionStage<Version> at(CatalogPort catalogs, CatalogId catalog, Instant at, String name) {
        return NoAnswerException.of(catalogs.versionAt(catalog, at)).thenApply(reading -> version(reading, at, name));
    }

    private static Version version(Reading<Version> reading, Instant at, String name) {
        return switch (reading) {
            case Reading.Found<Version>(var newest, var version) -> version;
            case Reading.NoCatalog<Version>() -> throw new ProblemException(Problems.unknownCatalog());
            case Reading.Nothing<Version>(var newest) ->
                throw Call.invalidParameter(
                        name, "at: " + Moment.format(at) + " (expected: not before the catalog's first version)");
            case Reading.BelowFloor<Version>(var newest, var floor) ->
                throw new ProblemException(Answers.belowFloor(newest, floor));
            case Reading.NotYet<Version> other -> throw unexpected(other);
            case Reading.Invalid<Version> other -> throw unexpected(other);
            case Reading.TransactionOver<Version> other -> throw unexpected(other);
            case Reading.Diverged<Version> other -> throw unexpected(other);
            case Reading.OutOfScope<Version> other -> throw unexpected(other);
            case Reading.TooCostly<Version> other -> throw unexpected(other);
        };
    }

    private static IllegalStateException unexpected(Reading<Version> reading) {
        return new IllegalStateException("an instant was answered with " + reading);
    }
}
