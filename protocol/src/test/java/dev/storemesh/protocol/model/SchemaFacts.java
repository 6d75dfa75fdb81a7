package dev.storemesh.protocol.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The attributes of one schema object by the last part of their names, as texts.
final class SchemaFacts {
    private static final String NAME = "[a-z][A-Za-z0-9_]*(\\.[a-z][A-Za-z0-9_]*)+";

    private final String token;
    private final String type;
    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private final Set<Fault> faults;
    private boolean sound = true;

    /// @param faults takes what is found wrong
    SchemaFacts(String token, Thing thing, Set<Fault> faults) {
        this.token = token;
        this.type = thing.type();
        this.faults = faults;
        for (var fact : thing.facts().keySet()) {
            if (fact.definition().startsWith(type + ".")) {
                fields.computeIfAbsent(fact.definition().substring(type.length() + 1), field -> new ArrayList<>())
                        .add(Meanings.text(fact.meaning()));
            }
        }
    }

    static boolean isName(String text) {
        return text.matches(NAME);
    }

    Map<String, List<String>> fields() {
        return fields;
    }

    boolean isSound() {
        return sound;
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    List<String> all(String field) {
        return fields.getOrDefault(field, List.of());
    }

    String text(String field) {
        return all(field).stream().findFirst().orElse("");
    }

    boolean flag(String field) {
        return text(field).equals("true");
    }

    void refuse(String code, String field) {
        sound = false;
        faults.add(new Fault(code, token, type + "." + field, ""));
    }

    void refuseIf(boolean wrong, String code, String field) {
        if (wrong) {
            refuse(code, field);
        }
    }

    /// Refuses what is there and is not of the form; whether it is there and well.
    boolean check(String field, Predicate<String> form) {
        if (has(field) && !form.test(text(field))) {
            refuse("invalid_schema", field);
            return false;
        }
        return has(field);
    }

    boolean need(String field, Predicate<String> form) {
        refuseIf(!has(field), "invalid_schema", field);
        return check(field, form);
    }
}
