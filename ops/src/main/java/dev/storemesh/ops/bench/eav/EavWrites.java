package dev.storemesh.ops.bench.eav;

import com.zaxxer.hikari.HikariDataSource;
import dev.storemesh.ops.bench.eav.EavWrite.Cell;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One write is one transaction: it locks the row of its catalog, which gives it the next version and keeps all other
/// writers of that catalog waiting until the commit is on disk. So what it looks up stays true, and versions become
/// visible in their order. A change of one value takes three round trips: lock, one statement for everything, commit.
final class EavWrites {
    private static final String LOCK = "SELECT visible FROM catalog WHERE id = ? FOR UPDATE";
    private static final String CHANGE = """
            WITH o AS (
                UPDATE object SET changed_version = ?
                WHERE catalog = ? AND token = ? AND type = ? AND deleted_version IS NULL RETURNING id),
            e AS (
                UPDATE attribute a SET deleted_version = ? FROM o
                WHERE a.catalog = ? AND a.object = o.id AND a.definition = ? AND a.location = ''
                    AND a.deleted_version IS NULL)
            """;
    private static final String ADD = """
            INSERT INTO attribute (catalog, object, definition, location, value, created_version, folded)
                SELECT ?, o.id, ?, '', ?, ?, ? FROM o
            """;
    private static final String VERSION =
            "INSERT INTO version (catalog, version, at, caller, reason) VALUES (?, ?, now(), ?, ?)";
    private static final String ALONE = CHANGE + ", a AS (" + ADD + " RETURNING 1), v AS (" + VERSION + ")"
            + " UPDATE catalog SET visible = ? FROM a WHERE id = ?";
    private static final String TAKEN = "SELECT a.folded FROM unnest(?::text[]) t (folded) JOIN attribute a"
            + " ON a.catalog = ? AND a.definition = ? AND left(a.folded, 100) = left(t.folded, 100)"
            + " AND a.folded = t.folded AND a.deleted_version IS NULL AND a.object <> ALL (?) LIMIT 1";
    private static final String THERE =
            "SELECT count(*) FROM object WHERE catalog = ? AND token = ANY (?) AND type = ? AND deleted_version IS NULL";
    private static final String IDS = "SELECT id FROM object WHERE catalog = ? AND token = ANY (?)";
    private static final String UNIQUE_VIOLATION = "23505";

    private final HikariDataSource pool;

    EavWrites(HikariDataSource pool) {
        this.pool = pool;
    }

