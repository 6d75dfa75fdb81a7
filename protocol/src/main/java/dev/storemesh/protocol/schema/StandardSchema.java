package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The types and definitions that ship with Storemesh and are the same for all merchants. Only ever added to: values
/// of them stand in logs.
public final class StandardSchema {
    public static final TypeName ITEM = new TypeName("retail.item");
    public static final TypeName DEPARTMENT = new TypeName("retail.department");
    /// A change request as HQ records it.
    public static final TypeName CHANGE_REQUEST = new TypeName("sys.change_request");
    /// How far HQ has recorded the change requests of one store.
    public static final TypeName STORE_SEQUENCE = new TypeName("sys.store_sequence");

    /// The bound of what servers write into bookkeeping objects: 1 MiB.
    public static final int BOOKKEEPING_BYTES = 1 << 20;

    public static final Schema SCHEMA =
            new Schema(Set.of(ITEM, DEPARTMENT, CHANGE_REQUEST, STORE_SEQUENCE), definitions());

    private StandardSchema() {}

    private static List<Definition> definitions() {
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
                ITEM,
                ValueType.REFERENCE,
                false,
                Optional.of(DEPARTMENT),
                Definition.CLIENT_BYTES));
        all.add(plain(ITEM, "soldByWeight", ValueType.BOOLEAN));
        all.add(plain(ITEM, "foodstamp", ValueType.BOOLEAN));
        all.add(plain(ITEM, "tax", ValueType.INTEGER));
        all.add(plain(ITEM, "tare", ValueType.DECIMAL));
        all.add(plain(ITEM, "modifiedAt", ValueType.INSTANT));
        for (var name : List.of(
                "status", "store", "operations", "requester", "reason", "decidedBy", "decisionReason", "violations")) {
            all.add(varying(CHANGE_REQUEST, name, ValueType.STRING, BOOKKEEPING_BYTES));
        }
        for (var name : List.of("epoch", "sequence", "base")) {
            all.add(varying(CHANGE_REQUEST, name, ValueType.INTEGER, BOOKKEEPING_BYTES));
        }
        for (var name : List.of("queuedAt", "recordedAt", "decidedAt")) {
            all.add(varying(CHANGE_REQUEST, name, ValueType.INSTANT, BOOKKEEPING_BYTES));
        }
        all.add(varying(STORE_SEQUENCE, "epoch", ValueType.INTEGER, BOOKKEEPING_BYTES));
        all.add(varying(STORE_SEQUENCE, "sequence", ValueType.INTEGER, BOOKKEEPING_BYTES));
        return all;
    }

    private static Definition plain(TypeName carrier, String name, ValueType type) {
        return new Definition(name(carrier, name), carrier, type, false, Optional.empty(), Definition.CLIENT_BYTES);
    }

    private static Definition varying(TypeName carrier, String name, ValueType type, int maxBytes) {
        return new Definition(name(carrier, name), carrier, type, true, Optional.empty(), maxBytes);
    }

    /// The name of a definition of a standard type: `retail.item` and `price` make `retail.item.price`.
    public static DefinitionName name(TypeName carrier, String name) {
        return new DefinitionName(carrier + "." + name);
    }
}
