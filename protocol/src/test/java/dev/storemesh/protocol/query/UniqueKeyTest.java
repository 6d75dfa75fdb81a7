package dev.storemesh.protocol.query;

import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.ofItem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.query.Fault.Code;
import dev.storemesh.protocol.schema.Cardinality;
import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.ValueType;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UniqueKeyTest {
    /// One unique attribute of each type: `retail.item.aString` and so on.
    private static final Schema SCHEMA = new Schema(
            StandardSchema.SCHEMA.types(),
            Arrays.stream(ValueType.values())
                    .map(type -> new Definition(
                            of(type),
                            Optional.empty(),
                            type,
                            Cardinality.ONE,
                            false,
                            Optional.empty(),
                            Definition.CLIENT_BYTES))
                    .toList(),
            Arrays.stream(ValueType.values())
                    .map(type -> new Constraint(
                            new ConstraintName("test.unique." + type.wireName()),
                            Optional.empty(),
                            of(type),
                            new Rule.Unique(false),
                            false,
                            Optional.empty()))
                    .toList(),
            List.of());

    private static DefinitionName of(ValueType type) {
        return ofItem("a" + type.wireName());
    }

    private static UniqueKey read(ValueType type, String text) {
        return UniqueKey.read(of(type), text, SCHEMA);
    }

    @Test
    void readsAValueAsItStandsInJsonWithoutQuotes() {
        assertThat(read(ValueType.STRING, "007")).isEqualTo(new UniqueKey.Known(new Value.Text("007")));
        assertThat(read(ValueType.INTEGER, "-7")).isEqualTo(new UniqueKey.Known(new Value.Whole(-7)));
        assertThat(read(ValueType.DECIMAL, "1.50")).isEqualTo(new UniqueKey.Known(Value.Decimal.parse("1.5")));
        assertThat(read(ValueType.BOOLEAN, "true")).isEqualTo(new UniqueKey.Known(new Value.Flag(true)));
        assertThat(read(ValueType.INSTANT, "2026-01-31T08:00:00.000Z"))
                .isEqualTo(new UniqueKey.Known(new Value.Moment(Instant.parse("2026-01-31T08:00:00Z"))));
        assertThat(read(ValueType.REFERENCE, "tea"))
                .isEqualTo(new UniqueKey.Known(new Value.Reference(new ObjectToken("tea"))));
    }

    @ParameterizedTest
    @CsvSource({
        "INTEGER, seven, WRONG_VALUE_TYPE",
        "INTEGER, 9007199254740992, INVALID_VALUE",
        "INTEGER, 99999999999999999999, WRONG_VALUE_TYPE",
        "DECIMAL, 1e5, INVALID_VALUE",
        "BOOLEAN, yes, WRONG_VALUE_TYPE",
        "INSTANT, today, INVALID_VALUE",
        "REFERENCE, a b, INVALID_VALUE",
        "MONEY, 350, WRONG_VALUE_TYPE"
    })
    void refusesWhatIsNoValueOfTheAttribute(String type, String text, String code) {
        assertThat(read(ValueType.valueOf(type.toUpperCase(Locale.ROOT)), text))
                .isInstanceOfSatisfying(UniqueKey.Invalid.class, invalid -> {
                    assertThat(invalid.fault().pointer()).isEqualTo("value");
                    assertThat(invalid.fault().code()).isEqualTo(Code.valueOf(code));
                });
    }

    @Test
    void refusesAttributesThatManyMayShareOrNobodyKnows() {
        assertThat(UniqueKey.read(NAME, "Tea", StandardSchema.SCHEMA))
                .isInstanceOfSatisfying(
                        UniqueKey.Invalid.class,
                        invalid -> assertThat(invalid.fault().code()).isEqualTo(Code.NOT_UNIQUE_ATTRIBUTE));
        assertThat(UniqueKey.read(ofItem("colour"), "red", StandardSchema.SCHEMA))
                .isInstanceOfSatisfying(
                        UniqueKey.Invalid.class,
                        invalid -> assertThat(invalid.fault().code()).isEqualTo(Code.UNKNOWN_ATTRIBUTE));
        assertThat(UniqueKey.read(ofItem("barcode"), "4006381333931", StandardSchema.SCHEMA))
                .isInstanceOf(UniqueKey.Known.class);
    }
}
