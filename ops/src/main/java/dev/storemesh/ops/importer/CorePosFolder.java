package dev.storemesh.ops.importer;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;

/// A folder with CORE-POS's tables `departments` and `products` as `departments.csv` and `products.csv`.
public final class CorePosFolder {
    private CorePosFolder() {}

    /// Reads and maps both files, departments first.
    ///
    /// @param currency of all prices
    /// @param zone of all times
    public static List<Group> read(Path folder, Currency currency, ZoneId zone) throws ImportException {
        var rows = new CorePosRows(currency, zone);
        var departmentTable = CsvTable.read(folder.resolve("departments.csv"), CorePosRows.DEPARTMENT_COLUMNS);
        var productTable = CsvTable.read(folder.resolve("products.csv"), CorePosRows.PRODUCT_COLUMNS);
        var departments = Group.of(
                "departments",
                Definitions.DEPARTMENT,
                departmentTable.lines().stream().map(rows::department).toList());
        var known = departments.tokens();
        var products = Group.of(
                "products",
                Definitions.ITEM,
                productTable.lines().stream()
                        .map(line -> rows.product(line, known))
                        .toList());
        return List.of(departments, products);
    }
}
