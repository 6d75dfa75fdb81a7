package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ObjectJsonTest {
    private static final ObjectToken TEA = new ObjectToken("tea");

    @Test
    void isTheSameWithAndWithoutATree() {
        assertSame(new ObjectView.Live(
                TEA,
                StandardSchema.ITEM,
                new Version(7),
                List.of(
                        row("retail.item.name", Optional.empty(), new Value.Text("Thé \"vert\"\n\t𝄞 \u2028 \u007f")),
                        row("retail.item.price", Optional.empty(), new Value.Money(350, "USD")),
                        row("retail.item.price", Optional.of(new LocationId("store-1")), new Value.Money(-1, "EUR")),
                        row("retail.item.soldByWeight", Optional.empty(), new Value.Flag(true)),
                        row("retail.item.tax", Optional.empty(), new Value.Whole(Value.MAX_INTEGER)))));
        assertSame(new ObjectView.Live(TEA, StandardSchema.ITEM, new Version(1), List.of()));
        assertSame(new ObjectView.Tombstone(TEA, StandardSchema.ITEM, new Version(9), ObjectView.Reason.DELETED));
    }

    @Test
    void aLineOfAnExportHasNoVersionsAndItsValuesInOrder() {
        var live = new ObjectView.Live(
                TEA,
                StandardSchema.ITEM,
                new Version(7),
                List.of(
                        row("retail.item.name", Optional.empty(), new Value.Text("Tea")),
                        row("retail.item.price", Optional.of(new LocationId("store-1")), new Value.Money(375, "USD")),
                        row("retail.item.tag", Optional.empty(), new Value.Text("warm")),
                        row("retail.item.tag", Optional.empty(), new Value.Text("green"))));
        assertThat(new String(Json.bytes(16, json -> ObjectJson.export(json, live)), StandardCharsets.UTF_8))
                .isEqualTo("""
                {"object":"tea","type":"retail.item","attributes":[\
                {"attribute":"retail.item.name","value":"Tea"},\
                {"attribute":"retail.item.price","location":"store-1","value":{"amount":375,"currency":"USD"}},\
                {"attribute":"retail.item.tag","value":"green"},\
                {"attribute":"retail.item.tag","value":"warm"}]}""");
    }

    private static void assertSame(ObjectView view) {
        var bytes = Json.bytes(16, json -> ObjectJson.write(json, view));
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .isEqualTo(ObjectJson.write(view).toString());
    }

    private static Row row(String definition, Optional<LocationId> location, Value value) {
        return new Row(new Attribute(new DefinitionName(definition), location, value), new Version(3));
    }
}
