package dev.storemesh.ops.importer;

import dev.storemesh.ops.importer.Remark.Kind;
import java.util.Currency;
import java.util.Optional;
import java.util.Set;

/// What a row of the sample catalog comes to. Pure.
final class SampleRows {
    static final Set<String> DEPARTMENT_COLUMNS = Set.of("number", "name");
    static final Set<String> PRODUCT_COLUMNS = Set.of(
            "barcode", "name", "brand", "size", "department", "price", "cost", "sold_by", "foodstamp", "tax", "tare");
    private static final Currency DOLLARS = Currency.getInstance("USD");

    private SampleRows() {}

    static Row department(CsvTable.Line line) {
        var number = line.cell("number").orElse("");
        var row = new RowMapper(line, "dept-" + number);
        row.whole("number", Definitions.DEPARTMENT_NUMBER);
        row.text("name", Definitions.DEPARTMENT_NAME, Set.of());
        return row.end(Definitions.DEPARTMENT);
    }

    static Row product(CsvTable.Line line, Set<String> departments) {
        var row = new RowMapper(line, "upc-" + line.cell("barcode").orElse(""));
        row.text("barcode", Definitions.ITEM_BARCODE, Set.of());
        row.text("name", Definitions.ITEM_NAME, Set.of());
        row.text("brand", Definitions.ITEM_BRAND, Set.of());
        row.text("size", Definitions.ITEM_SIZE, Set.of());
        row.price("price", Definitions.ITEM_PRICE, DOLLARS);
        row.knownMoney("cost", Definitions.ITEM_COST, DOLLARS);
        line.cell("department")
                .map(number -> "dept-" + number)
                .filter(departments::contains)
                .ifPresentOrElse(
                        token -> row.state(Definitions.ITEM_DEPARTMENT, new Value.Reference(token)),
                        () -> row.remark(
                                Kind.MISSING_DEPARTMENT, line.cell("department").orElse("")));
        row.value("sold_by", Definitions.ITEM_SOLD_BY_WEIGHT, text -> false, "each or lb", text -> switch (text) {
            case "each" -> Optional.of(new Value.Flag(false));
            case "lb" -> Optional.of(new Value.Flag(true));
            default -> Optional.empty();
        });
        row.flag("foodstamp", Definitions.ITEM_FOODSTAMP);
        row.whole("tax", Definitions.ITEM_TAX);
        row.decimal("tare", Definitions.ITEM_TARE);
        return row.end(Definitions.ITEM);
    }
}
