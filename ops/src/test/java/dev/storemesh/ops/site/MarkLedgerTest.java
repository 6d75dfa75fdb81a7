package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The checker itself refuses what it is there to find.
final class MarkLedgerTest {
    private final MarkLedger ledger = new MarkLedger();

    private static JsonNode recorded(long version, String mark) {
        return entry(version, "sys.change_request", "cr-1", "sys.change_request.operations", "[... " + mark + " ...]");
    }

    private static JsonNode applied(long version, String item, String mark) {
        return entry(version, "retail.item", item, "com.acme.mark", mark);
    }

    private static JsonNode entry(long version, String type, String object, String attribute, String value) {
        return Json.parse("{\"version\":" + version + ",\"changes\":[{\"object\":\"" + object + "\",\"type\":\"" + type
                + "\",\"deleted\":false,\"set\":[{\"attribute\":\"" + attribute + "\",\"value\":\"" + value
                + "\"}]}]}");
    }

    private void read(JsonNode... entries) {
        List.of(entries).forEach(ledger::read);
    }

    @Test
    void refusesARequestThatIsRecordedTwice() {
        read(recorded(1, "s1-000000"));
        assertThatThrownBy(() -> ledger.read(recorded(2, "s1-000000"))).hasMessageContaining("expected: 1");
    }

    @Test
    void refusesAGapAndAnotherOrder() {
        assertThatThrownBy(() -> ledger.read(recorded(1, "s1-000001"))).hasMessageContaining("expected: 0");
    }

    @Test
    void refusesAnEffectThatComesTwice() {
        read(applied(1, "tea", "s1-000000"));
        assertThatThrownBy(() -> ledger.read(applied(2, "tea", "s1-000000"))).hasMessageContaining("twice");
    }

    @Test
    void refusesEffectsInAnotherOrderOnOneItem() {
        read(applied(1, "tea", "s1-000001"), applied(2, "milk", "s1-000000"));
        assertThatThrownBy(() -> ledger.read(applied(3, "milk", "s1-000001"))).hasMessageContaining("twice");
        read(applied(4, "salt", "s2-000001"));
        assertThatThrownBy(() -> ledger.read(applied(5, "salt", "s2-000000"))).hasMessageContaining("after mark 1");
    }

    @Test
    void refusesAVersionThatIsMissing() {
        assertThatThrownBy(() -> ledger.read(applied(2, "tea", "s1-000000"))).hasMessageContaining("came after 0");
    }

    @Test
    void refusesWhatIsLost() {
        var store = new MarkingStore(1, List.of("tea"), 1);
        ledger.check(List.of(store));
        read(recorded(1, "s1-000000"));
        assertThatThrownBy(() -> ledger.check(List.of(store))).hasMessageContaining("HQ recorded 1");
    }
}
