package dev.storemesh.protocol.change;

import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.STORE;
import static dev.storemesh.protocol.Samples.TEA;
import static dev.storemesh.protocol.Samples.at;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Value.Money;
import dev.storemesh.protocol.write.WriteJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ChangeRequestJsonTest {
    private static final RequestId ID = RequestId.ofUlid("01JD0000000000000000000000");
    private static final QueuedRequest QUEUED = new QueuedRequest(
            ID,
            7,
            new Version(41),
            List.of(change("tea", set(NAME, text("Tea \uD83C\uDF75")))),
            Provenance.of("clerk").withReason(Optional.of("typo")),
            "digest",
            Map.of(),
            NOON);

    private static ObjectNode body(ObjectNode... requests) {
        var body = Json.object();
        body.putArray("requests").addAll(List.of(requests));
        return body;
    }

    private static List<OfferedRequest> offered(ObjectNode... requests) {
        return ChangeRequestJson.offered(Fields.of(Json.parse(Json.bytes(body(requests)))));
    }

    private static void refuses(String field, ObjectNode... requests) {
        assertThatExceptionOfType(MalformedInput.class)
                .isThrownBy(() -> offered(requests))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void hqReadsWhatAStoreOffers() {
        assertThat(offered(ChangeRequestJson.offer(QUEUED)))
                .containsExactly(new OfferedRequest(
                        ID,
                        7,
                        new Version(41),
                        CanonicalJson.text(WriteJson.write(QUEUED.operations())),
                        "clerk",
                        Optional.of("typo"),
                        NOON));
    }

    @Test
    void namesTheFieldThatIsWrong() {
        refuses("/requests");
        for (var missing : List.of("changeRequest", "sequence", "base", "operations", "requester", "queuedAt")) {
            var node = ChangeRequestJson.offer(QUEUED);
            node.remove(missing);
            refuses("/requests/0/" + missing, node);
        }
        refuses("/requests/0/changeRequest", ChangeRequestJson.offer(QUEUED).put("changeRequest", "x"));
        refuses("/requests/0/sequence", ChangeRequestJson.offer(QUEUED).put("sequence", 0));
        refuses("/requests/0/base", ChangeRequestJson.offer(QUEUED).put("base", -1));
        refuses("/requests/0/base", ChangeRequestJson.offer(QUEUED).put("base", 1L << 53));
        refuses("/requests/0/queuedAt", ChangeRequestJson.offer(QUEUED).put("queuedAt", "noon"));
        refuses("/requests/0/colour", ChangeRequestJson.offer(QUEUED).put("colour", 1));
    }

    @Test
    void takesAHundredWithoutGaps() {
        var nodes = java.util.stream.LongStream.rangeClosed(1, 101)
                .mapToObj(sequence -> ChangeRequestJson.offer(QUEUED.withSequence(sequence)))
                .toArray(ObjectNode[]::new);
        assertThat(offered(java.util.Arrays.copyOf(nodes, 100))).hasSize(100);
        refuses("/requests", nodes);
        refuses("/requests", nodes[0], nodes[2]);
        refuses("/requests", nodes[1], nodes[0]);
        refuses("/requests", nodes[0], nodes[0]);
    }

    @Test
    void aRecordIsReadBackAsItWasMade() {
        var offered = offered(ChangeRequestJson.offer(QUEUED)).getFirst();
        var change = RequestRecord.record(
                STORE, 3, offered, Status.WAITING, Optional.empty(), Set.of(), NOON.plusSeconds(1));
        var rows =
                change.set().stream().map(set -> new Row(set, new Version(42))).toList();
        var request = RequestRecord.read(change.object(), rows);
        assertThat(request)
                .isEqualTo(new ChangeRequest(
                        ID,
                        STORE,
                        Status.WAITING,
                        3,
                        7,
                        new Version(41),
                        offered.operations(),
                        "clerk",
                        Optional.of("typo"),
                        NOON,
                        Optional.of(new Version(42)),
                        Optional.of(NOON.plusSeconds(1)),
                        Optional.empty(),
                        Optional.empty()));
        assertThatIllegalStateException()
                .isThrownBy(() -> RequestRecord.read(change.object(), rows.subList(1, rows.size())));
    }

    @Test
    void showsARequestAsTheApiPromises() {
        var request = new ChangeRequest(
                ID,
                STORE,
                Status.REJECTED,
                3,
                7,
                new Version(41),
                "[]",
                "clerk",
                Optional.empty(),
                NOON,
                Optional.of(new Version(43)),
                Optional.of(NOON),
                Optional.of(new ChangeRequest.Decision("boss", NOON, Optional.of("no"))),
                Optional.of("[{\"code\":\"x\"}]"));
        assertThat(ChangeRequestJson.write(request))
                .hasToString("{\"changeRequest\":\"cr-01JD0000000000000000000000\",\"store\":\"store-1\","
                        + "\"status\":\"rejected\",\"epoch\":3,\"sequence\":7,\"base\":41,\"operations\":[],"
                        + "\"requester\":\"clerk\",\"queuedAt\":\"2026-01-31T12:00:00.000Z\",\"version\":43,"
                        + "\"recordedAt\":\"2026-01-31T12:00:00.000Z\",\"decidedAt\":\"2026-01-31T12:00:00.000Z\","
                        + "\"decidedBy\":\"boss\",\"decisionReason\":\"no\",\"violations\":[{\"code\":\"x\"}]}");
        assertThat(ChangeRequestJson.write(request.withStatus(Status.WAITING))
                        .path("status")
                        .textValue())
                .isEqualTo("waiting");
    }

    @Test
    void showsAConflictWithItsThreeValues() {
        assertThat(ChangeRequestJson.write(new Conflict(
                        TEA,
                        Optional.of(at("store-2", PRICE)),
                        Optional.of(new Money(1, "USD")),
                        Optional.empty(),
                        Optional.of(new Money(3, "USD")))))
                .hasToString(
                        "{\"object\":\"tea\",\"attribute\":\"retail.item.price\",\"location\":\"store-2\","
                                + "\"base\":{\"amount\":1,\"currency\":\"USD\"},\"current\":{\"amount\":3,\"currency\":\"USD\"}}");
    }
}
