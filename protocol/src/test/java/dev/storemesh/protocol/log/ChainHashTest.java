package dev.storemesh.protocol.log;

import static dev.storemesh.protocol.Samples.DEMO;
import static dev.storemesh.protocol.Samples.DEPARTMENT_NAME;
import static dev.storemesh.protocol.Samples.HISTORY;
import static dev.storemesh.protocol.Samples.IN_DEPARTMENT;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.OTHER_HISTORY;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.STORE;
import static dev.storemesh.protocol.Samples.TARE;
import static dev.storemesh.protocol.Samples.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.Value.Decimal;
import dev.storemesh.protocol.value.Value.Money;
import dev.storemesh.protocol.value.Value.Reference;
import dev.storemesh.protocol.value.Value.Text;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChainHashTest {
    private static final ChainHash ORIGIN = ChainHash.origin(DEMO, HISTORY);
    private static final Provenance PROVENANCE = new Provenance(
            "editor",
            Optional.of("console"),
            Optional.empty(),
            Optional.of(STORE),
            Optional.of("key-1"),
            Optional.of("autumn \uD83C\uDF42"));
    private static final List<ObjectChange> CHANGES = List.of(
            new ObjectChange(
                    Samples.TEA,
                    StandardSchema.ITEM,
                    false,
                    List.of(
                            attribute(NAME, new Text("Tea \"green\"\n")),
                            attribute(TARE, Decimal.parse("12.50")),
                            attribute(IN_DEPARTMENT, new Reference(Samples.DRINKS)),
                            attribute(Samples.TAX, new Value.Whole(7)),
                            attribute(Samples.ofItem("foodstamp"), new Value.Flag(true)),
                            attribute(Samples.MODIFIED_AT, new Value.Moment(NOON)),
                            new Attribute(PRICE, Optional.of(new LocationId("store-2")), new Money(375, "USD"))),
                    List.of(new Row(attribute(NOTE, new Text("old")), new Version(1)))),
            new ObjectChange(
                    Samples.DRINKS,
                    StandardSchema.DEPARTMENT,
                    true,
                    List.of(),
                    List.of(new Row(attribute(DEPARTMENT_NAME, new Text("Drinks")), new Version(1)))));
    private static final LogEntry ENTRY = new LogEntry(
            new Version(2), NOON, PROVENANCE, ORIGIN.next(new Version(2), NOON, PROVENANCE, CHANGES), false, CHANGES);

    /// Followers everywhere hash these bytes: they may never change.
    @Test
    void keepsTheCanonicalFormOfAnEntry() {
        var node = LogJson.write(ENTRY);
        node.remove(List.of("chain", "void"));
        assertThat(CanonicalJson.text(node))
                .isEqualTo(
                        "{\"app\":\"console\",\"at\":\"2026-01-31T12:00:00.000Z\",\"caller\":\"editor\",\"changes\":[{\"deleted\":f"
                                + "alse,\"ended\":[{\"attribute\":\"retail.item.note\",\"value\":\"old\",\"version\":1}],\"object\":\"tea\",\""
                                + "set\":[{\"attribute\":\"retail.item.name\",\"value\":\"Tea \\\"green\\\"\\n\",\"version\":2},{\"attribute\":"
                                + "\"retail.item.tare\",\"value\":\"12.50\",\"version\":2},{\"attribute\":\"retail.item.department\",\"val"
                                + "ue\":\"drinks\",\"version\":2},{\"attribute\":\"retail.item.tax\",\"value\":7,\"version\":2},{\"attribut"
                                + "e\":\"retail.item.foodstamp\",\"value\":true,\"version\":2},{\"attribute\":\"retail.item.modifiedAt\""
                                + ",\"value\":\"2026-01-31T12:00:00.000Z\",\"version\":2},{\"attribute\":\"retail.item.price\",\"locatio"
                                + "n\":\"store-2\",\"value\":{\"amount\":375,\"currency\":\"USD\"},\"version\":2}],\"type\":\"retail.item\"},{"
                                + "\"deleted\":true,\"ended\":[{\"attribute\":\"retail.department.name\",\"value\":\"Drinks\",\"version\":1"
                                + "}],\"object\":\"drinks\",\"set\":[],\"type\":\"retail.department\"}],\"key\":\"key-1\",\"reason\":\"autumn "
                                + "🍂\",\"store\":\"store-1\",\"version\":2}");
    }

    /// SHA-256, made outside of this program.
    @Test
    void keepsTheHashOfAnEntry() {
        assertThat(ORIGIN.hex()).isEqualTo("d94a50ebdecb6e30b6d19d60c737cb151ea9bbbd156fd6c60c637a3ac530f100");
        assertThat(ENTRY.chain().hex()).isEqualTo("966a8fa36b02e1952428f551d4dded3778ba4edd105e825f1979ebe84d5842f1");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatIsHashedIsTheCanonicalJsonOfAnEntry(long seed) throws NoSuchAlgorithmException {
        var random = new Random(seed);
        for (var round = 0; round < 100; round++) {
            var version = new Version(1 + random.nextInt(1_000_000));
            var provenance = new Provenance(
                    "editor \uD83C\uDF42 \"1\"",
                    maybe(random),
                    Optional.empty(),
                    maybe(random).map(any -> STORE),
                    maybe(random),
                    maybe(random));
            var changes = changes(random);
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(ORIGIN.bytes());
            digest.update(CanonicalJson.bytes(LogJson.chained(version, NOON, provenance, changes)));
            assertThat(ORIGIN.next(version, NOON, provenance, changes))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(ChainHash.of(digest.digest()));
        }
    }

    private static List<ObjectChange> changes(Random random) {
        return Stream.generate(() -> new ObjectChange(
                        new ObjectToken("object-" + random.nextInt(99)),
                        StandardSchema.ITEM,
                        random.nextBoolean(),
                        rows(random).map(Row::attribute).toList(),
                        rows(random).toList()))
                .limit(random.nextInt(10) == 0 ? 300 : random.nextInt(4)) // many: more than goes to the digest at once
                .toList();
    }

    private static Stream<Row> rows(Random random) {
        return Stream.generate(() -> new Row(
                        new Attribute(NAME, maybe(random).map(any -> new LocationId("store-2")), value(random)),
                        new Version(1 + random.nextInt(99))))
                .limit(random.nextInt(4));
    }

    private static Value value(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> Decimal.parse(random.nextInt(-999, 999) + ".50");
            case 1 -> new Reference(Samples.DRINKS);
            case 2 -> new Value.Whole(random.nextInt());
            case 3 -> new Value.Flag(random.nextBoolean());
            case 4 -> new Value.Moment(NOON.plusMillis(random.nextInt()));
            case 5 -> new Money(random.nextInt(), "USD");
            default -> new Text(text(random));
        };
    }

    private static Optional<String> maybe(Random random) {
        return random.nextBoolean() ? Optional.of("some " + random.nextInt(99)) : Optional.empty();
    }

    private static String text(Random random) {
        var points = List.of("a", "\"", "\\", "/", "\n", "\t", "\u0001", "\u007f", "é", "\u2028", "\uD83C\uDF42", "Z");
        return random.ints(1 + random.nextInt(20), 0, points.size())
                .mapToObj(points::get)
                .collect(Collectors.joining());
    }

    @Test
    void aSiteThatReadsAnEntryComesToTheSameHash() {
        var read = Samples.reread(ENTRY, SchemaHistory.EMPTY);
        assertThat(read).isEqualTo(ENTRY);
        assertThat(ORIGIN.vouchesFor(read)).isTrue();
        assertThat(LogJson.write(read)).hasToString(LogJson.write(ENTRY).toString());
    }

    @Test
    void keepsTheDigitsOfADecimal() {
        var read = Samples.reread(ENTRY, SchemaHistory.EMPTY);
        assertThat(read.changes().getFirst().set().get(1).value().literal()).isEqualTo(Samples.text("12.50"));
    }

    @Test
    void passesOverWhatLaterVersionsAdd() {
        var node = LogJson.write(ENTRY).put("weather", "rain");
        ((ObjectNode) node.path("changes").path(0)).put("colour", 1);
        var read = LogJson.read(node, StandardSchema.SCHEMA, changes -> StandardSchema.SCHEMA);
        assertThat(read).isEqualTo(ENTRY);
    }

    @Test
    void refusesWhatItCannotMean() {
        for (var field : List.of("version", "at", "caller", "chain")) {
            var node = LogJson.write(ENTRY);
            node.remove(field);
            assertThatIllegalArgumentException()
                    .as(field)
                    .isThrownBy(() -> LogJson.read(node, StandardSchema.SCHEMA, changes -> StandardSchema.SCHEMA))
                    .withMessageContaining(field);
        }
        var unknown = LogJson.write(ENTRY);
        ((ObjectNode) unknown.path("changes").path(0).path("set").path(0)).put("attribute", "com.acme.x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogJson.read(unknown, StandardSchema.SCHEMA, changes -> StandardSchema.SCHEMA));
    }

    @Test
    void coversEveryFieldOfAnEntry() {
        var altered = new ArrayList<LogEntry>();
        altered.add(with(new Version(3), PROVENANCE, CHANGES));
        altered.add(new LogEntry(ENTRY.version(), NOON.plusMillis(1), PROVENANCE, ENTRY.chain(), false, CHANGES));
        for (var other : List.of(
                by("other", PROVENANCE.app()),
                by("editor", Optional.of("x")),
                by("editor", Optional.empty()),
                PROVENANCE.withStore(new StoreId("store-2")),
                PROVENANCE.withKey(Optional.of("key-2")),
                PROVENANCE.withKey(Optional.empty()),
                PROVENANCE.withReason(Optional.of("spring")),
                PROVENANCE.withReason(Optional.empty()))) {
            altered.add(with(ENTRY.version(), other, CHANGES));
        }
        altered.add(with(ENTRY.version(), PROVENANCE, List.of()));
        altered.add(with(ENTRY.version(), PROVENANCE, List.of(CHANGES.get(1), CHANGES.get(0))));
        var first = CHANGES.getFirst();
        for (var other : List.of(
                new ObjectChange(new ObjectToken("x"), first.type(), false, first.set(), first.ended()),
                new ObjectChange(first.object(), StandardSchema.DEPARTMENT, false, first.set(), first.ended()),
                new ObjectChange(first.object(), first.type(), true, first.set(), first.ended()),
                new ObjectChange(first.object(), first.type(), false, first.set(), List.of()),
                new ObjectChange(
                        first.object(),
                        first.type(),
                        false,
                        first.set(),
                        List.of(new Row(first.ended().getFirst().attribute(), new Version(2)))))) {
            altered.add(with(ENTRY.version(), PROVENANCE, List.of(other, CHANGES.get(1))));
        }
        for (var i = 0; i < first.set().size(); i++) {
            for (var other : List.of(
                    attribute(NOTE, new Text("x")),
                    new Attribute(
                            first.set().get(i).definition(),
                            Optional.of(new LocationId("store-9")),
                            first.set().get(i).value()))) {
                var set = new ArrayList<>(first.set());
                set.set(i, other);
                altered.add(with(
                        ENTRY.version(),
                        PROVENANCE,
                        List.of(
                                new ObjectChange(first.object(), first.type(), false, set, first.ended()),
                                CHANGES.get(1))));
            }
        }
        assertThat(ORIGIN.vouchesFor(ENTRY)).isTrue();
        assertThat(altered).hasSizeGreaterThan(30).noneMatch(ORIGIN::vouchesFor);
    }

    private static Provenance by(String caller, Optional<String> app) {
        return new Provenance(caller, app, Optional.empty(), PROVENANCE.store(), PROVENANCE.key(), PROVENANCE.reason());
    }

    /// Format 1 was there before apps acted for anybody: a site that knows of it and one that does not agree.
    @Test
    void thePersonAnAppActsForStandsInTheEntryAndNotInTheHash() {
        var entry = with(ENTRY.version(), PROVENANCE.withApp("console", Optional.of("ada@example.com")), CHANGES);
        assertThat(ORIGIN.vouchesFor(entry)).isTrue();
        var json = LogJson.write(entry);
        assertThat(json.path("actingFor").asText()).isEqualTo("ada@example.com");
        assertThat(LogJson.read(Json.parse(Json.bytes(json)), StandardSchema.SCHEMA, changes -> StandardSchema.SCHEMA))
                .isEqualTo(entry);
        assertThat(LogJson.chained(entry.version(), entry.at(), entry.provenance(), entry.changes())
                        .has("actingFor"))
                .isFalse();
        json.remove("actingFor"); // an older site passes over it
        assertThat(ORIGIN.vouchesFor(LogJson.read(json, StandardSchema.SCHEMA, changes -> StandardSchema.SCHEMA)))
                .isTrue();
    }

    @Test
    void coversWhatCameBefore() {
        assertThat(ENTRY.chain().vouchesFor(ENTRY)).isFalse();
        assertThat(ChainHash.origin(DEMO, OTHER_HISTORY).vouchesFor(ENTRY)).isFalse();
        assertThat(ChainHash.origin(new CatalogId("demo2"), HISTORY).vouchesFor(ENTRY))
                .isFalse();
    }

    @Test
    void theJsonOfAnEntryHasItsFieldsAndNoOthers() {
        var node = LogJson.write(with(new Version(2), Provenance.of("editor"), CHANGES));
        assertThat(node.fieldNames())
                .toIterable()
                .containsExactly("version", "at", "caller", "changes", "chain", "void");
        assertThat((ArrayNode) node.path("changes")).hasSize(2);
        assertThat(node.path("at").textValue()).isEqualTo("2026-01-31T12:00:00.000Z");
    }

    private static LogEntry with(Version version, Provenance provenance, List<ObjectChange> changes) {
        return new LogEntry(version, NOON, provenance, ENTRY.chain(), false, changes);
    }
}
