package dev.storemesh.protocol.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.query.Bounded;
import dev.storemesh.protocol.query.Plan;
import dev.storemesh.protocol.query.Queries;
import dev.storemesh.protocol.query.QueryCompiler;
import dev.storemesh.protocol.query.QueryCompiler.Compiled;
import dev.storemesh.protocol.query.QueryJson;
import dev.storemesh.protocol.query.Targets;
import java.util.List;
import java.util.Optional;

/// Queries are refused as the caller's mistake, have faults, or have an answer in a shop.
public final class QueriesFuzz {
    private static final CatalogBench SHOP = shop();

    private QueriesFuzz() {}

    private static CatalogBench shop() {
        var shop = CatalogBench.made();
        shop.write(
                Samples.department("drinks", Samples.set(Samples.DEPARTMENT_NAME, Samples.text("Drinks"))),
                Samples.item(
                        "tea",
                        Samples.set(Samples.NAME, Samples.text("Green Tea")),
                        Samples.set(Samples.PRICE, Samples.cents(350)),
                        Samples.set("store-1", Samples.PRICE, Samples.cents(375)),
                        Samples.set(Samples.IN_DEPARTMENT, Samples.text("drinks"))));
        return shop;
    }

    static List<byte[]> seeds() {
        return FuzzSeeds.texts("""
                {"filter":{"and":[{"type":"retail.item"},{"attribute":"retail.item.department","equal":"drinks"},\
                {"not":{"attribute":"retail.item.note","exists":true}}]},"sort":[{"attribute":"retail.item.price",\
                "order":"desc"}],"limit":50,"total":true}""", """
                {"filter":{"or":[{"attribute":"retail.item.name","word":"tea"},{"attribute":"retail.item.name",\
                "prefix":"gre"},{"attribute":"retail.item.tax","in":[1,2]},{"attribute":"retail.item.price",\
                "range":{"min":{"amount":1,"currency":"USD"}}}]},"location":"store-1",\
                "attributes":["retail.item.name"],"facets":[{"attribute":"retail.item.department","limit":20}]}""", """
                {"filter":{"and":[{"references":{"attribute":"retail.item.department","object":"drinks"}},\
                {"referencedBy":{"object":"tea"}}]}}""");
    }

    public static void fuzzerInitialize() {
        FuzzSeeds.write(seeds(), QueriesFuzz::fuzzerTestOneInput);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        JsonNode node;
        try {
            node = Json.parse(input);
        } catch (MalformedInput e) {
            return; // JsonFuzz's
        }
        try {
            var query = QueryJson.read(Fields.of(node));
            if (QueryCompiler.compile(query, SHOP.standing().schemas().now()) instanceof Compiled.Ready(var plan)) {
                answer(plan);
            }
        } catch (MalformedInput e) {
            // what the caller is told
        }
    }

    private static void answer(Plan plan) {
        var objects = SHOP.partition().objects();
        if (Queries.targets(objects, plan, SHOP.head()) instanceof Bounded.Within<Targets>(var targets)) {
            Queries.part(objects, plan.with(targets), SHOP.head(), Optional.empty());
        }
    }
}
