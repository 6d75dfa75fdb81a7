package dev.storemesh.protocol.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The types, definitions and constraints that every catalog has, written down once more.
final class StandardDefs {
    static final long BYTES = 65536;
    static final Set<String> TYPES = Set.of(
            "retail.item",
            "retail.department",
            "sys.type",
            "sys.definition",
            "sys.constraint",
            "sys.location",
            "sys.app");
    static final List<Law> LAWS = List.of(
            unique("retail.item", "retail.item.barcode"), unique("retail.department", "retail.department.number"));
    static final Map<String, Def> ALL = all();

    private StandardDefs() {}

    private static Law unique(String type, String definition) {
        return new Law(definition + ".unique", "unique", type, definition, true, Map.of());
    }

    private static Map<String, Def> all() {
        var all = new LinkedHashMap<String, Def>();
        add(all, "retail.department", "string", "name");
        add(all, "retail.department", "integer", "number");
        add(all, "retail.item", "string", "name", "barcode", "brand", "size", "note");
        add(all, "retail.item", "money", "cost");
        add(all, "retail.item", "boolean", "soldByWeight", "foodstamp");
        add(all, "retail.item", "integer", "tax");
        add(all, "retail.item", "decimal", "tare");
        add(all, "retail.item", "instant", "modifiedAt");
        put(all, new Def("retail.item.price", "retail.item", "money", false, true, "", BYTES));
        put(
                all,
                new Def(
                        "retail.item.department",
                        "retail.item",
                        "reference",
                        false,
                        false,
                        "retail.department",
                        BYTES));
        put(all, new Def("sys.enabled", "", "boolean", false, true, "", BYTES));
        add(all, "sys.type", "string", "name", "description");
        add(all, "sys.definition", "string", "name", "type", "valueType", "cardinality", "target", "description");
        add(all, "sys.definition", "boolean", "variesByLocation");
        add(all, "sys.definition", "integer", "maxBytes");
        add(all, "sys.constraint", "string", "name", "kind", "type", "definition", "pattern", "group", "onDelete");
        add(all, "sys.constraint", "string", "target", "message");
        add(all, "sys.constraint", "decimal", "min", "max");
        add(all, "sys.constraint", "boolean", "perLocation", "fromNowOn");
        put(all, new Def("sys.constraint.value", "sys.constraint", "string", true, false, "", BYTES));
        add(all, "sys.location", "string", "id", "kind", "name", "timeZone", "currency", "group", "store");
        add(all, "sys.app", "string", "name");
        add(all, "sys.app", "integer", "version");
        return all;
    }

    private static void add(Map<String, Def> all, String carrier, String valueType, String... names) {
        for (var name : new TreeSet<>(Set.of(names))) {
            put(all, new Def(carrier + "." + name, carrier, valueType, false, false, "", BYTES));
        }
    }

    private static void put(Map<String, Def> all, Def definition) {
        all.put(definition.name(), definition);
    }
}
