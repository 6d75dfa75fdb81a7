package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Dropped;
import dev.storemesh.protocol.object.VersionedObject;
import dev.storemesh.protocol.object.VersionedObject.EndedRow;
import dev.storemesh.protocol.object.VersionedObject.Life;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Ulid;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Anything that may stand in a log, at random: well-formed, not sensible.
final class RandomLog {
    private static final List<String> CURRENCIES = List.of("USD", "EUR", "JPY", "KWD");
    private static final long FIRST_MILLIS =
            Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST_MILLIS =
            Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    private final SplittableRandom random;

    RandomLog(long seed) {
        random = new SplittableRandom(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean flag() {
        return random.nextBoolean();
    }

    /// Of every magnitude, not only huge ones.
    long number() {
        return random.nextLong() >>> (1 + random.nextInt(63));
    }

    <T> Optional<T> optional(Supplier<T> make) {
        return flag() ? Optional.of(make.get()) : Optional.empty();
    }

    <T> List<T> list(int most, Supplier<T> make) {
        return Stream.generate(make).limit(random.nextInt(most + 1)).toList();
    }

    <T> List<T> some(int most, Supplier<T> make) {
        return Stream.generate(make).limit(1 + random.nextInt(most)).toList();
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /// Any Unicode but halves of surrogate pairs.
    String text() {
        return random.ints(random.nextInt(30), 0, Character.MAX_CODE_POINT + 1)
                .map(c -> flag() ? ' ' + (c & 63) : c)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    String ulid() {
        return Ulid.encode(random.nextLong(), random.nextLong());
    }

    String digits(int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(random.nextInt(10));
        }
        return text.toString();
    }

    ObjectToken token() {
        return new ObjectToken(
                switch (random.nextInt(4)) {
                    case 0 -> "item-" + random.nextInt(5);
                    case 1 -> ulid().toLowerCase(java.util.Locale.ROOT);
                    default -> ulid();
                });
    }

    TypeName type() {
        return new TypeName(oneOf(List.of("retail.item", "retail.department", "sys.change_request", "com.acme.gift")));
    }

    DefinitionName definition() {
        return new DefinitionName("retail.item.a" + random.nextInt(12));
    }

    LocationId location() {
        return new LocationId(oneOf(List.of("store-1", "store-2", "Outlet~7", "a.b_c")));
    }

    StoreId store() {
        return new StoreId("store-" + random.nextInt(9));
    }

    Instant instant() {
        return Instant.ofEpochMilli(random.nextLong(FIRST_MILLIS, LAST_MILLIS + 1));
    }

    Version version() {
        return new Version(number());
    }

    ChainHash chain() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return ChainHash.of(bytes);
    }

    long json() {
        return random.nextLong(-Value.MAX_INTEGER, Value.MAX_INTEGER + 1) >> random.nextInt(53);
    }

    Value value() {
        return switch (random.nextInt(7)) {
            case 0 -> new Value.Text(text());
            case 1 -> new Value.Whole(json());
            case 2 -> new Value.Decimal(decimal());
            case 3 -> new Value.Flag(flag());
            case 4 -> new Value.Moment(instant());
            case 5 -> new Value.Money(json(), oneOf(CURRENCIES));
            default -> new Value.Reference(token());
        };
    }

    private BigDecimal decimal() {
        var unscaled = new BigInteger(digits(1 + random.nextInt(34)));
        var scale = random.nextInt(Math.max(1, unscaled.toString().length()));
        var number = new BigDecimal(unscaled, scale);
        return flag() ? number : number.negate();
    }

    Attribute attribute() {
        return new Attribute(definition(), optional(this::location), value());
    }

    Row row() {
        return new Row(attribute(), version());
    }

    Provenance provenance() {
        var app = optional(this::text);
        return new Provenance(
                oneOf(List.of("ann", "ben", "cli:import")),
                app,
                app.filter(unused -> flag()).map(unused -> oneOf(List.of("zoë@example.com", "ann"))),
                optional(this::store),
                optional(this::ulid),
                optional(this::text));
    }

    ObjectChange change() {
        return new ObjectChange(token(), type(), flag(), list(4, this::attribute), list(3, this::row));
    }

    LogEntry entry() {
        return new LogEntry(version(), instant(), provenance(), chain(), flag(), list(4, this::change));
    }

    private Dropped dropped() {
        var last = new HashMap<Optional<LocationId>, Version>();
        list(3, this::row).forEach(row -> last.put(row.attribute().location(), version()));
        return new Dropped(version(), last);
    }

    /// As images keep it.
    VersionedObject object() {
        return wholeObject().lacking(below(3) == 0 ? dropped() : Dropped.NOTHING);
    }

    /// One of which every row is held.
    VersionedObject wholeObject() {
        return new VersionedObject(
                token(),
                type(),
                some(3, () -> new Life(version(), optional(this::version))),
                list(5, this::row),
                list(5, () -> new EndedRow(row(), version())));
    }
}
