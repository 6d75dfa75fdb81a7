package dev.storemesh.node.site;

import java.time.Duration;

/// `storemesh.access`: how tokens are checked.
///
/// @param cache how long a token that was found good is not looked up again; zero: looked up each time
public record AccessSettings(Duration cache) {

    static AccessSettings read(SettingsReader reader) throws StartFailure {
        return new AccessSettings(reader.span("access.cache", Duration.ZERO, Duration.ofMinutes(1)));
    }
}
