package dev.storemesh.ops.importer;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// The catalog of a small grocery of our own invention: 12 departments, about 300 items, prices in US dollars.
/// No product or brand in it is real, and its licence is the project's own; barcodes are of the range that GS1 leaves
/// to shops (prefix 2).
public final class SampleCatalog {
    private SampleCatalog() {}

    /// Reads and maps it, departments first.
    public static List<Group> read() throws ImportException {
        var departments = Group.of(
                "departments",
                Definitions.DEPARTMENT,
                table("departments.csv", SampleRows.DEPARTMENT_COLUMNS).lines().stream()
                        .map(SampleRows::department)
                        .toList());
        var known = departments.tokens();
        var products = Group.of(
                "products",
                Definitions.ITEM,
                table("products.csv", SampleRows.PRODUCT_COLUMNS).lines().stream()
                        .map(line -> SampleRows.product(line, known))
                        .toList());
        return List.of(departments, products);
    }

    private static CsvTable table(String name, Set<String> columns) throws ImportException {
        try (var stream = SampleCatalog.class.getResourceAsStream("/dev/storemesh/ops/sample/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("sample/" + name + " is missing from this build");
            }
            return CsvTable.read("sample " + name, new InputStreamReader(stream, StandardCharsets.UTF_8), columns);
        } catch (IOException e) {
            throw new ImportException("sample " + name + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
