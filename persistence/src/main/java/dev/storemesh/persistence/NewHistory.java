package dev.storemesh.persistence;

import dev.storemesh.persistence.codec.EventSerializer;
import dev.storemesh.protocol.catalog.CatalogEvent.HistoryBegun;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.HistoryId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Begins a new history in every catalog of HQ's log, while no node uses it: one row more in each, all in one
/// transaction. A node that did run would find its next row's number taken, and read the log anew.
public final class NewHistory {
    /// How the name of who wrote such rows begins, as the journal keeps it beside each. The history follows:
    /// Pekko takes rows of a writer that come after another's, and were not its first, for those of one who had
    /// lost its place.
    public static final String WRITER = "storemesh restore ";

    private static final String CATALOG = "catalog|";
    private static final String ENDS = "SELECT persistence_id, max(sequence_number) FROM event_journal"
            + " WHERE persistence_id >= 'catalog|' AND persistence_id < 'catalog}' GROUP BY persistence_id"
            + " ORDER BY persistence_id";
    private static final String APPEND = "INSERT INTO event_journal (persistence_id, sequence_number, deleted, writer,"
            + " write_timestamp, adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
            + " VALUES (?, ?, ?, ?, ?, '', ?, ?, ?)";

    private NewHistory() {}

    private record End(String journal, long row) {}

    /// Does it, and commits.
    ///
    /// @return the catalogs, by name; none in a store's log
    /// @throws SQLException if nothing was written
    public static List<String> begin(Connection connection, HistoryId history, Instant now) throws SQLException {
        connection.setAutoCommit(false);
        var ends = ends(connection);
        var round = Round.of(new HistoryBegun(now, history));
        var serializer = new EventSerializer();
        try (var append = connection.prepareStatement(APPEND)) {
            for (var end : ends) {
                append.setString(1, end.journal());
                append.setLong(2, end.row() + 1);
                append.setBoolean(3, false);
                append.setString(4, WRITER + history.text());
                append.setLong(5, now.toEpochMilli());
                append.setInt(6, serializer.identifier());
                append.setString(7, serializer.manifest(round));
                append.setBytes(8, serializer.toBinary(round));
                append.executeUpdate();
            }
        }
        connection.commit();
        return ends.stream()
                .map(end -> end.journal().substring(CATALOG.length()))
                .toList();
    }

    private static List<End> ends(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(ENDS);
                var rows = statement.executeQuery()) {
            var ends = new ArrayList<End>();
            while (rows.next()) {
                ends.add(new End(rows.getString(1), rows.getLong(2)));
            }
            return ends;
        }
    }
}
