package dev.storemesh.protocol.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.LiteralJson;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.WriteJson;
import java.util.List;

/// Change requests in JSON.
public final class ChangeRequestJson {
    /// More requests than this in one offer are refused.
    public static final int MAX_OFFERED = 100;

    private ChangeRequestJson() {}

    public static ObjectNode write(ChangeRequest request) {
        var node = Json.object()
                .put("changeRequest", request.id().text())
                .put("store", request.store().text())
                .put("status", request.status().wireName())
                .put("epoch", request.epoch())
                .put("sequence", request.sequence())
                .put("base", request.base().number());
        node.set("operations", Json.parse(request.operations()));
        node.put("requester", request.requester());
        request.details().role().ifPresent(role -> node.put("requesterRole", role));
        request.reason().ifPresent(reason -> node.put("reason", reason));
        request.details().withdraws().ifPresent(id -> node.put("withdraws", id.text()));
        node.put("queuedAt", Moment.format(request.queuedAt()));
        request.version().ifPresent(version -> node.put("version", version.number()));
        request.recordedAt().ifPresent(at -> node.put("recordedAt", Moment.format(at)));
        request.decision().ifPresent(decision -> {
            node.put("decidedAt", Moment.format(decision.at())).put("decidedBy", decision.by());
            decision.reason().ifPresent(reason -> node.put("decisionReason", reason));
        });
        request.violations().ifPresent(text -> node.set("violations", Json.parse(text)));
        write(request.details(), node);
        return node;
    }

    /// With the three values of each slot that it asks to change.
    public static ObjectNode write(ChangeRequest request, List<Conflict> values) {
        var node = write(request);
        if (!values.isEmpty()) {
            var array = node.putArray("values");
            values.forEach(value -> array.add(write(value)));
        }
        return node;
    }

    private static void write(ChangeRequest.Details details, ObjectNode node) {
        if (!details.waitsFor().isEmpty()) {
            var array = node.putArray("waitsFor");
            details.waitsFor().forEach(id -> array.add(id.text()));
        }
        details.overridden().ifPresent(text -> node.set("overridden", Json.parse(text)));
        if (!details.comments().isEmpty()) {
            var array = node.putArray("comments");
            details.comments()
                    .forEach(comment -> array.addObject()
                            .put("by", comment.by())
                            .put("at", Moment.format(comment.at()))
                            .put("text", comment.text()));
        }
    }

    /// What a store sends of one queued request.
    public static ObjectNode offer(QueuedRequest request) {
        var node = Json.object()
                .put("changeRequest", request.id().text())
                .put("sequence", request.sequence())
                .put("base", request.base().number());
        node.set("operations", WriteJson.write(request.operations()));
        node.put("requester", request.provenance().caller());
        request.role().ifPresent(role -> node.put("requesterRole", role));
        request.withdraws().ifPresent(id -> node.put("withdraws", id.text()));
        request.provenance().reason().ifPresent(reason -> node.put("reason", reason));
        return node.put("queuedAt", Moment.format(request.queuedAt()));
    }

    /// The field `requests` of an offer: 1 to [#MAX_OFFERED], with consecutive sequences.
    ///
    /// @throws MalformedInput naming the field that is not of the form
    public static List<OfferedRequest> offered(Fields body) {
        var requests = body.list("requests", (node, pointer) -> request(Fields.of(node, pointer)));
        if (requests.isEmpty() || requests.size() > MAX_OFFERED) {
            throw body.wrong("requests", "an array of 1 to " + MAX_OFFERED + " change requests");
        }
        for (var i = 1; i < requests.size(); i++) {
            if (requests.get(i).sequence() != requests.get(i - 1).sequence() + 1) {
                throw body.wrong("requests", "in order, without gaps in their sequences");
            }
        }
        return requests;
    }

    private static OfferedRequest request(Fields fields) {
        var operations = fields.any("operations");
        var request = new OfferedRequest(
                fields.parsed("changeRequest", RequestId::new),
                atLeast(fields, "sequence", 1),
                new Version(atLeast(fields, "base", 0)),
                CanonicalJson.text(operations),
                fields.text("requester"),
                fields.optionalText("requesterRole"),
                fields.optionalText("reason"),
                fields.parsed("queuedAt", Moment::parse),
                fields.optionalParsed("withdraws", RequestId::new));
        fields.end();
        return request;
    }

    private static long atLeast(Fields fields, String name, long least) {
        var number = fields.number(name);
        if (number < least || number > Value.MAX_INTEGER) {
            throw fields.wrong(name, "a whole number from " + least + " to " + Value.MAX_INTEGER);
        }
        return number;
    }

    /// The operations of a request.
    ///
    /// @throws IllegalArgumentException if the text is no array of operations
    public static List<Operation> operations(String json) {
        var body = Json.object();
        body.set("operations", Json.parse(json));
        return WriteJson.operations(Fields.of(body));
    }

    public static ObjectNode write(Conflict conflict) {
        var node = Json.object().put("object", conflict.object().text());
        conflict.slot().ifPresent(slot -> {
            node.put("attribute", slot.definition().text());
            slot.location().ifPresent(location -> node.put("location", location.text()));
        });
        conflict.base().ifPresent(value -> node.set("base", LiteralJson.write(value.literal())));
        conflict.requested().ifPresent(value -> node.set("requested", LiteralJson.write(value.literal())));
        conflict.current().ifPresent(value -> node.set("current", LiteralJson.write(value.literal())));
        return node;
    }
}