    /// @return the version that it made, which is on disk
    /// @throws dev.storemesh.http.problem.ProblemException if it breaks a rule; then nothing is written
    long write(int catalog, EavWrite write, String caller) throws SQLException, IOException {
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                var version = locked(connection, catalog) + 1;
                check(connection, catalog, write);
                if (write.made().isEmpty() && write.changed().size() == 1) {
                    alone(connection, catalog, version, write, caller);
                } else {
                    make(connection, catalog, version, write);
                    change(connection, catalog, version, write.changed());
                    finish(connection, catalog, version, write, caller);
                }
                connection.commit();
                return version;
            } catch (SQLException e) {
                connection.rollback();
                if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    throw EavWrite.refused("object_exists", "An object of that token is there already.");
                }
                throw e;
            } catch (IOException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private static long locked(Connection connection, int catalog) throws SQLException {
        try (var statement = connection.prepareStatement(LOCK)) {
            set(statement, catalog);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    // Rules

    private static void check(Connection connection, int catalog, EavWrite write) throws SQLException {
        var unique = new HashMap<Integer, Set<String>>();
        var referred = new HashMap<Integer, Set<String>>();
        for (var made : write.made()) {
            gather(made.cells(), unique, referred);
        }
        gather(write.changed(), unique, referred);
        for (var definition : unique.entrySet()) {
            checkFree(connection, catalog, definition.getKey(), definition.getValue(), write.changed());
        }
        for (var made : write.made()) {
            Optional.ofNullable(referred.get(made.type())).ifPresent(tokens -> tokens.remove(made.token()));
        }
        for (var type : referred.entrySet()) {
            checkThere(connection, catalog, type.getKey(), type.getValue());
        }
    }

    private static void gather(List<Cell> cells, Map<Integer, Set<String>> unique, Map<Integer, Set<String>> referred) {
        for (var cell : cells) {
            if (cell.key().isPresent()) {
                switch (cell.key().get()) {
                    case EavWrite.Key.Unique(var text) -> {
                        if (!unique.computeIfAbsent(cell.definition(), any -> new HashSet<>())
                                .add(text)) {
                            throw notUnique();
                        }
                    }
                    case EavWrite.Key.Reference(var token, var type) ->
                        referred.computeIfAbsent(type, any -> new HashSet<>()).add(token);
                }
            }
        }
    }

    private static void checkFree(
            Connection connection, int catalog, int definition, Set<String> values, List<Cell> changed)
            throws SQLException {
        var own = ids(connection, catalog, changed, definition);
        try (var statement = connection.prepareStatement(TAKEN)) {
            set(
                    statement,
                    connection.createArrayOf("text", values.toArray()),
                    catalog,
                    definition,
                    connection.createArrayOf("bigint", own.toArray()));
            try (var rows = statement.executeQuery()) {
                if (rows.next()) {
                    throw notUnique();
                }
            }
        }
    }

    /// The objects that give up the value that they have of a definition.
    private static List<Long> ids(Connection connection, int catalog, List<Cell> changed, int definition)
            throws SQLException {
        var tokens = changed.stream()
                .filter(cell -> cell.definition() == definition)
                .map(Cell::object)
                .toArray();
        var ids = new ArrayList<Long>();
        if (tokens.length > 0) {
            try (var statement = connection.prepareStatement(IDS)) {
                set(statement, catalog, connection.createArrayOf("text", tokens));
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getLong(1));
                    }
                }
            }
        }
        return ids;
    }

    private static void checkThere(Connection connection, int catalog, int type, Set<String> tokens)
            throws SQLException {
        if (tokens.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(THERE)) {
            set(statement, catalog, connection.createArrayOf("text", tokens.toArray()), type);
            try (var rows = statement.executeQuery()) {
                rows.next();
                if (rows.getInt(1) < tokens.size()) {
                    throw EavWrite.refused("unknown_reference", "An object that is referred to is not there.");
                }
            }
        }
    }

    private static RuntimeException notUnique() {
        return EavWrite.refused("not_unique", "Another object holds a value that must be unique.");
    }

    // Rows

    private static void alone(Connection connection, int catalog, long version, EavWrite write, String caller)
            throws SQLException {
        var cell = write.changed().getFirst();
        try (var statement = connection.prepareStatement(ALONE)) {
            var all = new ArrayList<>(changing(catalog, version, cell));
            all.addAll(List.of(catalog, version, caller, write.reason(), version, catalog));
            set(statement, all.toArray());
            checkChanged(statement.executeUpdate());
        }
    }

    private static List<Object> changing(int catalog, long version, Cell cell) {
        return List.of(
                version,
                catalog,
                cell.object(),
                cell.carrier(),
                version,
                catalog,
                cell.definition(),
                catalog,
                cell.definition(),
                cell.value(),
                version,
                cell.key().map(EavWrite.Key::text));
    }

    private static void checkChanged(int rows) {
        if (rows == 0) {
            throw EavWrite.refused("unknown_object", "There is no object of that token and type.");
        }
    }

    private static void make(Connection connection, int catalog, long version, EavWrite write)
            throws SQLException, IOException {
        if (write.made().isEmpty()) {
            return;
        }
        var objects = new CopyLines();
        var attributes = new CopyLines();
        for (var made : write.made()) {
            objects.add(catalog, made.id(), made.token(), made.type(), version, version);
            for (var cell : made.cells()) {
                attributes.add(
                        catalog,
                        made.id(),
                        cell.definition(),
                        "",
                        cell.value(),
                        version,
                        cell.key().map(EavWrite.Key::text));
            }
        }
        objects.copyTo(connection, "object (catalog, id, token, type, created_version, changed_version)");
        attributes.copyTo(
                connection, "attribute (catalog, object, definition, location, value, created_version, folded)");
    }

    private static void change(Connection connection, int catalog, long version, List<Cell> cells) throws SQLException {
        if (cells.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(CHANGE + ADD)) {
            for (var cell : cells) {
                set(statement, changing(catalog, version, cell).toArray());
                statement.addBatch();
            }
            for (var rows : statement.executeBatch()) {
                checkChanged(rows);
            }
        }
    }

    private static void finish(Connection connection, int catalog, long version, EavWrite write, String caller)
            throws SQLException {
        try (var statement = connection.prepareStatement(
                "WITH v AS (" + VERSION + ") UPDATE catalog SET visible = ? WHERE id = ?")) {
            set(statement, catalog, version, caller, write.reason(), version, catalog);
            statement.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
        for (var i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case Integer number -> statement.setInt(i + 1, number);
                case Long number -> statement.setLong(i + 1, number);
                case java.sql.Array array -> statement.setArray(i + 1, array);
                case Optional<?> text -> statement.setString(i + 1, (String) text.orElse(null));
                default -> statement.setString(i + 1, parameters[i].toString());
            }
        }
    }
}
