package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.StoreId;
import java.util.Locale;
import java.util.Optional;

/// A place of a merchant that may have values of its own. `timeZone` is an IANA name, `currency` an ISO 4217 code;
/// rules and reports may name its `group`. `store`: the site that serves it, where that is not the one of its name.
public record Location(
        LocationId id,
        Kind kind,
        Optional<String> name,
        Optional<String> timeZone,
        Optional<String> currency,
        Optional<String> group,
        Optional<StoreId> store) {
    /// In JSON in lower case.
    public enum Kind {
        STORE,
        VIRTUAL;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Whether a store's site serves this place: it says so, or it says nothing and has the store's name.
    public boolean isServedBy(StoreId site) {
        return store.map(site::equals).orElseGet(() -> id.equals(site.location()));
    }
}
