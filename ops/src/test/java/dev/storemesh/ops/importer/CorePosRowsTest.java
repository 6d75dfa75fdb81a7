package dev.storemesh.ops.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.ops.importer.Remark.Kind;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CorePosRowsTest {
    private static final Set<String> DEPARTMENTS = Set.of("dept-12", "dept-59");
    private static final Map<String, String> TEA = Map.ofEntries(
            Map.entry("upc", "0000000000016"),
            Map.entry("description", "TEA, GREEN"),
            Map.entry("brand", "Lanternjack"),
            Map.entry("size", "20 CT"),
            Map.entry("normal_price", "5.95"),
            Map.entry("cost", "2.5"),
            Map.entry("department", "12"),
            Map.entry("scale", "0"),
            Map.entry("foodstamp", "1"),
            Map.entry("tax", "2"),
            Map.entry("tareweight", "0.01"),
            Map.entry("modified", "2024-07-01 17:05:09"));

    private final CorePosRows rows = new CorePosRows(Currency.getInstance("USD"), ZoneOffset.UTC);

    @Test
    void takesEveryColumnThatTheSchemaHas() {
        var taken = taken(rows.product(line(TEA), DEPARTMENTS));
        assertThat(taken.number()).isEqualTo(2);
        assertThat(taken.remarks()).isEmpty();
        assertThat(taken.object())
                .isEqualTo(new ImportObject(
                        "upc-0000000000016",
                        "retail.item",
                        Map.ofEntries(
                                Map.entry("retail.item.barcode", new Value.Text("0000000000016")),
                                Map.entry("retail.item.name", new Value.Text("TEA, GREEN")),
                                Map.entry("retail.item.brand", new Value.Text("Lanternjack")),
                                Map.entry("retail.item.size", new Value.Text("20 CT")),
                                Map.entry("retail.item.price", new Value.Money(595, "USD")),
                                Map.entry("retail.item.cost", new Value.Money(250, "USD")),
                                Map.entry("retail.item.department", new Value.Reference("dept-12")),
                                Map.entry("retail.item.soldByWeight", new Value.Flag(false)),
                                Map.entry("retail.item.foodstamp", new Value.Flag(true)),
                                Map.entry("retail.item.tax", new Value.Whole(2)),
                                Map.entry("retail.item.tare", new Value.Decimal(new BigDecimal("0.01"))),
                                Map.entry(
                                        "retail.item.modifiedAt",
                                        new Value.Moment(Instant.parse("2024-07-01T17:05:09Z")))),
                        Set.of()));
    }

    @Test
    void readsEmptyCellsAndPlaceholdersAsNone() {
        var row = with(
                Map.of("brand", "", "size", "0", "cost", "0.00", "tareweight", "0", "modified", "1900-01-01 00:00:00"));
        var taken = taken(rows.product(line(row), DEPARTMENTS));
        assertThat(taken.remarks()).isEmpty();
        assertThat(taken.object().none())
                .containsExactlyInAnyOrder(
                        "retail.item.brand",
                        "retail.item.size",
                        "retail.item.cost",
                        "retail.item.tare",
                        "retail.item.modifiedAt");
        assertThat(taken.object().values()).hasSize(7);
    }

    @Test
    void readsAFileWithoutAColumnAsSilentAboutIt() {
        var row = new HashMap<>(TEA);
        row.keySet().removeAll(Set.of("brand", "cost", "modified", "scale"));
        var object = taken(rows.product(line(row), DEPARTMENTS)).object();
        assertThat(object.none()).isEmpty();
        assertThat(object.values()).hasSize(8);
    }

    @ParameterizedTest
    @CsvSource({
        "5.95,USD,595",
        "-1,USD,-100",
        "0,USD,0",
        ".5,USD,50",
        "5,USD,500",
        "5.950,USD,595",
        "595,JPY,595",
        "5.955,BHD,5955",
        "90071992547409.91,USD,9007199254740991"
    })
    void takesPricesExactly(String text, String currency, long amount) {
        var exact = new CorePosRows(Currency.getInstance(currency), ZoneOffset.UTC);
        var row = with(Map.of("normal_price", text, "cost", "0"));
        assertThat(taken(exact.product(line(row), DEPARTMENTS)).object().values())
                .containsEntry("retail.item.price", new Value.Money(amount, currency));
    }

    @ParameterizedTest
    @CsvSource({
        "'',USD",
        "cheap,USD",
        "1e3,USD",
        "'1,50',USD",
        "NaN,USD",
        "5.955,USD",
        "5.95,JPY",
        "NULL,USD",
        "-,USD",
        "90071992547409.92,USD",
        "99999999999999999999999999999999999999999,USD",
        ".,USD"
    })
    void refusesAPriceThatItCannotTakeExactly(String text, String currency) {
        var exact = new CorePosRows(Currency.getInstance(currency), ZoneOffset.UTC);
        var row = with(Map.of("normal_price", text, "cost", "0"));
        assertThat(exact.product(line(row), DEPARTMENTS)).isInstanceOfSatisfying(Row.Refused.class, refused -> {
            assertThat(refused.number()).isEqualTo(2);
            assertThat(refused.name()).isEqualTo("upc-0000000000016");
            assertThat(refused.reasons())
                    .singleElement()
                    .asString()
                    .startsWith("normal_price: '")
                    .contains("(expected: a number");
        });
    }

    @Test
    void remarksOnWhatItTakesAllTheSame() {
        var negative = taken(rows.product(
                line(with(Map.of("normal_price", "-1", "description", " ", "department", "78"))), DEPARTMENTS));
        assertThat(negative.remarks())
                .containsExactly(
                        new Remark(Kind.NO_NAME, 2, "upc-0000000000016", ""),
                        new Remark(Kind.NEGATIVE_PRICE, 2, "upc-0000000000016", "-1"),
                        new Remark(Kind.MISSING_DEPARTMENT, 2, "upc-0000000000016", "78"));
        assertThat(negative.object().values()).doesNotContainKeys("retail.item.name", "retail.item.department");
        assertThat(negative.object().none())
                .as("no name is stated; of the department nothing is known")
                .contains("retail.item.name")
                .doesNotContain("retail.item.department");
        var free = taken(rows.product(line(with(Map.of("normal_price", "0"))), DEPARTMENTS));
        assertThat(free.remarks()).containsExactly(new Remark(Kind.ZERO_PRICE, 2, "upc-0000000000016", "0"));
    }

    @ParameterizedTest
    @CsvSource({
        "cost,dear",
        "cost,2.505",
        "tax,some",
        "tax,1.5",
        "scale,2",
        "foodstamp,yes",
        "tareweight,heavy",
        "modified,yesterday",
        "modified,2024-02-30 00:00:00"
    })
    void leavesOutWhatItCannotReadAndSaysSo(String column, String text) {
        var taken = taken(rows.product(line(with(Map.of(column, text))), DEPARTMENTS));
        assertThat(taken.object().values()).hasSize(TEA.size() - 1);
        assertThat(taken.object().none()).isEmpty();
        assertThat(taken.remarks()).singleElement().satisfies(remark -> {
            assertThat(remark.kind()).isEqualTo(Kind.UNUSABLE_VALUE);
            assertThat(remark.detail()).startsWith(column + ": '" + text + "' (expected: ");
        });
    }

    @Test
    void readsTimesInTheShopsZone() {
        var chicago = new CorePosRows(Currency.getInstance("USD"), ZoneId.of("America/Chicago"));
        assertThat(taken(chicago.product(line(TEA), DEPARTMENTS)).object().values())
                .containsEntry("retail.item.modifiedAt", new Value.Moment(Instant.parse("2024-07-01T22:05:09Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NULL", "12/34", "é", "0123456789012345678901234567890123456789012345678901234567890"})
    void refusesABarcodeThatNamesNothing(String upc) {
        assertThat(rows.product(line(with(Map.of("upc", upc))), DEPARTMENTS))
                .isInstanceOfSatisfying(
                        Row.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .singleElement()
                                .asString()
                                .startsWith("upc: "));
    }

    @Test
    void refusesTextThatNoCatalogTakesAndSaysAllThatIsWrong() {
        var longest = "é".repeat(32 * 1024);
        assertThat(taken(rows.product(line(with(Map.of("description", longest))), DEPARTMENTS))
                        .object()
                        .values())
                .containsEntry("retail.item.name", new Value.Text(longest));
        var row = with(Map.of("description", longest + "!", "brand", "a\0b", "normal_price", "?"));
        assertThat(rows.product(line(row), DEPARTMENTS))
                .isInstanceOfSatisfying(
                        Row.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .hasSize(3)
                                .contains("description: longer than 65536 bytes", "brand: holds a NUL character"));
    }

    @Test
    void refusesARowThatIsCutShort() {
        assertThat(rows.product(new CsvTable.Line(9, TEA, false), DEPARTMENTS)).isInstanceOf(Row.Refused.class);
    }

    @Test
    void takesDepartments() {
        var taken = taken(rows.department(line(Map.of("dept_no", "012", "dept_name", "WATER"))));
        assertThat(taken.object())
                .isEqualTo(new ImportObject(
                        "dept-12",
                        "retail.department",
                        Map.of(
                                "retail.department.number", new Value.Whole(12),
                                "retail.department.name", new Value.Text("WATER")),
                        Set.of()));
        assertThat(rows.department(line(Map.of("dept_no", "twelve", "dept_name", "WATER"))))
                .isEqualTo(new Row.Refused(2, "dept-twelve", List.of("dept_no: 'twelve' (expected: a whole number)")));
    }

    @Test
    void refusesTheSecondOfTwoRowsThatNameOneObject() {
        var row = rows.product(line(TEA), DEPARTMENTS);
        var again = rows.product(new CsvTable.Line(3, TEA, true), DEPARTMENTS);
        var group = Group.of("products", "retail.item", List.of(row, again));
        assertThat(group.rows().getFirst()).isEqualTo(row);
        assertThat(group.rows().getLast())
                .isEqualTo(new Row.Refused(3, "upc-0000000000016", List.of("an earlier row has the same number")));
    }

    private static Map<String, String> with(Map<String, String> other) {
        var row = new HashMap<>(TEA);
        row.putAll(other);
        return row;
    }

    private static CsvTable.Line line(Map<String, String> cells) {
        return new CsvTable.Line(2, cells, true);
    }

    private static Row.Taken taken(Row row) {
        assertThat(row).isInstanceOf(Row.Taken.class);
        return (Row.Taken) row;
    }
}
