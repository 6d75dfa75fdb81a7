package dev.storemesh.protocol.model;

import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Delete;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Undelete;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// One write on a copy of the catalog, operation by operation: those on schema objects by the schema before it, the
/// others by the one that they leave.
final class ReferenceWrite {
    private final Function<String, Thing> lastSeen;
    private final Map<String, ObjectToken> names;
    private final Set<String> named = new HashSet<>();
    private final Set<String> touched = new HashSet<>();
    private final Map<String, Thing> deletedHere = new HashMap<>();
    private final ReferenceSchema former; // what goes with the write may still be unset by it
    private ReferenceSchema schema;

    final Map<String, Thing> after;
    final Set<Fault> faults = new HashSet<>();

    /// @param lastSeen an object when it was there last; a bare one without type if it never was
    /// @param names the tokens of the temporary names
    ReferenceWrite(
            Map<String, Thing> before,
            ReferenceSchema schema,
            Function<String, Thing> lastSeen,
            Map<String, ObjectToken> names) {
        this.former = schema;
        this.schema = schema;
        this.lastSeen = lastSeen;
        this.names = names;
        this.after = new TreeMap<>(before);
    }

    void carryOut(List<Operation> operations) {
        for (var ofSchema : List.of(true, false)) {
            for (var operation : operations) {
                var token = token(operation.object().text());
                if (token.startsWith("sys.") == ofSchema) {
                    carryOut(operation, token);
                }
            }
            readSchema(ofSchema
                    && operations.stream()
                            .anyMatch(operation ->
                                    token(operation.object().text()).startsWith("sys.")));
        }
    }

    private void readSchema(boolean changed) {
        schema = changed ? new ReferenceSchema(after) : schema;
    }

    private String token(String object) {
        var token = names.get(object);
        return token == null ? object : token.text();
    }

    private void carryOut(Operation operation, String token) {
        switch (operation) {
            case Put put -> put(put, token);
            case Delete delete -> {
                if (isThere(token)) {
                    deletedHere.put(token, thing(token));
                    after.remove(token);
                }
            }
            case Undelete undelete -> undelete(token);
            case Operation.Bring bring -> throw new IllegalArgumentException("bring: not in this model");
        }
    }

    private Thing thing(String token) {
        return Objects.requireNonNull(after.get(token));
    }

    private boolean isThere(String token) {
        if (!after.containsKey(token)) {
            faults.add(Fault.of("unknown_object", token));
        }
        return after.containsKey(token);
    }

    private void put(Put put, String token) {
        var makes = put.create()
                || put.object().text().startsWith("#") && named.add(put.object().text());
        if (makes ? create(put, token) : change(put, token)) {
            touched.add(token);
            after.put(token, thing(token).copy());
            checkDuplicates(put, token);
            for (var unsetting : put.unset()) {
                unset(unsetting, token);
            }
            for (var setting : put.set()) {
                set(setting, token);
            }
        }
    }

    private boolean create(Put put, String token) {
        var type = put.type().map(name -> name.text()).orElse("");
        var code = "";
        if (touched.contains(token) || !lastSeen.apply(token).type().isEmpty()) {
            code = "object_exists";
        } else if (type.isEmpty()) {
            code = "type_missing";
        } else if (!schema.types.contains(type)) {
            code = type.matches("sys\\.(change_request|store_sequence)") ? "reserved_type" : "unknown_type";
        } else if (ReferenceSchema.isSchema(type) != token.startsWith("sys.") || token.startsWith("cr-")) {
            code = "reserved_token";
        }
        if (!code.isEmpty()) {
            faults.add(Fault.of(code, token));
            return false;
        }
        after.put(token, Thing.bare(type));
        return true;
    }

    private boolean change(Put put, String token) {
        if (!isThere(token)) {
            return false;
        }
        var other = put.type().filter(type -> !type.text().equals(thing(token).type()));
        other.ifPresent(type -> faults.add(Fault.of("type_changed", token)));
        return other.isEmpty();
    }

    private void undelete(String token) {
        var seen = deletedHere.getOrDefault(token, lastSeen.apply(token));
        if (after.containsKey(token)) {
            faults.add(Fault.of("not_deleted", token));
        } else if (seen.type().isEmpty()) {
            faults.add(Fault.of("unknown_object", token));
        } else if (deletedHere.containsKey(token)) {
            after.put(token, seen);
        } else {
            bringBack(token, seen);
        }
    }

    /// Makes an object what it was; what it has not got now must fit the schema of today.
    void bringBack(String token, Thing seen) {
        touched.add(token);
        var now = after.get(token);
        if (now == null && !schema.types.contains(seen.type())) {
            faults.add(Fault.of("unknown_type", token));
        }
        seen.facts().forEach((fact, held) -> {
            if (now == null || !now.facts().containsKey(fact)) {
                checkReturning(token, seen, fact);
            }
        });
        after.put(token, seen.copy());
    }

