package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.TypeName;
import java.util.Optional;
import java.util.function.Function;

/// Makes a constraint of an object of `sys.constraint`, if it fits the definition that it rules.
final class ConstraintReader {
    private final SchemaFields fields;
    private final Function<DefinitionName, Optional<Definition>> definitions;

    ConstraintReader(SchemaFields fields, Function<DefinitionName, Optional<Definition>> definitions) {
        this.fields = fields;
        this.definitions = definitions;
    }

    /// Empty if anything is wrong with it; the fields say what.
    Optional<Constraint> read() {
        var name = fields.need("name", ConstraintName::new);
        var kind = fields.need("kind", SchemaWords.of(RuleKind.class, RuleKind::wireName));
        var type = fields.read("type", TypeName::new);
        var definition = fields.need("definition", DefinitionName::new).flatMap(this::known);
        if (name.isEmpty() || kind.isEmpty() || definition.isEmpty()) {
            return Optional.empty();
        }
        checkFit(kind.get(), type, definition.get());
        var rule = new RuleReader(fields, definition.get()).read(kind.get());
        return rule.filter(r -> fields.isSound())
                .map(r -> new Constraint(
                        name.get(),
                        type,
                        definition.get().name(),
                        r,
                        fields.flag("fromNowOn"),
                        fields.text("message")));
    }

    private Optional<Definition> known(DefinitionName name) {
        var definition = definitions.apply(name);
        if (definition.isEmpty()) {
            fields.refuse(Code.UNKNOWN_ATTRIBUTE, "definition", "There is no definition " + name + ".");
        }
        return definition;
    }

    private void checkFit(RuleKind kind, Optional<TypeName> type, Definition definition) {
        if (!kind.rules(definition.type())) {
            refuse(
                    "kind",
                    "A " + kind.wireName() + " constraint cannot rule " + definition.name() + ", whose values are of "
                            + definition.type().wireName() + ".");
        }
        type.filter(t -> !definition.isCarriedBy(t))
                .ifPresent(t -> refuse("type", "Objects of " + t + " do not carry " + definition.name() + "."));
        if (definition.carrier().filter(TypeName::isBookkeeping).isPresent()) {
            refuse("definition", "The attribute " + definition.name() + " is written by servers only.");
        }
        fields.names().stream()
                .filter(field -> !kind.knows(field))
                .sorted()
                .forEach(field ->
                        refuse(field, "A " + kind.wireName() + " constraint has nothing to do with " + field + "."));
    }

    private void refuse(String field, String message) {
        fields.refuse(Code.INVALID_CONSTRAINT, field, message);
    }
}
