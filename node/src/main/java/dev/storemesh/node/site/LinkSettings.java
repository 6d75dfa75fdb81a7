package dev.storemesh.node.site;

import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.StoreId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// `storemesh.link`: how a store talks to HQ.
///
/// @param hq overrides the URL that enrolment recorded; `http` or `https`, with a host
/// @param trust PEM file of the certificates to trust; empty: the JDK's
/// @param allowPlainTokens whether the store's credential may travel over plain HTTP beyond loopback
/// @param pollWait how long HQ may hold a poll that finds nothing new
/// @param answerTime how long HQ may take to begin an answer, beside what it may hold a poll
/// @param loadBeyond a new store reads HQ's log if it has at most so many versions, else it takes the newest
/// state over
/// @param batch change requests offered to HQ at once
/// @param backoffMin wait after the first failure
/// @param backoffMax longest wait between two attempts
/// @param credentialAge after which the store asks for another credential
/// @param forwards requests of clients that may be on their way to HQ at once
/// @param scope how much of its catalog the store follows
/// @param verifyAfter how long HQ must have been out of reach for the store to hold its copy against HQ's
/// afterwards
public record LinkSettings(
        Optional<URI> hq,
        Optional<Path> trust,
        boolean allowPlainTokens,
        Duration pollWait,
        Duration answerTime,
        int loadBeyond,
        int batch,
        Duration backoffMin,
        Duration backoffMax,
        Duration credentialAge,
        int forwards,
        Followed scope,
        Duration verifyAfter) {
    /// How much of its catalog a store follows.
    public enum Followed {
        /// All of it.
        ALL,
        /// What is global and what is at the store's own location.
        LOCATION;

        /// The location that limits what a store follows; empty: nothing does.
        public Optional<LocationId> of(StoreId store) {
            return this == LOCATION ? Optional.of(store.location()) : Optional.empty();
        }
    }

    static LinkSettings read(SettingsReader reader) throws StartFailure {
        var shortest = Duration.ofMillis(10);
        var longest = Duration.ofMinutes(10);
        var backoffMin = reader.span("link.backoff-min", shortest, longest);
        return new LinkSettings(
                reader.url("link.hq"),
                reader.file("link.trust"),
                reader.flag("link.allow-plain-tokens"),
                reader.span("link.wait", Duration.ofSeconds(1), HttpSettings.LONGEST_POLL),
                reader.span("link.answer", Duration.ofSeconds(1), Duration.ofMinutes(1)),
                reader.whole("link.load-beyond", 0, 1_000_000_000),
                reader.whole("link.batch", 1, 100),
                backoffMin,
                reader.span("link.backoff-max", backoffMin, longest),
                reader.span("link.credential-age", Duration.ofSeconds(1), Duration.ofDays(366)),
                reader.whole("link.forwards", 1, 10_000),
                reader.text("link.scope", Pattern.compile("all|location"), "all or location")
                                .equals("all")
                        ? Followed.ALL
                        : Followed.LOCATION,
                reader.span("link.verify-after", Duration.ofSeconds(1), Duration.ofDays(366)));
    }
}
