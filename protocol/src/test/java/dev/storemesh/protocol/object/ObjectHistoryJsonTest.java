package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectHistoryJsonTest {
    private static final ObjectToken TEA = new ObjectToken("tea");

    private static Row name(String text, int version) {
        return new Row(
                new Attribute(StandardSchema.name(StandardSchema.ITEM, "name"), Optional.empty(), new Value.Text(text)),
                new Version(version));
    }

    @Test
    void aHistorySaysWhoWhenAndWhyOnlyWhereThatIsKnown() {
        var everything = new Provenance(
                "ann",
                Optional.of("till"),
                Optional.of("Bob"),
                Optional.of(new StoreId("store-1")),
                Optional.empty(),
                Optional.of("autumn"));
        var history = new ObjectHistory(
                TEA,
                StandardSchema.ITEM,
                List.of(
                        new ObjectHistory.Entry(
                                new Written(Instant.parse("2026-01-01T10:00:00Z"), everything),
                                new ObjectHistory.Step(
                                        new Version(2), false, List.of(name("Tea", 2)), List.of(name("Te", 1)))),
                        new ObjectHistory.Entry(
                                new Written(Instant.parse("2026-01-02T10:00:00Z"), Provenance.of("eve")),
                                new ObjectHistory.Step(new Version(3), true, List.of(), List.of(name("Tea", 2))))),
                false);
        assertThat(Json.text(ObjectHistoryJson.write(new Version(5), history))).isEqualTo("""
                {"version":5,"object":"tea","type":"retail.item","entries":[\
                {"version":2,"at":"2026-01-01T10:00:00.000Z","caller":"ann","app":"till","actingFor":"Bob",\
                "store":"store-1","reason":"autumn","deleted":false,\
                "set":[{"attribute":"retail.item.name","value":"Tea","version":2}],\
                "ended":[{"attribute":"retail.item.name","value":"Te","version":1}]},\
                {"version":3,"at":"2026-01-02T10:00:00.000Z","caller":"eve","deleted":true,"set":[],\
                "ended":[{"attribute":"retail.item.name","value":"Tea","version":2}]}]}""");
    }

    @Test
    void aDifferenceSaysWhatIsNewAndWhatIsGone() {
        var difference = new ObjectDifference(
                TEA,
                StandardSchema.ITEM,
                ObjectDifference.Kind.CHANGED,
                List.of(name("Tea", 4)),
                List.of(name("Te", 1)));
        assertThat(Json.text(ObjectHistoryJson.write(difference))).isEqualTo("""
                {"object":"tea","type":"retail.item","change":"changed",\
                "set":[{"attribute":"retail.item.name","value":"Tea","version":4}],\
                "ended":[{"attribute":"retail.item.name","value":"Te","version":1}]}""");
    }
}
