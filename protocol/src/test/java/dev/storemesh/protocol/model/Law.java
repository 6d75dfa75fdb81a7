package dev.storemesh.protocol.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A constraint: its parameters by their names, as they were written.
record Law(
        String name, String kind, String type, String definition, boolean fromNowOn, Map<String, List<String>> fields) {
    boolean rules(String candidate) {
        return type.isEmpty() || type.equals(candidate);
    }

    boolean perLocation() {
        return text("perLocation").equals("true");
    }

    String text(String field) {
        return fields.getOrDefault(field, List.of("")).getFirst();
    }

    Optional<BigDecimal> number(String field) {
        return text(field).isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(text(field)));
    }

    boolean holds(BigDecimal number) {
        return number("min").map(min -> number.compareTo(min) >= 0).orElse(true)
                && number("max").map(max -> number.compareTo(max) <= 0).orElse(true);
    }

    boolean holds(long number) {
        return holds(BigDecimal.valueOf(number));
    }

    String onDelete() {
        return text("onDelete").isEmpty() ? "block" : text("onDelete");
    }
}
