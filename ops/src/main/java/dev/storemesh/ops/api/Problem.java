package dev.storemesh.ops.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// An error answer of a node (RFC 9457 `application/problem+json`), and how to say it in one sentence.
public record Problem(int status, String code, String detail, List<Violation> violations, Optional<String> hint) {
    private static final int SHOWN = 5;

    /// One rule that one write broke.
    public record Violation(
            String code,
            Optional<String> object,
            Optional<String> attribute,
            Optional<String> location,
            Optional<String> message) {

        /// Such as `upc-0001 retail.item.price at store-1: a money value is needed (wrong_value_type)`.
        public String sentence() {
            var where = Stream.of(object, attribute, location.map(name -> "at " + name))
                    .flatMap(Optional::stream)
                    .collect(Collectors.joining(" "));
            var what = message.map(text -> text + " (" + code + ")").orElse(code);
            return where.isEmpty() ? what : where + ": " + what;
        }
    }

    public Problem {
        violations = List.copyOf(violations);
    }

    /// Reads a problem; what is absent or of another type counts as not said.
    static Problem of(int status, JsonNode body) {
        var violations = new ArrayList<Violation>();
        for (var each : body.path("violations")) {
            violations.add(new Violation(
                    text(each, "code").orElse("violation"),
                    text(each, "object"),
                    text(each, "attribute"),
                    text(each, "location"),
                    text(each, "message")));
        }
        for (var line : body.path("refused")) { // of an import
            var where = (line.has("line") ? "line " + line.path("line").asText() + ": " : "")
                    + text(line, "object").orElse("");
            violations.add(new Violation(
                    text(line, "code").orElse("refused"),
                    Optional.of(where),
                    Optional.empty(),
                    Optional.empty(),
                    text(line, "message")));
        }
        var detail = text(body, "detail").or(() -> text(body, "title")).orElse("no detail given");
        return new Problem(status, text(body, "code").orElse("unknown"), detail, violations, hint(body));
    }

    public String sentence() {
        var sentence = new StringBuilder(strip(detail))
                .append(" (")
                .append(status)
                .append(' ')
                .append(code);
        hint.ifPresent(text -> sentence.append(", ").append(text));
        sentence.append(')');
        if (!violations.isEmpty()) {
            sentence.append(": ")
                    .append(violations.stream()
                            .limit(SHOWN)
                            .map(Violation::sentence)
                            .collect(Collectors.joining("; ")));
        }
        if (violations.size() > SHOWN) {
            sentence.append("; and ").append(violations.size() - SHOWN).append(" more");
        }
        return sentence.toString();
    }

    private static Optional<String> hint(JsonNode body) {
        var parts = new ArrayList<String>();
        text(body, "field").ifPresent(field -> parts.add("field " + field));
        if (body.path("limit").isNumber()) {
            parts.add("limit " + body.path("limit").asText());
        }
        conflicts(body).ifPresent(parts::add);
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
    }

    private static Optional<String> conflicts(JsonNode body) {
        var conflicts = StreamSupport.stream(body.path("conflicts").spliterator(), false)
                .map(each -> text(each, "object").orElse("?") + " "
                        + text(each, "attribute").orElse("?")
                        + text(each, "location").map(name -> " at " + name).orElse("") + ": was "
                        + value(each, "base") + ", requested " + value(each, "requested") + ", now "
                        + value(each, "current"))
                .toList();
        return conflicts.isEmpty() ? Optional.empty() : Optional.of("conflicts: " + String.join("; ", conflicts));
    }

    private static String value(JsonNode conflict, String name) {
        return conflict.has(name) ? conflict.get(name).toString() : "nothing";
    }

    private static Optional<String> text(JsonNode node, String name) {
        return node.path(name).isTextual() ? Optional.of(node.path(name).asText()) : Optional.empty();
    }

    private static String strip(String detail) {
        return detail.endsWith(".") ? detail.substring(0, detail.length() - 1) : detail;
    }
}
