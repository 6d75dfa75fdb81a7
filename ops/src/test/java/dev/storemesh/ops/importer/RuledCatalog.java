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
import dev.storemesh.protocol.schema.Location;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.WriteJson;
import dev.storemesh.protocol.write.WriteJudge;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A catalog without a server: the bytes that would go out, read and judged by the protocol's own rules, and objects
/// as the protocol writes them.
final class RuledCatalog implements ImportTarget {
    /// The standard one, and a location.
    private static final Schema SCHEMA = new Schema(
            StandardSchema.SCHEMA.types(),
            StandardSchema.SCHEMA.definitions(),
            StandardSchema.SCHEMA.constraints(),
            List.of(new Location(
                    new LocationId("store-1"),
                    Location.Kind.STORE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty())));

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
            if (head instanceof ObjectState.Live(var type, var rows, var changed) && types.contains(type.text())) {
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
        switch (judge(operations, Fetched.NOTHING)) {
            case WriteJudge.Sound(var changes) -> {
                version++;
                changes.forEach(change ->
                        heads.put(change.object(), head(change.object()).after(new Version(version), change)));
            }
            case WriteJudge.Unsound(var violations, var count) ->
                throw new ApiException.Refusal(new Problem(
                        422,
                        "violations",
                        "Refused.",
                        violations.stream().map(RuledCatalog::violation).toList(),
                        Optional.empty()));
            case WriteJudge.Lacking lacking -> throw new IllegalStateException("all lookups are answered");
            case WriteJudge.Outdated outdated -> throw new IllegalStateException("each round has one write");
        }
        return version;
    }

    private WriteJudge.Judgement judge(List<Operation> operations, Fetched fetched) {
        var basis = new WriteJudge.Basis(SCHEMA, List.of(), name -> false);
        var judgement = WriteJudge.judge(operations, Map.of(), basis, fetched.begin());
        return judgement instanceof WriteJudge.Lacking(var lookups)
                ? judge(operations, fetched.and(answers(lookups)))
                : judgement;
    }

    private Fetched answers(Set<Lookup> lookups) {
        var holders = new HashMap<Object, Set<ObjectToken>>();
        heads.forEach((token, head) -> {
            if (head instanceof ObjectState.Live live) {
                live.rows().forEach(row -> {
                    var value = row.attribute().value();
                    hold(holders, List.of(row.attribute().definition(), value), token);
                    hold(holders, value, token);
                });
            }
        });
        var objects = new HashMap<Lookup, ObjectState>();
        var sets = new HashMap<Lookup, Set<ObjectToken>>();
        for (var lookup : lookups) {
            switch (lookup) {
                case Lookup.Head(var object) -> objects.put(lookup, head(object));
                case Lookup.Holders(var definition, var value) ->
                    sets.put(lookup, holders.getOrDefault(List.of(definition, value), Set.of()));
                case Lookup.Referrers(var target) ->
                    sets.put(lookup, holders.getOrDefault(new Value.Reference(target), Set.of()));
                default -> throw new IllegalStateException(lookup + " (expected: nothing but what imports need)");
            }
        }
        return new Fetched(objects, Map.of(), sets, Map.of());
    }

    private static void hold(Map<Object, Set<ObjectToken>> holders, Object what, ObjectToken token) {
        holders.computeIfAbsent(what, any -> new HashSet<>()).add(token);
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
