package dev.storemesh.ops.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.api.ApiClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DifferenceTest {
    private static final ImportObject WANTED = new ImportObject(
            "upc-1",
            "retail.item",
            Map.of(
                    "retail.item.name", new Value.Text("Tea"),
                    "retail.item.price", new Value.Money(350, "USD"),
                    "retail.item.tare", new Value.Decimal(new BigDecimal("0.01")),
                    "retail.item.tax", new Value.Whole(1),
                    "retail.item.foodstamp", new Value.Flag(true),
                    "retail.item.department", new Value.Reference("dept-1"),
                    "retail.item.modifiedAt", new Value.Moment(Instant.parse("2024-07-01T17:05:09Z"))),
            Set.of("retail.item.brand"));

    private static final String SAME = """
            {"object":"upc-1","type":"retail.item","version":3,"attributes":[
             {"attribute":"retail.item.name","value":"Tea","version":3},
             {"attribute":"retail.item.price","value":{"currency":"USD","amount":350},"version":3},
             {"attribute":"retail.item.tare","value":"0.010","version":3},
             {"attribute":"retail.item.tax","value":1,"version":3},
             {"attribute":"retail.item.foodstamp","value":true,"version":3},
             {"attribute":"retail.item.department","value":"dept-1","version":3},
             {"attribute":"retail.item.modifiedAt","value":"2024-07-01T17:05:09.000Z","version":3},
             {"attribute":"retail.item.note","value":"ask Ada","version":3},
             {"attribute":"retail.item.price","location":"store-2","value":{"amount":375,"currency":"USD"}}]}""";

    @Test
    void isNothingWhereTheCatalogSaysTheSameInOtherWords() {
        assertThat(Difference.change(WANTED, present(SAME))).isEmpty();
    }

    @Test
    void namesOnlyWhatDiffers() {
        var other = SAME.replace("\"amount\":350", "\"amount\":340")
                .replace("retail.item.note", "retail.item.brand")
                .replace("\"value\":true", "\"value\":false");
        assertThat(Difference.change(WANTED, present(other)).map(DifferenceTest::read))
                .contains(json("""
                {"op":"put","object":"upc-1","set":[
                 {"attribute":"retail.item.foodstamp","value":true},
                 {"attribute":"retail.item.price","value":{"amount":350,"currency":"USD"}}],
                 "unset":[{"attribute":"retail.item.brand"}]}"""));
    }

    @Test
    void setsWhatIsThereForALocationOnly() {
        var elsewhere =
                "{\"attributes\":[{\"attribute\":\"retail.item.name\",\"location\":\"store-2\",\"value\":\"Tea\"}]}";
        var wanted = new ImportObject(
                "upc-1", "retail.item", Map.of("retail.item.name", new Value.Text("Tea")), Set.of("retail.item.brand"));
        assertThat(Difference.change(wanted, present(elsewhere)).map(DifferenceTest::read))
                .contains(json("""
                {"op":"put","object":"upc-1","set":[{"attribute":"retail.item.name","value":"Tea"}]}"""));
    }

    @Test
    void tellsValuesOfOtherTypesApart() {
        assertThat(new Value.Whole(1).sameAs(json("\"1\""))).isFalse();
        assertThat(new Value.Whole(1).sameAs(json("1.0"))).isFalse();
        assertThat(new Value.Text("1").sameAs(json("1"))).isFalse();
        assertThat(new Value.Decimal(BigDecimal.ONE).sameAs(json("\"one\""))).isFalse();
        assertThat(new Value.Moment(Instant.EPOCH).sameAs(json("\"then\""))).isFalse();
        assertThat(new Value.Money(1, "USD").sameAs(json("{\"amount\":1,\"currency\":\"EUR\"}")))
                .isFalse();
        assertThat(new Value.Money(1, "USD").sameAs(json("1"))).isFalse();
        assertThat(new Value.Flag(true).sameAs(json("\"true\""))).isFalse();
    }

    @Test
    void makesANewObjectWhole() {
        var wanted = new ImportObject(
                "upc-1",
                "retail.item",
                Map.of(
                        "retail.item.tare", new Value.Decimal(new BigDecimal("0.01")),
                        "retail.item.modifiedAt", new Value.Moment(Instant.parse("2024-07-01T17:05:09.1234Z"))),
                Set.of("retail.item.brand"));
        assertThat(read(Difference.create(wanted))).isEqualTo(json("""
                {"op":"put","object":"upc-1","create":true,"type":"retail.item","set":[
                 {"attribute":"retail.item.modifiedAt","value":"2024-07-01T17:05:09.123Z"},
                 {"attribute":"retail.item.tare","value":"0.01"}]}"""));
    }

    private static Present present(String object) {
        return Present.of(json(object));
    }

    /// As a peer reads it.
    private static JsonNode read(JsonNode written) {
        return json(written.toString());
    }

    private static JsonNode json(String text) {
        try {
            return ApiClient.JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
