package dev.storemesh.node.site;

import java.time.Duration;

/// `storemesh.access`: how tokens are checked.
///
/// @param cache how long a token that was found good is not looked up again; zero: looked up each time
/// @param staffAge how long tokens that HQ issued for a store hold there while it does not hear from HQ
public record AccessSettings(Duration cache, Duration staffAge) {

    static AccessSettings read(SettingsReader reader) throws StartFailure {
        return new AccessSettings(
                reader.span("access.cache", Duration.ZERO, Duration.ofSeconds(4)),
                reader.span("access.staff-age", HttpSettings.LONGEST_POLL.multipliedBy(2), Duration.ofDays(366)));
    }
}
