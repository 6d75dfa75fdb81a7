package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/// Makes a location of an object of `sys.location`.
final class LocationReader {
    private static final Set<String> ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());

    private final SchemaFields fields;

    LocationReader(SchemaFields fields) {
        this.fields = fields;
    }

    /// Empty without id and kind. What else is wrong with it, the fields say: a place does not go away when the list
    /// of time zones becomes another one.
    Optional<Location> read() {
        var id = fields.need("id", LocationId::new);
        var kind = fields.need("kind", SchemaWords.of(Location.Kind.class, Location.Kind::wireName));
        var timeZone = fields.read("timeZone", LocationReader::timeZone);
        var currency = fields.read("currency", LocationReader::currency);
        var store = fields.read("store", StoreId::new);
        return id.isPresent() && kind.isPresent()
                ? Optional.of(new Location(
                        id.get(), kind.get(), fields.text("name"), timeZone, currency, fields.text("group"), store))
                : Optional.empty();
    }

    private static String timeZone(String name) {
        if (!ZONES.contains(name)) {
            throw new IllegalArgumentException("not a time zone (expected: an IANA name such as Europe/Vienna)");
        }
        return name;
    }

    private static String currency(String code) {
        return new Value.Money(0, code).currency();
    }
}
