package dev.storemesh.ops.bench.eav;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.object.PageKey;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.ValueType;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Fills the tables from the entries of a Storemesh log, so that both sides hold the same objects under the same
/// tokens, versions and times. Everything is gathered first and copied in once, in page order: the tables are as
/// compact as they can be, which is more than daily work would leave.
public final class EavLoad {
    private static final int CATALOG = 1;
    private static final int HASH_SHIFT = 20; // leaves room for objects of one hash, in the order of their tokens

    private final Schema schema;
    private final Map<String, Thing> objects = new HashMap<>();
    private final CopyLines versions = new CopyLines();
    private long visible;

    private static final class Thing {
        private final String type;
        private final long made;
        private long changed;
        private OptionalLong ended = OptionalLong.empty();
        private final List<Line> lines = new ArrayList<>();

        private Thing(String type, long made) {
            this.type = type;
            this.made = made;
        }
    }

    private static final class Line {
        private final String definition;
        private final String location;
        private final JsonNode value;
        private final long made;
        private OptionalLong ended = OptionalLong.empty();

        private Line(String definition, String location, JsonNode value, long made) {
            this.definition = definition;
            this.location = location;
            this.value = value;
            this.made = made;
        }
    }

    public EavLoad(Schema schema) {
        this.schema = schema;
    }

    /// One entry as `GET …/log` lists it; in the order of versions.
    public void take(JsonNode entry) {
        visible = entry.path("version").asLong();
        if (entry.path("void").asBoolean()) {
            return;
        }
        versions.add(
                CATALOG,
                visible,
                entry.path("at").asText(),
                entry.path("caller").asText(),
                text(entry, "app"),
                text(entry, "store"),
                text(entry, "reason"));
        entry.path("changes").forEach(change -> change(visible, change));
    }

    private void change(long version, JsonNode change) {
        var thing = objects.computeIfAbsent(
                change.path("object").asText(),
                token -> new Thing(change.path("type").asText(), version));
        if (thing.ended.isPresent()) {
            throw new IllegalStateException("these tables hold one life of an object: " + change);
        }
        thing.changed = version;
        for (var row : change.path("ended")) {
            end(thing, row, version);
        }
        if (change.path("deleted").asBoolean()) {
            thing.ended = OptionalLong.of(version);
        }
        for (var row : change.path("set")) {
            thing.lines.add(new Line(
                    row.path("attribute").asText(), row.path("location").asText(""), row.path("value"), version));
        }
    }

    private static void end(Thing thing, JsonNode row, long version) {
        thing.lines.stream()
                        .filter(line -> line.ended.isEmpty()
                                && line.made == row.path("version").asLong()
                                && line.definition.equals(row.path("attribute").asText())
                                && line.location.equals(row.path("location").asText(""))
                                && line.value.equals(row.path("value")))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("the log ends a row that it never set: " + row))
                        .ended =
                OptionalLong.of(version);
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.ofNullable(node.path(field).textValue());
    }

    /// Makes the tables, fills them, makes their indexes and gathers what the planner wants to know.
    ///
    /// @param tokenHash the SHA-256 of the only bearer token
    public void store(Connection connection, String catalog, String tokenHash) throws SQLException, IOException {
        Postgres.run(connection, "schema.sql");
        var types = numbered(objects.values().stream().map(thing -> thing.type));
        var definitions = numbered(
                objects.values().stream().flatMap(thing -> thing.lines.stream().map(line -> line.definition)));
        new CopyLines().add(CATALOG, catalog, visible).copyTo(connection, "catalog");
        new CopyLines().add(tokenHash).copyTo(connection, "token");
        names(types).copyTo(connection, "type");
        names(definitions).copyTo(connection, "definition");
        versions.copyTo(connection, "version");
        var ordered = new TreeMap<PageKey, Thing>();
        objects.forEach((token, thing) -> ordered.put(PageKey.of(new ObjectToken(token)), thing));
        var things = new CopyLines();
        var lines = new CopyLines();
        var last = -1L;
        for (var entry : ordered.entrySet()) {
            var id = Math.max(last + 1, Integer.toUnsignedLong(entry.getKey().hash()) << HASH_SHIFT);
            last = id;
            var thing = entry.getValue();
            things.add(
                    CATALOG,
                    id,
                    entry.getKey().token().text(),
                    id(types, thing.type),
                    thing.made,
                    thing.ended,
                    thing.changed);
            thing.lines.forEach(row -> attribute(lines, id, id(definitions, row.definition), row));
        }
        things.copyTo(connection, "object");
        lines.copyTo(connection, "attribute");
        Postgres.run(connection, "indexes.sql");
    }

    private void attribute(CopyLines lines, long id, int definition, Line row) {
        var type = schema.definition(new DefinitionName(row.definition))
                .orElseThrow(() -> new IllegalStateException("a definition that is not known: " + row.definition))
                .type();
        Optional<String> folded = switch (type) {
            case STRING -> Optional.of(Folding.fold(row.value.asText()));
            case REFERENCE -> Optional.of(row.value.asText());
            case INTEGER, DECIMAL, BOOLEAN, INSTANT, MONEY -> Optional.empty();
        };
        var words = folded.filter(text -> type == ValueType.STRING)
                .map(text -> Folding.words(text).stream().collect(Collectors.joining(",", "{", "}")));
        var number = switch (type) {
            case INTEGER -> OptionalLong.of(row.value.asLong());
            case MONEY -> OptionalLong.of(row.value.path("amount").asLong());
            case STRING, DECIMAL, BOOLEAN, INSTANT, REFERENCE -> OptionalLong.empty();
        };
        lines.add(
                CATALOG,
                id,
                definition,
                row.location,
                Json.text(row.value),
                row.made,
                row.ended,
                folded,
                words,
                number);
    }

    /// Numbers in the order of names, so that sorting by number sorts by name.
    static Map<String, Integer> numbered(java.util.stream.Stream<String> names) {
        var numbered = new TreeMap<String, Integer>();
        for (var name : names.collect(Collectors.toCollection(TreeSet::new))) {
            numbered.put(name, numbered.size() + 1);
        }
        return numbered;
    }

    private static int id(Map<String, Integer> numbered, String name) {
        return Optional.ofNullable(numbered.get(name)).orElseThrow();
    }

    static CopyLines names(Map<String, Integer> numbered) {
        var lines = new CopyLines();
        numbered.forEach((name, number) -> lines.add(number, name));
        return lines;
    }
}
