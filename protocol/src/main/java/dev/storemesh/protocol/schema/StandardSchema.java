package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The types, definitions and constraints that ship with Storemesh and are the same for all merchants. Only ever
/// added to: values of them stand in logs.
public final class StandardSchema {
    public static final TypeName ITEM = new TypeName("retail.item");
    public static final TypeName DEPARTMENT = new TypeName("retail.department");
    /// A change request as HQ records it.
    public static final TypeName CHANGE_REQUEST = new TypeName("sys.change_request");
    /// How far HQ has recorded the change requests of one store.
    public static final TypeName STORE_SEQUENCE = new TypeName("sys.store_sequence");

    /// A merchant's or an app's type of objects.
    public static final TypeName TYPE = new TypeName("sys.type");
    /// What one of its attributes means.
    public static final TypeName DEFINITION = new TypeName("sys.definition");

    public static final TypeName CONSTRAINT = new TypeName("sys.constraint");
    public static final TypeName LOCATION = new TypeName("sys.location");
    /// That an app's types, definitions and constraints are installed, and at which version of the app.
    public static final TypeName APP = new TypeName("sys.app");
    /// How HQ decides change requests where nobody looks at them.
    public static final TypeName DECISION_RULE = new TypeName("sys.decision_rule");

    /// Whether an object is there at a location; carried by objects of every type. Without a value it is.
    public static final DefinitionName ENABLED = new DefinitionName("sys.enabled");

    /// The bound of what servers write into bookkeeping objects: 1 MiB.
    public static final int BOOKKEEPING_BYTES = 1 << 20;

    public static final Schema SCHEMA = new Schema(
            Set.of(
                    ITEM,
                    DEPARTMENT,
                    CHANGE_REQUEST,
                    STORE_SEQUENCE,
                    TYPE,
                    DEFINITION,
                    CONSTRAINT,
                    LOCATION,
                    APP,
                    DECISION_RULE),
            definitions(),
            constraints(),
            List.of());

    private StandardSchema() {}

    /// Whether a name is the standard's: nobody else makes anything under it.
    public static boolean isStandard(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("sys.") || lower.startsWith("retail.");
    }

    private static List<Definition> definitions() {
        var all = new ArrayList<Definition>();
        all.addAll(retail());
        all.addAll(bookkeeping());
        all.addAll(schema());
        return all;
    }

    private static List<Definition> retail() {
        var all = new ArrayList<Definition>();
        all.add(plain(DEPARTMENT, "name", ValueType.STRING));
        all.add(plain(DEPARTMENT, "number", ValueType.INTEGER));
        for (var name : List.of("name", "barcode", "brand", "size", "note")) {
            all.add(plain(ITEM, name, ValueType.STRING));
        }
        all.add(varying(ITEM, "price", ValueType.MONEY, Definition.CLIENT_BYTES));
        all.add(plain(ITEM, "cost", ValueType.MONEY));
        all.add(new Definition(
                name(ITEM, "department"),
                Optional.of(ITEM),
                ValueType.REFERENCE,
                Cardinality.ONE,
                false,
                Optional.of(DEPARTMENT),
                Definition.CLIENT_BYTES));
        all.add(plain(ITEM, "soldByWeight", ValueType.BOOLEAN));
        all.add(plain(ITEM, "foodstamp", ValueType.BOOLEAN));
        all.add(plain(ITEM, "tax", ValueType.INTEGER));
        all.add(plain(ITEM, "tare", ValueType.DECIMAL));
        all.add(plain(ITEM, "modifiedAt", ValueType.INSTANT));
        all.add(new Definition(
                ENABLED,
                Optional.empty(),
                ValueType.BOOLEAN,
                Cardinality.ONE,
                true,
                Optional.empty(),
                Definition.CLIENT_BYTES));
        return all;
    }

