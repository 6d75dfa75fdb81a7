package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ValueType;
import java.util.List;
import java.util.Optional;

/// The standard schema as declarations, as a merchant's own would read.
public final class StandardDeclarations {
    private StandardDeclarations() {}

    /// All of one kind, in order of name. There are no standard locations, apps or decision rules.
    public static List<Declaration> all(SchemaKind kind) {
        var schema = StandardSchema.SCHEMA;
        return switch (kind) {
            case TYPE ->
                schema.types().stream()
                        .map(type -> Declaration.of(kind, type.text()))
                        .toList();
            case DEFINITION ->
                schema.definitions().stream().map(StandardDeclarations::of).toList();
            case CONSTRAINT ->
                schema.constraints().stream().map(StandardDeclarations::of).toList();
            case LOCATION, APP, DECISION_RULE -> List.of();
        };
    }

    static Declaration of(Definition definition) {
        var declaration = Declaration.of(
                        SchemaKind.DEFINITION, definition.name().text())
                .with("valueType", definition.type().wireName());
        declaration = with(declaration, "type", definition.carrier().map(Object::toString));
        declaration = with(declaration, "target", definition.target().map(Object::toString));
        if (definition.isSet()) {
            declaration =
                    declaration.with("cardinality", definition.cardinality().wireName());
        }
        if (definition.type() == ValueType.STRING && definition.maxBytes() != Definition.CLIENT_BYTES) {
            declaration = declaration.with("maxBytes", new Literal.Whole(definition.maxBytes()));
        }
        return flag(declaration, "variesByLocation", definition.variesByLocation());
    }

    static Declaration of(Constraint constraint) {
        var declaration = Declaration.of(
                        SchemaKind.CONSTRAINT, constraint.name().text())
                .with("kind", constraint.rule().kind())
                .with("definition", constraint.definition().text());
        declaration = with(declaration, "type", constraint.type().map(Object::toString));
        declaration = with(declaration, "message", constraint.message());
        return ruled(flag(declaration, "fromNowOn", constraint.fromNowOn()), constraint.rule());
    }

    private static Declaration ruled(Declaration declaration, Rule rule) {
        return switch (rule) {
            case Rule.Required(var perLocation, var group) ->
                with(flag(declaration, "perLocation", perLocation), "group", group);
            case Rule.Count(var min, var max) ->
                with(with(declaration, "min", min.map(String::valueOf)), "max", max.map(String::valueOf));
            case Rule.Range(var min, var max) ->
                with(
                        with(declaration, "min", min.map(number -> number.toPlainString())),
                        "max",
                        max.map(number -> number.toPlainString()));
            case Rule.Length(var min, var max) ->
                with(with(declaration, "min", min.map(String::valueOf)), "max", max.map(String::valueOf));
            case Rule.Pattern(var regex) -> declaration.with("pattern", regex);
            case Rule.OneOf(var values) ->
                declaration.with(
                        "value",
                        values.stream()
                                .map(value -> text(value.literal()))
                                .sorted()
                                .map(Literal.Text::new)
                                .toArray(Literal[]::new));
            case Rule.Unique(var perLocation) -> flag(declaration, "perLocation", perLocation);
            case Rule.Refer(var target, var onDelete) ->
                with(declaration, "target", target.map(Object::toString)).with("onDelete", onDelete.wireName());
            case Rule.GlobalOnly() -> declaration;
            case Rule.Decided(var by) -> declaration.with("authority", by.wireName());
        };
    }

    private static String text(Literal literal) {
        return switch (literal) {
            case Literal.Text(var text) -> text;
            case Literal.Whole(var number) -> String.valueOf(number);
            case Literal.Flag(var flag) -> String.valueOf(flag);
            case Literal.Amount amount ->
                throw new IllegalArgumentException("values: an amount of money (expected: no constraint lists one)");
        };
    }

    private static Declaration with(Declaration declaration, String attribute, Optional<String> text) {
        return text.map(value -> declaration.with(attribute, value)).orElse(declaration);
    }

    private static Declaration flag(Declaration declaration, String attribute, boolean flag) {
        return flag ? declaration.with(attribute, new Literal.Flag(true)) : declaration;
    }
}
