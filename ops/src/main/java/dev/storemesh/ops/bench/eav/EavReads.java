package dev.storemesh.ops.bench.eav;

import com.zaxxer.hikari.HikariDataSource;
import dev.storemesh.ops.bench.eav.Thing.Found;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// The statements. Each answers one read whole, with the newest version of the catalog from the same snapshot, so
/// that one round trip is enough and nothing can come in between: first the objects that were hit, in their order,
/// then the attributes of all of them (names of columns: see [Thing#read]). That halves what PostgreSQL spends on a
/// page against a join that repeats the object in each row and sorts. The driver prepares each statement on the
/// server once for each connection of the pool.
final class EavReads {
    private static final String HIT = "WITH h AS MATERIALIZED (";
    private static final String OBJECTS = """
            ) SELECT c.visible, h.id, h.token, h.type, h.created_version, h.deleted_version, h.changed_version, NULL::text
            FROM catalog c LEFT JOIN h ON true WHERE c.id = ?
            UNION ALL
            SELECT NULL, a.object, a.value, a.definition, a.created_version, a.deleted_version, NULL, a.location
            """;
    /// For hits that lie anywhere.
    private static final String EACH = "FROM h JOIN attribute a ON a.catalog = h.catalog AND a.object = h.id AND ";
    /// For hits that lie together: one walk along the index. It may meet rows of others, which are passed over.
    private static final String RANGE = """
            FROM attribute a WHERE a.catalog = ? AND a.object >= (SELECT min(id) FROM h)
            AND a.object <= (SELECT max(id) FROM h) AND
            """;
    private static final String LIVE = " a.deleted_version IS NULL";
    /// All rows up to a version: which of them hold at it, and when the object last changed, is seen from them.
    private static final String UP_TO = " a.created_version <= ?";

    private static final String OBJECT =
            HIT + "SELECT * FROM object WHERE catalog = ? AND token = ? AND deleted_version IS NULL" + OBJECTS + EACH
                    + LIVE;
    private static final String OBJECT_AT =
            HIT + "SELECT * FROM object WHERE catalog = ? AND token = ?" + OBJECTS + EACH + UP_TO;
    private static final String PAGE = HIT
            + "SELECT * FROM object WHERE catalog = ? AND id > ? AND deleted_version IS NULL ORDER BY id LIMIT ?"
            + OBJECTS + RANGE + LIVE;
    private static final String PAGE_AT = HIT
            + "SELECT * FROM object WHERE catalog = ? AND id > ? AND created_version <= ?"
            + " AND (deleted_version IS NULL OR deleted_version > ?) ORDER BY id LIMIT ?" + OBJECTS + RANGE + UP_TO;
    private static final String CHANGES = HIT
            + "SELECT * FROM object WHERE catalog = ? AND changed_version > ? AND id > ?"
            + " AND (deleted_version IS NULL OR created_version <= ?) ORDER BY id LIMIT ?" + OBJECTS + EACH + LIVE;
    private static final String CHANGES_AT = HIT
            + "SELECT * FROM object o WHERE catalog = ? AND changed_version > ? AND id > ?"
            + " AND (created_version <= ? OR created_version <= ? AND (deleted_version IS NULL OR deleted_version > ?))"
            + " AND id IN (SELECT object FROM attribute WHERE catalog = o.catalog AND created_version > ? AND"
            + " created_version <= ? UNION ALL SELECT object FROM attribute WHERE catalog = o.catalog AND"
            + " deleted_version > ? AND deleted_version <= ?) ORDER BY id LIMIT ?" + OBJECTS + EACH + UP_TO;
    private static final String BY_KEY = HIT
            + "SELECT o.* FROM attribute k JOIN object o ON o.catalog = k.catalog AND o.id = k.object"
            + " WHERE k.catalog = ? AND k.definition = ? AND left(k.folded, 100) = left(?, 100) AND k.folded = ?"
            + " AND k.deleted_version IS NULL LIMIT 1" + OBJECTS + EACH + LIVE;
    /// A definition is carried by objects of one type only, so the type of a query needs no look at the objects. The
    /// objects of those that are shown are fetched last.
    private static final String EQUAL_SORTED = HIT
            + "SELECT o.* FROM (SELECT e.catalog, e.object, s.number FROM attribute e LEFT JOIN attribute s ON"
            + " s.catalog = e.catalog AND s.object = e.object AND s.definition = ? AND s.deleted_version IS NULL"
            + " WHERE e.catalog = ? AND e.definition = ? AND left(e.folded, 100) = left(?, 100) AND e.folded = ?"
            + " AND e.deleted_version IS NULL ORDER BY s.number, e.object LIMIT ?) m"
            + " JOIN object o ON o.catalog = m.catalog AND o.id = m.object ORDER BY m.number, m.object" + OBJECTS
            + EACH + LIVE;
    private static final String WORD = HIT
            + "SELECT o.* FROM (SELECT catalog, object FROM attribute WHERE catalog = ? AND definition = ?"
            + " AND words @> ARRAY[?::text] AND words IS NOT NULL AND deleted_version IS NULL"
            + " ORDER BY object LIMIT ?) m JOIN object o ON o.catalog = m.catalog AND o.id = m.object"
            + " ORDER BY m.object" + OBJECTS + EACH + LIVE;
    private static final String HISTORY = """
            WITH o AS (SELECT * FROM object WHERE catalog = ? AND token = ?),
            rows AS (SELECT a.* FROM o JOIN attribute a ON a.catalog = o.catalog AND a.object = o.id)
            SELECT c.visible, o.token, o.type, o.deleted_version, v.version, v.at, v.caller, v.app, v.store, v.reason,
                e.ended, e.definition, e.location, e.value, e.made
            FROM catalog c LEFT JOIN o ON o.catalog = c.id
            LEFT JOIN (
                SELECT created_version AS version, false AS ended, definition, location, value, created_version AS made
                FROM rows
                UNION ALL
                SELECT deleted_version, true, definition, location, value, created_version FROM rows
                WHERE deleted_version IS NOT NULL) e ON true
            LEFT JOIN version v ON v.catalog = c.id AND v.version = e.version
            WHERE c.id = ? ORDER BY e.version, e.ended, e.definition, e.location, e.made
            """;

