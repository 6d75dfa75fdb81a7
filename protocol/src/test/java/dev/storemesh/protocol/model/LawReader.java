package dev.storemesh.protocol.model;

import dev.storemesh.protocol.value.Literal;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Which constraints fit which definitions.
final class LawReader {
    private static final Map<String, Set<String>> PARAMETERS = Map.of(
            "required", Set.of("perLocation", "group"),
            "cardinality", Set.of("min", "max"),
            "range", Set.of("min", "max"),
            "length", Set.of("min", "max"),
            "pattern", Set.of("pattern"),
            "one_of", Set.of("value"),
            "unique", Set.of("perLocation"),
            "reference", Set.of("target", "onDelete"),
            "global_only", Set.of());
    private static final Set<String> COMMON = Set.of("name", "kind", "type", "definition", "fromNowOn", "message");
    private static final String BAD = "invalid_constraint";

    private final SchemaFacts facts;
    private final Def definition;

    private LawReader(SchemaFacts facts, Def definition) {
        this.facts = facts;
        this.definition = definition;
    }

    /// Whether it is one; else the facts have been refused.
    static boolean isLaw(SchemaFacts facts, Map<String, Def> definitions) {
        var named = facts.need("name", SchemaFacts::isName);
        var kind = facts.need("kind", PARAMETERS::containsKey);
        facts.check("type", SchemaFacts::isName);
        var defined = facts.need("definition", SchemaFacts::isName);
        var definition = definitions.get(facts.text("definition"));
        facts.refuseIf(defined && definition == null, "unknown_attribute", "definition");
        if (named && kind && definition != null) {
            new LawReader(facts, definition).check();
        }
        return named && kind && defined && facts.isSound();
    }

    private void check() {
        var kind = facts.text("kind");
        facts.refuseIf(!fits(kind, definition.valueType()), BAD, "kind");
        facts.refuseIf(
                SchemaFacts.isName(facts.text("type")) && !definition.isCarriedBy(facts.text("type")), BAD, "type");
        for (var field : facts.fields().keySet()) {
            var known = COMMON.contains(field)
                    || PARAMETERS.getOrDefault(kind, Set.of()).contains(field);
            facts.refuseIf(!known, BAD, field);
        }
        switch (kind) {
            case "required" -> facts.refuseIf(facts.has("group") && !facts.flag("perLocation"), BAD, "group");
            case "cardinality" -> checkCount();
            case "length" -> checkLength();
            case "range" -> checkRange();
            case "pattern" -> facts.refuseIf(!facts.has("pattern") || !compiles(facts.text("pattern")), BAD, "pattern");
            case "one_of" -> checkChoices();
            case "reference" -> checkReference();
            default -> {}
        }
    }

    private static boolean fits(String kind, String valueType) {
        return switch (kind) {
            case "range" -> Set.of("integer", "decimal", "money").contains(valueType);
            case "length", "pattern" -> valueType.equals("string");
            case "one_of" -> !valueType.equals("money");
            case "reference" -> valueType.equals("reference");
            default -> true;
        };
    }

    private static boolean compiles(String regex) {
        try {
            Pattern.compile(regex);
            return !regex.contains("(?=");
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private void checkCount() {
        checkWhole(1);
        checkBounds();
        for (var field : Set.of("min", "max")) {
            facts.refuseIf(
                    !definition.many() && facts.has(field) && number(field).compareTo(BigDecimal.ONE) > 0, BAD, field);
        }
    }

    private void checkLength() {
        checkWhole(0);
        checkBounds();
    }

    private void checkRange() {
        if (definition.valueType().equals("money")) {
            checkWhole(Long.MIN_VALUE);
        }
        checkBounds();
    }

    private BigDecimal number(String field) {
        return new BigDecimal(facts.text(field));
    }

    private void checkWhole(long least) {
        for (var field : Set.of("min", "max")) {
            facts.refuseIf(
                    facts.has(field)
                            && (number(field).stripTrailingZeros().scale() > 0
                                    || number(field).compareTo(BigDecimal.valueOf(least)) < 0),
                    BAD,
                    field);
        }
    }

    private void checkBounds() {
        facts.refuseIf(!facts.has("min") && !facts.has("max"), BAD, "min");
        facts.refuseIf(facts.has("min") && facts.has("max") && number("min").compareTo(number("max")) > 0, BAD, "max");
    }

    private void checkChoices() {
        facts.refuseIf(!facts.has("value"), BAD, "value");
        for (var text : facts.all("value")) {
            facts.refuseIf(!isChoice(definition, text), BAD, "value");
        }
    }

    private static boolean isChoice(Def definition, String text) {
        try {
            choice(definition, text);
            return true;
        } catch (Meanings.NoValue e) {
            return false;
        }
    }

    /// What a listed text means.
    static String choice(Def definition, String text) throws Meanings.NoValue {
        return Meanings.read(definition, literal(definition.valueType(), text));
    }

    private static Literal literal(String valueType, String text) {
        return switch (valueType) {
            case "integer" ->
                text.matches("0|-?[1-9][0-9]{0,14}") ? new Literal.Whole(Long.parseLong(text)) : new Literal.Text(text);
            case "boolean" ->
                text.matches("true|false") ? new Literal.Flag(Boolean.parseBoolean(text)) : new Literal.Text(text);
            default -> new Literal.Text(text);
        };
    }

    private void checkReference() {
        facts.check("target", SchemaFacts::isName);
        facts.check("onDelete", Set.of("block", "clear", "cascade")::contains);
        facts.refuseIf(
                SchemaFacts.isName(facts.text("target"))
                        && !definition.target().isEmpty()
                        && !definition.target().equals(facts.text("target")),
                BAD,
                "target");
    }
}
