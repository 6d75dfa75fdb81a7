package dev.storemesh.protocol.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Value.Moment;
import java.util.List;

/// Histories and differences in JSON; rows stand in them as in log entries.
public final class ObjectHistoryJson {
    private ObjectHistoryJson() {}

    /// A history as known at `version`.
    public static ObjectNode write(Version version, ObjectHistory history) {
        var node = Json.object()
                .put("version", version.number())
                .put("object", history.object().text())
                .put("type", history.type().text());
        var entries = node.putArray("entries");
        history.entries().forEach(entry -> entries.add(write(entry)));
        return node;
    }

    private static ObjectNode write(ObjectHistory.Entry entry) {
        var provenance = entry.written().provenance();
        var node = Json.object()
                .put("version", entry.step().version().number())
                .put("at", Moment.format(entry.written().at()))
                .put("caller", provenance.caller());
        provenance.app().ifPresent(app -> node.put("app", app));
        provenance.actingFor().ifPresent(person -> node.put("actingFor", person));
        provenance.store().ifPresent(store -> node.put("store", store.text()));
        provenance.reason().ifPresent(reason -> node.put("reason", reason));
        node.put("deleted", entry.step().deleted());
        return rows(node, entry.step().set(), entry.step().ended());
    }

    public static ObjectNode write(ObjectDifference difference) {
        var node = Json.object()
                .put("object", difference.object().text())
                .put("type", difference.type().text())
                .put("change", difference.kind().wireName());
        return rows(node, difference.set(), difference.ended());
    }

    private static ObjectNode rows(ObjectNode node, List<Row> set, List<Row> ended) {
        var made = node.putArray("set");
        set.forEach(row -> made.add(LogJson.row(row)));
        var gone = node.putArray("ended");
        ended.forEach(row -> gone.add(LogJson.row(row)));
        return node;
    }
}
