package dev.storemesh.ops.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class SampleCatalogTest {
    @Test
    void isAWholeSmallGrocery() throws Exception {
        var groups = SampleCatalog.read();
        assertThat(groups).extracting(Group::what).containsExactly("departments", "products");
        assertThat(taken(groups.get(0))).hasSize(12);
        assertThat(taken(groups.get(1))).hasSizeBetween(290, 330);
    }

    @Test
    void givesEveryItemAUsualShopBarcodeNamePriceCostAndDepartment() throws Exception {
        var groups = SampleCatalog.read();
        for (var item : taken(groups.get(1))) {
            assertThat(item.remarks()).as("row %s", item.number()).isEmpty();
            var values = item.object().values();
            assertThat(values)
                    .containsKeys(
                            Definitions.ITEM_NAME,
                            Definitions.ITEM_SOLD_BY_WEIGHT,
                            Definitions.ITEM_FOODSTAMP,
                            Definitions.ITEM_TAX);
            assertThat(groups.get(0).tokens()).contains(text(item, Definitions.ITEM_DEPARTMENT));
            var barcode = text(item, Definitions.ITEM_BARCODE);
            assertThat(barcode).matches("2\\d{12}");
            assertThat(checkSum(barcode)).as(barcode).isZero();
            var price = (Value.Money) value(item, Definitions.ITEM_PRICE);
            var cost = (Value.Money) value(item, Definitions.ITEM_COST);
            assertThat(cost.amount()).isPositive().isLessThan(price.amount());
        }
    }

    @Test
    void sellsSomethingInEveryDepartment() throws Exception {
        var groups = SampleCatalog.read();
        assertThat(taken(groups.get(1)))
                .extracting(item -> text(item, Definitions.ITEM_DEPARTMENT))
                .containsAll(groups.get(0).tokens());
    }

    private static String text(Row.Taken item, String definition) {
        return value(item, definition).json().asText();
    }

    private static Value value(Row.Taken item, String definition) {
        return Objects.requireNonNull(item.object().values().get(definition), definition);
    }

    /// GS1 General Specifications, section 7.9: weights 1 and 3 from the left of 13 digits; 0 modulo 10 is right.
    private static int checkSum(String barcode) {
        var sum = 0;
        for (var i = 0; i < barcode.length(); i++) {
            sum += (barcode.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return sum % 10;
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