    private static List<Definition> bookkeeping() {
        var all = new ArrayList<Definition>();
        for (var name : List.of(
                "status",
                "store",
                "operations",
                "requester",
                "requesterRole",
                "reason",
                "decidedBy",
                "decisionReason",
                "violations",
                "overridden",
                "withdraws")) {
            all.add(varying(CHANGE_REQUEST, name, ValueType.STRING, BOOKKEEPING_BYTES));
        }
        for (var name : List.of("touches", "waitsFor", "comment")) {
            all.add(new Definition(
                    name(CHANGE_REQUEST, name),
                    Optional.of(CHANGE_REQUEST),
                    ValueType.STRING,
                    Cardinality.MANY,
                    true,
                    Optional.empty(),
                    BOOKKEEPING_BYTES));
        }
        for (var name : List.of("epoch", "sequence", "base", "appliedIn")) {
            all.add(varying(CHANGE_REQUEST, name, ValueType.INTEGER, BOOKKEEPING_BYTES));
        }
        for (var name : List.of("queuedAt", "recordedAt", "decidedAt")) {
            all.add(varying(CHANGE_REQUEST, name, ValueType.INSTANT, BOOKKEEPING_BYTES));
        }
        all.add(varying(STORE_SEQUENCE, "epoch", ValueType.INTEGER, BOOKKEEPING_BYTES));
        all.add(varying(STORE_SEQUENCE, "sequence", ValueType.INTEGER, BOOKKEEPING_BYTES));
        return all;
    }

    private static List<Definition> schema() {
        var all = new ArrayList<Definition>();
        for (var name : List.of("name", "description")) {
            all.add(plain(TYPE, name, ValueType.STRING));
        }
        for (var name : List.of("name", "type", "valueType", "cardinality", "target", "description")) {
            all.add(plain(DEFINITION, name, ValueType.STRING));
        }
        all.add(plain(DEFINITION, "variesByLocation", ValueType.BOOLEAN));
        all.add(plain(DEFINITION, "maxBytes", ValueType.INTEGER));
        for (var name : List.of(
                "name",
                "kind",
                "type",
                "definition",
                "pattern",
                "group",
                "onDelete",
                "target",
                "message",
                "authority")) {
            all.add(plain(CONSTRAINT, name, ValueType.STRING));
        }
        all.add(plain(CONSTRAINT, "min", ValueType.DECIMAL));
        all.add(plain(CONSTRAINT, "max", ValueType.DECIMAL));
        all.add(plain(CONSTRAINT, "perLocation", ValueType.BOOLEAN));
        all.add(plain(CONSTRAINT, "fromNowOn", ValueType.BOOLEAN));
        all.add(set(CONSTRAINT, "value"));
        for (var name : List.of("id", "kind", "name", "timeZone", "currency", "group", "store")) {
            all.add(plain(LOCATION, name, ValueType.STRING));
        }
        all.add(plain(APP, "name", ValueType.STRING));
        all.add(plain(APP, "version", ValueType.INTEGER));
        for (var name : List.of("name", "decision", "type", "attribute", "description")) {
            all.add(plain(DECISION_RULE, name, ValueType.STRING));
        }
        for (var name : List.of("definition", "store", "role", "value")) {
            all.add(set(DECISION_RULE, name));
        }
        all.add(plain(DECISION_RULE, "order", ValueType.INTEGER));
        all.add(plain(DECISION_RULE, "withinPercent", ValueType.DECIMAL));
        all.add(plain(DECISION_RULE, "conflicts", ValueType.BOOLEAN));
        return all;
    }

    private static List<Constraint> constraints() {
        return List.of(unique(ITEM, "barcode"), unique(DEPARTMENT, "number"));
    }

    private static Constraint unique(TypeName carrier, String name) {
        return new Constraint(
                new ConstraintName(carrier + "." + name + ".unique"),
                Optional.of(carrier),
                name(carrier, name),
                new Rule.Unique(false),
                true, // logs from before there were constraints may hold others
                Optional.empty());
    }

    private static Definition set(TypeName carrier, String name) {
        return new Definition(
                name(carrier, name),
                Optional.of(carrier),
                ValueType.STRING,
                Cardinality.MANY,
                false,
                Optional.empty(),
                Definition.CLIENT_BYTES);
    }

    private static Definition plain(TypeName carrier, String name, ValueType type) {
        return definition(carrier, name, type, false, Definition.CLIENT_BYTES);
    }

    private static Definition varying(TypeName carrier, String name, ValueType type, int maxBytes) {
        return definition(carrier, name, type, true, maxBytes);
    }

    private static Definition definition(
            TypeName carrier, String name, ValueType type, boolean variesByLocation, int maxBytes) {
        return new Definition(
                name(carrier, name),
                Optional.of(carrier),
                type,
                Cardinality.ONE,
                variesByLocation,
                Optional.empty(),
                maxBytes);
    }

    /// The name of a definition of a standard type: `retail.item` and `price` make `retail.item.price`.
    public static DefinitionName name(TypeName carrier, String name) {
        return new DefinitionName(carrier + "." + name);
    }
}
