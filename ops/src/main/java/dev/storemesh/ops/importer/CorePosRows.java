package dev.storemesh.ops.importer;

import dev.storemesh.ops.importer.Remark.Kind;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Currency;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a row of CORE-POS's tables `departments` and `products` comes to. Pure: no files, no network.
///
/// | column | attribute | read as |
/// |---|---|---|
/// | dept_no, dept_name | number, name | token `dept-<number>` |
/// | upc | barcode | as it stands, 13 digits without check digit; token `upc-<upc>` |
/// | description, brand, size | name, brand, size | as they stand; empty, and size `0`: none |
/// | normal_price | price | exact, in minor units; 0 and less are taken with a remark |
/// | cost, tareweight | cost, tare | 0: not known, none |
/// | department | department | reference; one that is missing is left out with a remark |
/// | scale, foodstamp, tax | soldByWeight, foodstamp, tax | tax is the number of CORE-POS's tax rate |
/// | modified | modifiedAt | local time of the shop; 1900-01-01 00:00:00 is CORE-POS's "never" |
final class CorePosRows {
    static final Set<String> DEPARTMENT_COLUMNS = Set.of("dept_no", "dept_name");
    static final Set<String> PRODUCT_COLUMNS = Set.of("upc", "description", "normal_price", "department");
    private static final Set<String> NEVER = Set.of("1900-01-01 00:00:00", "0000-00-00 00:00:00");
    private static final Pattern UPC = Pattern.compile("[A-Za-z0-9._~-]{1,60}");
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

    private final Currency currency;
    private final ZoneId zone;

    /// @param currency of all prices, which the files do not name
    /// @param zone of all times, which the files do not name either
    CorePosRows(Currency currency, ZoneId zone) {
        this.currency = currency;
        this.zone = zone;
    }

    Row department(CsvTable.Line line) {
        var text = line.cell("dept_no").map(String::strip).orElse("");
        var number = Decimals.parseWhole(text);
        var row = new RowMapper(line, "dept-" + number.map(String::valueOf).orElse(text));
        number.ifPresentOrElse(
                whole -> row.state(Definitions.DEPARTMENT_NUMBER, new Value.Whole(whole)),
                () -> row.refuse("dept_no: '" + text + "' (expected: a whole number)"));
        if (!row.text("dept_name", Definitions.DEPARTMENT_NAME, Set.of())) {
            row.remark(Kind.NO_NAME, "");
        }
        return row.end(Definitions.DEPARTMENT);
    }

    /// @param departments tokens of the departments that can be referred to
    Row product(CsvTable.Line line, Set<String> departments) {
        var upc = line.cell("upc").map(String::strip).orElse("");
        var row = new RowMapper(line, "upc-" + upc);
        if (UPC.matcher(upc).matches()) {
            row.state(Definitions.ITEM_BARCODE, new Value.Text(upc));
        } else {
            row.refuse("upc: '" + upc + "' (expected: 1 to 60 of A-Z a-z 0-9 . _ ~ -)");
        }
        if (!row.text("description", Definitions.ITEM_NAME, Set.of())) {
            row.remark(Kind.NO_NAME, "");
        }
        row.text("brand", Definitions.ITEM_BRAND, Set.of());
        row.text("size", Definitions.ITEM_SIZE, Set.of("0"));
        row.price("normal_price", Definitions.ITEM_PRICE, currency);
        row.knownMoney("cost", Definitions.ITEM_COST, currency);
        department(line, row, departments);
        row.flag("scale", Definitions.ITEM_SOLD_BY_WEIGHT);
        row.flag("foodstamp", Definitions.ITEM_FOODSTAMP);
        row.whole("tax", Definitions.ITEM_TAX);
        row.decimal("tareweight", Definitions.ITEM_TARE);
        row.value(
                "modified",
                Definitions.ITEM_MODIFIED_AT,
                NEVER::contains,
                "a time such as 2024-03-31 17:05:00",
                this::moment);
        return row.end(Definitions.ITEM);
    }

    private static void department(CsvTable.Line line, RowMapper row, Set<String> departments) {
        var text = line.cell("department").map(String::strip).orElse("");
        var token = Decimals.parseWhole(text).map(number -> "dept-" + number).filter(departments::contains);
        token.ifPresentOrElse(
                known -> row.state(Definitions.ITEM_DEPARTMENT, new Value.Reference(known)),
                () -> row.remark(Kind.MISSING_DEPARTMENT, text));
    }

    private Optional<Value> moment(String text) {
        try {
            return Optional.of(new Value.Moment(
                    LocalDateTime.parse(text, LOCAL).atZone(zone).toInstant()));
        } catch (DateTimeException e) {
            return Optional.empty(); // said as a remark
        }
    }
}