    private final HikariDataSource pool;

    EavReads(HikariDataSource pool) {
        this.pool = pool;
    }

    /// Makes something of all rows while the connection is held.
    @FunctionalInterface
    interface Reader<T, E extends Exception> {
        T read(ResultSet rows) throws SQLException, E;
    }

    Found object(int catalog, String token) throws SQLException {
        return found(OBJECT, catalog, token, catalog);
    }

    Found object(int catalog, String token, long version) throws SQLException {
        return found(OBJECT_AT, catalog, token, catalog, version);
    }

    Found page(int catalog, long after, int limit) throws SQLException {
        return found(PAGE, catalog, after, limit, catalog, catalog);
    }

    Found page(int catalog, long version, long after, int limit) throws SQLException {
        return found(PAGE_AT, catalog, after, version, version, limit, catalog, catalog, version);
    }

    Found changes(int catalog, long since, long after, int limit) throws SQLException {
        return found(CHANGES, catalog, since, after, since, limit, catalog);
    }

    Found changes(int catalog, long since, long version, long after, int limit) throws SQLException {
        return found(
                CHANGES_AT,
                catalog,
                since,
                after,
                since,
                version,
                version,
                since,
                version,
                since,
                version,
                limit,
                catalog,
                version);
    }

    Found byKey(int catalog, int definition, String folded) throws SQLException {
        return found(BY_KEY, catalog, definition, folded, folded, catalog);
    }

    Found equalSorted(int catalog, int definition, String folded, int sort, int limit) throws SQLException {
        return found(EQUAL_SORTED, sort, catalog, definition, folded, folded, limit, catalog);
    }

    Found word(int catalog, int definition, String folded, int limit) throws SQLException {
        return found(WORD, catalog, definition, folded, limit, catalog);
    }

    <T, E extends Exception> T history(int catalog, String token, Reader<T, E> reader) throws SQLException, E {
        return query(HISTORY, reader, catalog, token, catalog);
    }

    private Found found(String sql, Object... parameters) throws SQLException {
        return this.<Found, RuntimeException>query(sql, Thing::read, parameters);
    }

    private <T, E extends Exception> T query(String sql, Reader<T, E> reader, Object... parameters)
            throws SQLException, E {
        try (var connection = pool.getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < parameters.length; i++) {
                set(statement, i + 1, parameters[i]);
            }
            try (var rows = statement.executeQuery()) {
                return reader.read(rows);
            }
        }
    }

    private static void set(PreparedStatement statement, int index, Object parameter) throws SQLException {
        switch (parameter) {
            case Integer number -> statement.setInt(index, number);
            case Long number -> statement.setLong(index, number);
            default -> statement.setString(index, parameter.toString());
        }
    }
}
