package dev.storemesh.ops.bench.eav;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/// One object as a statement found it: its row of `object` and those rows of `attribute` that the statement asked
/// for, in the order of definition and location. An end that has not come is [#NEVER].
record Thing(long id, String token, int type, long made, long ended, long changed, List<Cell> cells) {
    static final long NEVER = Long.MAX_VALUE;

    record Cell(int definition, String location, String value, long made, long ended) {
        /// As JSON lists them. Rows mostly come in this order already.
        static final Comparator<Cell> ORDER = Comparator.comparingInt(Cell::definition)
                .thenComparing(Cell::location)
                .thenComparingLong(Cell::made);

        boolean holds(long version) {
            return made <= version && ended > version;
        }
    }

    /// What a statement found; `visible` is the newest version in the same snapshot.
    record Found(long visible, List<Thing> things) {}

    /// Reads all rows: those of objects begin with the newest version, those of attributes, which follow, with null.
    /// Then: id of the object, token or value, type or definition, version made, version ended, version last
    /// changed, location.
    static Found read(ResultSet rows) throws SQLException {
        var visible = -1L;
        var things = new LinkedHashMap<Long, Thing>();
        while (rows.next()) {
            var id = rows.getLong(2);
            if (rows.wasNull()) {
                return new Found(rows.getLong(1), List.of()); // the catalog alone
            }
            var newest = rows.getLong(1);
            if (rows.wasNull()) {
                var thing = things.get(id);
                if (thing != null) {
                    thing.cells().add(cell(rows));
                }
            } else {
                visible = newest;
                things.put(
                        id,
                        new Thing(
                                id,
                                rows.getString(3),
                                rows.getInt(4),
                                rows.getLong(5),
                                end(rows, 6),
                                rows.getLong(7),
                                new ArrayList<>(8)));
            }
        }
        things.values().forEach(thing -> thing.cells().sort(Cell.ORDER));
        return new Found(visible, List.copyOf(things.values()));
    }

    private static Cell cell(ResultSet rows) throws SQLException {
        return new Cell(rows.getInt(4), rows.getString(8), rows.getString(3), rows.getLong(5), end(rows, 6));
    }

    static long end(ResultSet rows, int column) throws SQLException {
        var end = rows.getLong(column);
        return rows.wasNull() ? NEVER : end;
    }

    boolean holds(long version) {
        return made <= version && ended > version;
    }

    /// The last version up to `version` that changed anything, where all rows up to it were asked for.
    long changedUpTo(long version) {
        if (changed <= version) {
            return changed;
        }
        var last = ended <= version ? ended : made;
        for (var cell : cells) {
            last = Math.max(last, cell.ended() <= version ? cell.ended() : cell.made());
        }
        return last;
    }

    /// The object at `version`, or a tombstone.
    void write(JsonGenerator json, Names names, long version) throws IOException {
        json.writeStartObject();
        json.writeStringField("object", token);
        json.writeFieldName("type");
        json.writeString(names.type(type));
        json.writeNumberField("version", changedUpTo(version));
        if (!holds(version)) {
            json.writeBooleanField("deleted", true);
            json.writeStringField("reason", "deleted");
        }
        json.writeArrayFieldStart("attributes");
        if (holds(version)) {
            for (var cell : cells) {
                if (cell.holds(version)) {
                    write(json, names, cell.definition(), cell.location(), cell.value(), cell.made());
                }
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(JsonGenerator json, Names names, int definition, String location, String value, long version)
            throws IOException {
        json.writeStartObject();
        json.writeFieldName("attribute");
        json.writeString(names.definition(definition));
        if (!location.isEmpty()) {
            json.writeStringField("location", location);
        }
        json.writeFieldName("value");
        json.writeRawValue(value);
        json.writeNumberField("version", version);
        json.writeEndObject();
    }
}