    private void checkReturning(String token, Thing seen, Fact fact) {
        var held = Objects.requireNonNull(seen.facts().get(fact)).literal();
        if (!isAllowed(token, seen.type(), fact.definition(), fact.location())) {
            return;
        }
        var definition = Objects.requireNonNull(schema.definitions.get(fact.definition()));
        try {
            if (!Meanings.read(definition, held).equals(fact.meaning())) {
                faults.add(Fault.of("wrong_value_type", token, fact));
            }
        } catch (Meanings.NoValue e) {
            faults.add(Fault.of(
                    Meanings.type(fact.meaning()).equals(definition.valueType()) ? e.code : "wrong_value_type",
                    token,
                    fact));
        }
        if (!definition.many() && seen.slot(fact.definition(), fact.location()).size() > 1) {
            faults.add(Fault.of("cardinality", token, fact));
        }
    }

    /// Reverts: first what makes the schema, then the rest.
    void restore(Map<String, Thing> then, Set<String> tokens) {
        for (var ofSchema : List.of(true, false)) {
            for (var token : tokens) {
                if (token.startsWith("sys.") == ofSchema) {
                    var seen = then.get(token);
                    if (seen == null) {
                        after.remove(token);
                    } else {
                        bringBack(token, seen);
                    }
                }
            }
            readSchema(ofSchema && tokens.stream().anyMatch(token -> token.startsWith("sys.")));
        }
    }

    private void checkDuplicates(Put put, String token) {
        var seen = new HashSet<Object>();
        for (var unsetting : put.unset()) {
            checkDuplicate(
                    unsetting.slot(), unsetting.value().map(Object::toString).orElse(""), token, seen);
        }
        for (var setting : put.set()) {
            checkDuplicate(setting.slot(), setting.value().toString(), token, seen);
        }
    }

    private void checkDuplicate(Slot slot, String value, String token, Set<Object> seen) {
        var definition = schema.definitions.get(slot.definition().text());
        var many = definition != null && definition.many();
        if (!seen.add(many ? List.of(slot, value) : slot)) {
            faults.add(new Fault("duplicate_slot", token, slot.definition().text(), place(slot)));
        }
    }

    private static String place(Slot slot) {
        return slot.location().map(LocationId::text).orElse("");
    }

    private boolean isAllowed(String token, String type, String definition, String place) {
        var known = schema.definitions.get(definition);
        var code = "";
        if (known == null) {
            code = "unknown_attribute";
        } else if (!known.isCarriedBy(type)) {
            code = "attribute_not_of_type";
        } else if (!place.isEmpty() && !known.varies()) {
            code = "location_not_allowed";
        } else if (!place.isEmpty() && !schema.locations.containsKey(place)) {
            code = "unknown_location";
        }
        if (!code.isEmpty()) {
            faults.add(new Fault(code, token, definition, place));
        }
        return code.isEmpty();
    }

    private void unset(Operation.Unsetting unsetting, String token) {
        var slot = unsetting.slot();
        var thing = thing(token);
        var name = slot.definition().text();
        var goes = former.definitions.containsKey(name)
                && !thing.slot(name, place(slot)).isEmpty();
        if (!goes && !isAllowed(token, thing.type(), name, place(slot))) {
            return;
        }
        if (unsetting.value().isEmpty()) {
            thing.facts().keySet().removeIf(fact -> fact.definition().equals(name) && fact.isAt(place(slot)));
        } else {
            read(
                    goes ? former : schema,
                    slot,
                    unsetting.value().get(),
                    token,
                    fact -> thing.facts().remove(fact));
        }
    }

    private void set(Operation.Setting setting, String token) {
        var slot = setting.slot();
        var thing = thing(token);
        var name = slot.definition().text();
        if (!isAllowed(token, thing.type(), name, place(slot))) {
            return;
        }
        var many = Objects.requireNonNull(schema.definitions.get(name)).many();
        read(schema, slot, setting.value(), token, fact -> {
            if (!many) {
                thing.facts()
                        .keySet()
                        .removeIf(old -> !old.equals(fact) && old.definition().equals(name) && old.isAt(place(slot)));
            }
            thing.facts()
                    .putIfAbsent(
                            fact, new Thing.Held(Meanings.shown(fact.meaning(), resolved(name, setting.value())), 0));
        });
    }

    private void read(ReferenceSchema by, Slot slot, Literal literal, String token, Consumer<Fact> use) {
        var name = slot.definition().text();
        try {
            var definition = Objects.requireNonNull(by.definitions.get(name));
            use.accept(new Fact(name, place(slot), Meanings.read(definition, resolved(name, literal))));
        } catch (Meanings.NoValue e) {
            faults.add(new Fault(e.code, token, name, place(slot)));
        }
    }

    /// A reference may use a temporary name.
    private Literal resolved(String definition, Literal literal) {
        var known = schema.definitions.get(definition);
        return known != null && known.isReference() && literal instanceof Literal.Text(var text)
                ? new Literal.Text(token(text))
                : literal;
    }
}
