package dev.storemesh.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TourTest {
    private static final Tour.Item TEA = new Tour.Item("upc-1", "Tea", 350, "USD", 42);
    private static final List<String> LINES =
            Tour.text(DescriptionTest.DEMO, TEA).lines().toList();

    @Test
    void namesEverySite() {
        assertThat(LINES).anyMatch(line -> line.contains("HQ") && line.contains("8080") && line.contains("process 1"));
        assertThat(LINES).anyMatch(line -> line.contains("store-1") && line.contains("8081"));
        assertThat(LINES).anyMatch(line -> line.contains("store-2") && line.contains("8082"));
    }

    @Test
    void goesFromHqToAStoreAndBackAndToTheOldPrice() {
        assertThat(curls())
                .satisfiesExactly(
                        line -> assertThat(line).contains("smt_editor", ":8080", "/objects/upc-1'"),
                        line -> assertThat(line).contains("smt_one", ":8081", "/objects/upc-1'"),
                        line -> assertThat(line).contains("smt_one", ":8081", "/writes", "\"amount\":375", "\"USD\""),
                        line -> assertThat(line).contains("smt_approver", ":8080", "status=waiting"),
                        line -> assertThat(line).contains("smt_approver", ":8080", "/approve?catalog=demo"),
                        line -> assertThat(line).contains("smt_one", ":8081", "/objects/upc-1'"),
                        line -> assertThat(line).contains("smt_two", ":8082", "/objects/upc-1'"),
                        line -> assertThat(line).contains("smt_one", ":8081", "/objects/upc-1?version=42'"),
                        line -> assertThat(line).contains("smt_one", ":8081", "/writes", "\"amount\":-1,"));
    }

    @Test
    void saysPricesAsPeopleDo() {
        assertThat(LINES).anyMatch(line -> line.contains("\"Tea\", now 3.50 USD"));
    }

    @Test
    void leavesNothingToFillIn() {
        assertThat(curls()).noneMatch(line -> line.contains("<") || line.contains("…") || line.contains("$TOKEN"));
    }

    @Test
    void showsAnItemWithItsGlobalPrice() throws Exception {
        var object = new ObjectMapper().readTree("""
                        {"object": "upc-1", "type": "retail.item", "version": 7, "attributes": [
                          {"attribute": "retail.item.price", "location": "store-1",
                           "value": {"amount": 1, "currency": "EUR"}, "version": 7},
                          {"attribute": "retail.item.name", "value": "Tea", "version": 7},
                          {"attribute": "retail.item.price", "value": {"amount": 350, "currency": "USD"}, "version": 7}]}
                        """);
        assertThat(Tour.Item.find(object, 42)).contains(TEA);
    }

    @Test
    void passesOverAnItemWithoutAGlobalPrice() throws Exception {
        assertThat(Tour.Item.find(new ObjectMapper().readTree("{\"object\": \"upc-1\", \"attributes\": []}"), 42))
                .isEmpty();
    }

    private static List<String> curls() {
        return LINES.stream().filter(line -> line.contains("curl ")).toList();
    }
}
