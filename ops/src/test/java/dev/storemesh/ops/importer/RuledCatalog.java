package dev.storemesh.ops.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Problem;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectJson;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.WriteJson;
import dev.storemesh.protocol.write.WriteJudge;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A catalog without a server: the bytes that would go out, read and judged by the protocol's own rules, and objects
/// as the protocol writes them.
final class RuledCatalog implements ImportTarget {
    private final Map<ObjectToken, ObjectState> heads = new HashMap<>();
    private long version;
    private int writes;

    int writes() {
        return writes;
    }

    @Override
    public Snapshot read(List<String> types) {
        var objects = new HashMap<String, Present>();
        heads.forEach((token, head) -> {
            if (head instanceof ObjectState.Live(var type, var rows) && types.contains(type.text())) {
                var view = new ObjectView.Live(token, type, new Version(version), rows);
                objects.put(token.text(), Present.of(Json.parse(Json.bytes(ObjectJson.write(view)))));
            }
        });
        return new Snapshot(version, objects);
    }

    @Override
    public long write(ObjectNode body, String key) throws ApiException {
        writes++;
        var fields = Fields.of(Json.parse(body.toString()));
        var operations = WriteJson.operations(fields);
        fields.optionalText("reason");
        fields.end();
        switch (WriteJudge.judge(operations, StandardSchema.SCHEMA, this::head)) {
            case WriteJudge.Sound(var changes) -> {
                version++;
                changes.forEach(change ->
                        heads.put(change.object(), head(change.object()).after(new Version(version), change)));
            }
            case WriteJudge.Unsound(var violations) ->
                throw new ApiException.Refusal(new Problem(
                        422,
                        "violations",
                        "Refused.",
                        violations.stream().map(RuledCatalog::violation).toList(),
                        Optional.empty()));
        }
        return version;
    }

    /// Writes from another hand.
    void edit(String operations) throws ApiException {
        JsonNode body = Json.parse("{\"operations\":" + operations + "}");
        write((ObjectNode) body, "");
    }

    private ObjectState head(ObjectToken token) {
        return heads.getOrDefault(token, ObjectState.unknown());
    }

    private static Problem.Violation violation(dev.storemesh.protocol.schema.Violation violation) {
        return new Problem.Violation(
                violation.code().wireName(),
                Optional.of(violation.object()),
                violation.attribute().map(Object::toString),
                violation.location().map(Object::toString),
                Optional.of(violation.message()));
    }
}
