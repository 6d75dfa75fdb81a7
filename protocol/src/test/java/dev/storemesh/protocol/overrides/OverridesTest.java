package dev.storemesh.protocol.overrides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.WriteJson;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OverridesTest {
    private static final DefinitionName PRICE = new DefinitionName("retail.item.price");
    private static final DefinitionName TAG = new DefinitionName("retail.item.tag");
    private static final LocationId ONE = new LocationId("store-1");
    private static final LocationId TWO = new LocationId("store-2");
    private static final LocationId THREE = new LocationId("store-3");
    private static final List<LocationId> STORES = List.of(ONE, TWO, THREE);

    private static Row row(DefinitionName definition, Optional<LocationId> location, Value value, long version) {
        return new Row(new Attribute(definition, location, value), new Version(version));
    }

    private static Row global(DefinitionName definition, Value value) {
        return row(definition, Optional.empty(), value, 1);
    }

    private static Row at(LocationId location, DefinitionName definition, Value value) {
        return row(definition, Optional.of(location), value, 2);
    }

    private static Value cents(long amount) {
        return new Value.Money(amount, "USD");
    }

    private static Value flag(boolean flag) {
        return new Value.Flag(flag);
    }

    private static ObjectView.Live tea(Row... rows) {
        return new ObjectView.Live(new ObjectToken("tea"), StandardSchema.ITEM, new Version(9), List.of(rows));
    }

    @Test
    void eachLocationWithValuesOfItsOwnIsOneOverride() {
        var found = Overrides.of(tea(
                global(PRICE, cents(350)),
                at(ONE, PRICE, cents(375)),
                row(TAG, Optional.of(TWO), new Value.Text("warm"), 4),
                row(TAG, Optional.of(TWO), new Value.Text("green"), 7)));
        assertThat(found).hasSize(2);
        assertThat(found.getFirst().location()).isEqualTo(ONE);
        assertThat(found.getFirst().global()).containsExactly(global(PRICE, cents(350)));
        assertThat(found.getFirst().differs()).isTrue();
        assertThat(found.getLast().definition()).isEqualTo(TAG);
        assertThat(found.getLast().own()).hasSize(2);
        assertThat(found.getLast().global()).isEmpty();
        assertThat(found.getLast().version()).isEqualTo(new Version(7));
    }

    @Test
    void whatRepeatsTheGlobalValuesInAnyOrderDoesNotDiffer() {
        var found = Overrides.of(tea(
                global(TAG, new Value.Text("green")),
                global(TAG, new Value.Text("warm")),
                at(ONE, TAG, new Value.Text("warm")),
                at(ONE, TAG, new Value.Text("green"))));
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().differs()).isFalse();
    }

    @Test
    void anOverrideHasAValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new SlotOverride(new ObjectToken("tea"), StandardSchema.ITEM, PRICE, ONE, List.of(), List.of()))
                .withMessageContaining("at least one value");
    }

    @Test
    void anObjectIsMissingWhereItIsDisabledAndShownElsewhere() {
        assertThat(Overrides.missing(tea(global(PRICE, cents(1))), STORES)).isEmpty();
        assertThat(Overrides.missing(
                        tea(global(PRICE, cents(1)), at(TWO, StandardSchema.ENABLED, flag(false))), STORES))
                .containsExactly(TWO);
        assertThat(Overrides.missing(
                        tea(
                                global(PRICE, cents(1)),
                                global(StandardSchema.ENABLED, flag(false)),
                                at(ONE, StandardSchema.ENABLED, flag(true))),
                        STORES))
                .containsExactly(TWO, THREE);
    }

    @Test
    void anObjectOfOneStoreAloneIsMissingAtTheOthers() {
        assertThat(Overrides.missing(tea(at(ONE, PRICE, cents(1))), STORES)).containsExactly(TWO, THREE);
    }

    @Test
    void whatIsShownNowhereIsMissingNowhere() {
        assertThat(Overrides.missing(tea(global(PRICE, cents(1)), global(StandardSchema.ENABLED, flag(false))), STORES))
                .isEmpty();
        assertThat(Overrides.missing(tea(), STORES)).isEmpty();
    }

    @Test
    void clearingIsOneOperationForEachObject() {
        var overrides = Overrides.of(tea(
                global(PRICE, cents(1)), at(ONE, PRICE, cents(2)), at(TWO, PRICE, cents(3)), at(TWO, TAG, cents(3))));
        assertThat(WriteJson.write(Overrides.clearing(overrides))).hasToString("""
                [{"op":"put","object":"tea","unset":[\
                {"attribute":"retail.item.price","location":"store-1"},\
                {"attribute":"retail.item.price","location":"store-2"},\
                {"attribute":"retail.item.tag","location":"store-2"}]}]""");
        assertThat(Overrides.clearing(List.of())).isEmpty();
    }

    @Test
    void everywhereEndsWhatEveryLocationHasAndSetsTheGlobalValues() {
        var tea = tea(global(PRICE, cents(1)), at(ONE, PRICE, cents(2)), at(TWO, TAG, cents(3)));
        assertThat(WriteJson.write(Overrides.everywhere(tea, PRICE, List.of(new Literal.Amount(5, "USD")))))
                .hasToString("""
                [{"op":"put","object":"tea","unset":[\
                {"attribute":"retail.item.price"},\
                {"attribute":"retail.item.price","location":"store-1"}]},\
                {"op":"put","object":"tea","set":[\
                {"attribute":"retail.item.price","value":{"amount":5,"currency":"USD"}}]}]""");
        assertThat(Overrides.everywhere(tea(), PRICE, List.of(new Literal.Amount(5, "USD"))))
                .hasSize(1);
    }
}
