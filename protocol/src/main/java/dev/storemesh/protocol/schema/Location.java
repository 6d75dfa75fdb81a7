package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.LocationId;
import java.util.Locale;
import java.util.Optional;

/// A place of a merchant that may have values of its own. `timeZone` is an IANA name, `currency` an ISO 4217 code;
/// rules may name its `group`.
public record Location(
        LocationId id,
        Kind kind,
        Optional<String> name,
        Optional<String> timeZone,
        Optional<String> currency,
        Optional<String> group) {
    /// In JSON in lower case.
    public enum Kind {
        STORE,
        VIRTUAL;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
