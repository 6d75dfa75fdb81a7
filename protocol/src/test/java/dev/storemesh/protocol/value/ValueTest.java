package dev.storemesh.protocol.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Value.Decimal;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.value.Value.Money;
import dev.storemesh.protocol.value.Value.Whole;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValueTest {
    private static final Map<ValueType, Literal> GOOD = Map.of(
            ValueType.STRING, new Literal.Text("Tea"),
            ValueType.INTEGER, new Literal.Whole(-7),
            ValueType.DECIMAL, new Literal.Text("12.50"),
            ValueType.BOOLEAN, new Literal.Flag(true),
            ValueType.INSTANT, new Literal.Text("2026-01-31T08:00:00.000Z"),
            ValueType.MONEY, new Literal.Amount(350, "USD"),
            ValueType.REFERENCE, new Literal.Text("01JD0000000000000000000000"));

    @ParameterizedTest
    @EnumSource(ValueType.class)
    void readsBackWhatItWrites(ValueType type) {
        var literal = literal(type);
        var value = Value.read(type, literal);
        assertThat(value.type()).isEqualTo(type);
        assertThat(value.literal()).isEqualTo(literal);
    }

    @ParameterizedTest
    @EnumSource(ValueType.class)
    void takesNoLiteralOfAnotherShape(ValueType type) {
        var shapes = List.of(
                new Literal.Text("2026-01-31T08:00:00.000Z"),
                new Literal.Whole(1),
                new Literal.Flag(true),
                new Literal.Amount(1, "USD"));
        for (var shape : shapes) {
            if (shape.getClass() != literal(type).getClass()) {
                assertThatThrownBy(() -> Value.read(type, shape))
                        .isInstanceOf(Value.WrongValueType.class)
                        .hasMessageContaining(type.wireName());
            }
        }
    }

    private static Literal literal(ValueType type) {
        return java.util.Objects.requireNonNull(GOOD.get(type));
    }

    @Test
    void integersAreThoseThatJsonCarriesExactly() {
        assertThat(new Whole(9007199254740991L).number()).isEqualTo(9007199254740991L);
        assertThat(new Whole(-9007199254740991L).number()).isEqualTo(-9007199254740991L);
        assertThatIllegalArgumentException().isThrownBy(() -> new Whole(9007199254740992L));
        assertThatIllegalArgumentException().isThrownBy(() -> new Whole(-9007199254740992L));
        assertThatIllegalArgumentException().isThrownBy(() -> new Whole(Long.MIN_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.0",
                "7",
                "-7",
                "12.50",
                "-0.01",
                "1000",
                "9999999999999999999999999999999999",
                "-9999999999999999999999999999999999",
                "0.000000000000000000000000000000001"
            })
    void keepsDecimalsAsWritten(String text) {
        assertThat(Decimal.parse(text).literal()).isEqualTo(new Literal.Text(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                ".5",
                "5.",
                "-.5",
                "+1",
                "01",
                "-01",
                "00",
                "-0",
                "-0.00",
                "1e3",
                "1E3",
                " 1",
                "1 ",
                "1,5",
                "1.2.3",
                "NaN",
                "Infinity",
                "0x10",
                "١",
                "10000000000000000000000000000000000",
                "0.0000000000000000000000000000000001"
            })
    void refusesOtherDecimals(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decimal.parse(text))
                .withMessageStartingWith("decimal: ");
    }

    @Test
    void decimalsAreEqualByNumber() {
        assertThat(Decimal.parse("12.5")).isEqualTo(Decimal.parse("12.50")).hasSameHashCodeAs(Decimal.parse("12.500"));
        assertThat(Decimal.parse("0")).isEqualTo(Decimal.parse("0.000")).hasSameHashCodeAs(Decimal.parse("0.0"));
        assertThat(Decimal.parse("12.5")).isNotEqualTo(Decimal.parse("12.51")).isNotEqualTo(Decimal.parse("-12.5"));
    }

    @Test
    void instantsHaveMillisecondsAndAlwaysShowThem() {
        assertThat(Moment.format(Moment.parse("2026-01-31T08:00:00Z"))).isEqualTo("2026-01-31T08:00:00.000Z");
        assertThat(Moment.format(Moment.parse("2026-01-31T08:00:00.5Z"))).isEqualTo("2026-01-31T08:00:00.500Z");
        assertThat(Moment.format(Moment.parse("0001-01-01T00:00:00.000Z"))).isEqualTo("0001-01-01T00:00:00.000Z");
        assertThat(Moment.format(Moment.parse("9999-12-31T23:59:59.999Z"))).isEqualTo("9999-12-31T23:59:59.999Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-01-31",
                "2026-01-31T08:00Z",
                "2026-01-31T08:00:00",
                "2026-01-31T08:00:00+00:00",
                "2026-01-31T08:00:00.0000Z",
                "2026-01-31T08:00:00.Z",
                "2026-01-31t08:00:00Z",
                "2026-01-31T08:00:00z",
                "2026-01-31 08:00:00Z",
                "2026-01-31T24:00:00Z",
                "2026-06-30T23:59:60Z",
                "2026-02-29T08:00:00Z",
                "2026-13-01T08:00:00Z",
                "0000-12-31T23:59:59Z",
                "+10000-01-01T00:00:00Z",
                "-0001-01-01T00:00:00Z"
            })
    void refusesInstantsThatWouldNotBeKeptAsWritten(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Moment.parse(text))
                .withMessageStartingWith("instant: ");
    }

    @Test
    void instantsHoldNothingFinerThanMilliseconds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Moment(Instant.ofEpochSecond(0, 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Moment(Instant.MAX));
    }

    @Test
    void moneyIsMinorUnitsOfAKnownCurrency() {
        assertThat(new Money(-350, "EUR").literal()).isEqualTo(new Literal.Amount(-350, "EUR"));
        for (var code : List.of("", "usd", "US", "USDX", "ZZZ", "U\uD83D\uDE00")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Money(1, code))
                    .withMessageStartingWith("currency: ");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(1L << 53, "USD"));
    }

    @Test
    void boundsStringsByTheirBytesNotTheirCharacters() {
        var name = StandardSchema.SCHEMA.definition(Samples.NAME).orElseThrow();
        var most = "é".repeat(Definition.CLIENT_BYTES / 2);
        assertThat(name.read(new Literal.Text(most))).isEqualTo(new Value.Text(most));
        assertThatIllegalArgumentException().isThrownBy(() -> name.read(new Literal.Text(most + "e")));
        var ascii = "e".repeat(Definition.CLIENT_BYTES);
        assertThat(name.read(new Literal.Text(ascii))).isEqualTo(new Value.Text(ascii));
    }

    @Test
    void referencesAreTokens() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Value.read(ValueType.REFERENCE, new Literal.Text("no token")));
    }
}
