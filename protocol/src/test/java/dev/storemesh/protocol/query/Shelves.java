package dev.storemesh.protocol.query;

import static dev.storemesh.protocol.Samples.IN_DEPARTMENT;
import static dev.storemesh.protocol.Samples.MODIFIED_AT;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.TARE;
import static dev.storemesh.protocol.Samples.TAX;
import static dev.storemesh.protocol.Samples.ofItem;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.VersionedObjects;
import dev.storemesh.protocol.schema.Location;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Random objects that several partitions share, and the values they are made of: few, so that much matches. Their
/// notes are sets.
final class Shelves {
    static final List<DefinitionName> DEFINITIONS = List.of(
            NAME, NOTE, PRICE, TAX, TARE, IN_DEPARTMENT, MODIFIED_AT, ofItem("soldByWeight"), StandardSchema.ENABLED);
    static final List<String> TEXTS = List.of(
            "Green tea",
            "green TEA",
            "Grüner Tee",
            "Crème brûlée",
            "creme-brulee",
            "Tea",
            "tea 2",
            "Straße",
            "strasse");
    static final List<String> LOCATIONS = List.of("l1", "l2");
    static final List<TypeName> TYPES = List.of(
            StandardSchema.ITEM, StandardSchema.DEPARTMENT, StandardSchema.CHANGE_REQUEST, StandardSchema.LOCATION);

    /// The standard one, where the shop has these locations.
    static final Schema SCHEMA = new Schema(
            StandardSchema.SCHEMA.types(),
            StandardSchema.SCHEMA.definitions(),
            StandardSchema.SCHEMA.constraints(),
            Stream.of("l1", "l2", "store-1", "store-2")
                    .map(id -> new Location(
                            new LocationId(id),
                            Location.Kind.STORE,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()))
                    .toList());

    private final SplittableRandom random;
    private final PartitionMap map;
    private final List<VersionedObjects> partitions = new ArrayList<>();
    private final Map<ObjectToken, TypeName> types = new HashMap<>();
    private Version head = Version.NONE;

    Shelves(SplittableRandom random, int count) {
        this.random = random;
        this.map = new PartitionMap(1, Collections.nCopies(count, Position.START));
        IntStream.range(0, count).forEach(i -> partitions.add(new VersionedObjects()));
    }

    List<VersionedObjects> partitions() {
        return partitions;
    }

    Version head() {
        return head;
    }

    ObjectToken token() {
        return new ObjectToken("o" + random.nextInt(40));
    }

    Value value(DefinitionName definition) {
        return switch (StandardSchema.SCHEMA
                .definition(definition)
                .orElseThrow()
                .type()) {
            case STRING -> new Value.Text(TEXTS.get(random.nextInt(TEXTS.size())));
            case INTEGER -> new Value.Whole(random.nextInt(4));
            case DECIMAL -> Value.Decimal.parse(random.nextInt(3) + (random.nextBoolean() ? ".5" : ".50"));
            case BOOLEAN -> new Value.Flag(random.nextBoolean());
            case INSTANT -> new Value.Moment(NOON.plusSeconds(random.nextInt(4)));
            case MONEY -> new Value.Money(random.nextInt(5), random.nextInt(4) == 0 ? "EUR" : "USD");
            case REFERENCE -> new Value.Reference(token());
        };
    }

    /// One version that changes some objects.
    void write() {
        head = head.next();
        IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(i -> token())
                .distinct()
                .forEach(this::change);
    }

    private void change(ObjectToken token) {
        var objects = partitions.get(map.partitionOf(token.text()));
        var type = types.computeIfAbsent(token, any -> TYPES.get(random.nextInt(TYPES.size())));
        var live = objects.find(token).map(object -> object.live()).orElse(List.of());
        var change = !live.isEmpty() && random.nextInt(6) == 0
                ? new ObjectChange(token, type, true, List.of(), live)
                : change(token, type, live);
        objects.apply(new LogEntry(
                head,
                NOON,
                Provenance.of("editor"),
                new ChainHash("0".repeat(64)),
                random.nextInt(20) == 0,
                List.of(change)));
    }

    private ObjectChange change(ObjectToken token, TypeName type, List<Row> live) {
        var set = new ArrayList<Attribute>();
        var ended = new ArrayList<Row>();
        for (var definition : DEFINITIONS) {
            if (random.nextInt(2) == 0) {
                var location = random.nextInt(3) == 0
                        ? Optional.of(new LocationId(LOCATIONS.get(random.nextInt(LOCATIONS.size()))))
                        : Optional.<LocationId>empty();
                var attribute = new Attribute(definition, location, value(definition));
                var held = live.stream()
                        .filter(row -> row.slot().equals(attribute.slot()))
                        .toList();
                if (!definition.equals(NOTE)) {
                    ended.addAll(held);
                } else if (held.stream().anyMatch(row -> row.attribute().equals(attribute))) {
                    continue; // a set has each value once
                }
                if (random.nextInt(5) != 0) {
                    set.add(attribute);
                }
            }
        }
        return new ObjectChange(token, type, false, set, ended);
    }
}
