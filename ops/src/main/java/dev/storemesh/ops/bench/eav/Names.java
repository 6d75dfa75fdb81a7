package dev.storemesh.ops.bench.eav;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The small tables that give names numbers, read at the start and kept in memory. Catalogs may be added.
final class Names {
    private final Map<String, Integer> catalogs;
    private final Map<String, Integer> definitions;
    private final Map<String, Integer> types;
    private final Map<Integer, SerializableString> definitionNames = new HashMap<>();
    private final Map<Integer, SerializableString> typeNames = new HashMap<>();

    private Names(Map<String, Integer> catalogs, Map<String, Integer> definitions, Map<String, Integer> types) {
        this.catalogs = new ConcurrentHashMap<>(catalogs);
        this.definitions = definitions;
        this.types = types;
        definitions.forEach((name, id) -> definitionNames.put(id, new SerializedString(name)));
        types.forEach((name, id) -> typeNames.put(id, new SerializedString(name)));
    }

    static Names read(Connection connection) throws SQLException {
        return new Names(table(connection, "catalog"), table(connection, "definition"), table(connection, "type"));
    }

    private static Map<String, Integer> table(Connection connection, String table) throws SQLException {
        var numbered = new HashMap<String, Integer>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id, name FROM " + table)) {
            while (rows.next()) {
                numbered.put(rows.getString(2), rows.getInt(1));
            }
        }
        return numbered;
    }

    Optional<Integer> catalog(String name) {
        return Optional.ofNullable(catalogs.get(name));
    }

    void refresh(Connection connection) throws SQLException {
        catalogs.putAll(table(connection, "catalog"));
    }

    void add(String catalog, int id) {
        catalogs.put(catalog, id);
    }

    Optional<Integer> definition(String name) {
        return Optional.ofNullable(definitions.get(name));
    }

    Optional<Integer> type(String name) {
        return Optional.ofNullable(types.get(name));
    }

    SerializableString definition(int id) {
        return Objects.requireNonNull(definitionNames.get(id));
    }

    SerializableString type(int id) {
        return Objects.requireNonNull(typeNames.get(id));
    }
}
