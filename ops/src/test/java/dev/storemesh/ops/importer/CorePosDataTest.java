package dev.storemesh.ops.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.storemesh.ops.importer.Remark.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Real files of a real shop, which do not come with this project: `-Dstoremesh.data=FOLDER`, with `core-pos` in it.
final class CorePosDataTest {
    @Test
    void takesAllOfARealShopAndReportsWhatIsOdd() throws Exception {
        var folder = Path.of(System.getProperty("storemesh.data", "")).resolve("core-pos");
        if (!Files.isDirectory(folder)) {
            System.out.println("SKIPPED CorePosDataTest: there is no folder " + folder.toAbsolutePath()
                    + " (-Dstoremesh.data=FOLDER names the one that holds core-pos)");
            assumeTrue(false, "no real data at " + folder.toAbsolutePath());
        }
        var groups = CorePosFolder.read(folder, Currency.getInstance("USD"), ZoneOffset.UTC);
        var departments = taken(groups.get(0));
        var products = taken(groups.get(1));
        assertThat(departments).hasSize(247).allMatch(row -> row.remarks().isEmpty());
        assertThat(products).hasSize(6_650);
        var counts = new EnumMap<Kind, Integer>(Kind.class);
        products.forEach(row -> row.remarks().forEach(remark -> counts.merge(remark.kind(), 1, Integer::sum)));
        assertThat(counts)
                .containsOnly(
                        Map.entry(Kind.MISSING_DEPARTMENT, 63),
                        Map.entry(Kind.NEGATIVE_PRICE, 5),
                        Map.entry(Kind.ZERO_PRICE, 184),
                        Map.entry(Kind.NO_NAME, 7));
        assertThat(products)
                .filteredOn(row -> row.object().values().containsKey(Definitions.ITEM_NAME))
                .hasSize(6_643);
        assertThat(products)
                .filteredOn(row -> row.object().values().containsKey(Definitions.ITEM_COST))
                .hasSize(2_155);
        assertThat(products)
                .filteredOn(row -> row.object().values().containsKey(Definitions.ITEM_TARE))
                .hasSize(522);
        assertThat(products)
                .as("brand, size and time of change are placeholders in all rows")
                .noneMatch(row -> row.object().values().containsKey(Definitions.ITEM_BRAND)
                        || row.object().values().containsKey(Definitions.ITEM_SIZE)
                        || row.object().values().containsKey(Definitions.ITEM_MODIFIED_AT));
        assertThat(products.getFirst().object().values())
                .containsEntry(Definitions.ITEM_BARCODE, new Value.Text("0000000000016"))
                .containsEntry(Definitions.ITEM_NAME, new Value.Text("This is a test item"))
                .containsEntry(Definitions.ITEM_PRICE, new Value.Money(595, "USD"))
                .containsEntry(Definitions.ITEM_DEPARTMENT, new Value.Reference("dept-59"))
                .containsEntry(Definitions.ITEM_SOLD_BY_WEIGHT, new Value.Flag(true));
    }

    private static List<Row.Taken> taken(Group group) {
        var taken = new ArrayList<Row.Taken>();
        for (var row : group.rows()) {
            assertThat(row).isInstanceOf(Row.Taken.class);
            taken.add((Row.Taken) row);
        }
        return taken;
    }
}
