package dev.storemesh.protocol.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What HQ knows of one store's verifications: the order that stands, and the newest results, newest first.
///
/// @param nightlyAt when the last one was ordered because it was night
public record Verifications(Optional<VerificationOrder> order, List<Kept> results, Optional<Instant> nightlyAt) {
    /// So many results are kept of each store.
    public static final int KEPT = 20;

    public static final Verifications NONE = new Verifications(Optional.empty(), List.of(), Optional.empty());

    /// A result, and when HQ heard of it.
    public record Kept(Instant at, Verification verification) {}

    public Verifications {
        results = List.copyOf(results);
    }

    /// Another order stands; the one before does no more.
    public Verifications ordered(VerificationOrder next) {
        return new Verifications(
                Optional.of(next), results, next.cause() == Cause.NIGHTLY ? Optional.of(next.at()) : nightlyAt);
    }

    /// With one result more, which ends the order that it answers.
    public Verifications kept(Instant at, Verification verification) {
        var more = new ArrayList<Kept>();
        more.add(new Kept(at, verification));
        results.stream().limit(KEPT - 1L).forEach(more::add);
        return new Verifications(
                order.filter(standing -> !verification.order().equals(Optional.of(standing.id()))), more, nightlyAt);
    }

    /// Whether this very result is there: who does not hear that it was kept sends it again.
    public boolean has(Verification verification) {
        return results.stream().anyMatch(kept -> kept.verification().equals(verification));
    }
}
