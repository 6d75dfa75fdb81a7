package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Rule.OnDelete;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The rules about references: what they may refer to, and what becomes of them.
final class ReferenceRules {
    private final Schema schema;
    private final Function<ObjectToken, Optional<TypeName>> typeOf;

    ReferenceRules(Schema schema, Function<ObjectToken, Optional<TypeName>> typeOf) {
        this.schema = schema;
        this.typeOf = typeOf;
    }

    /// Judges a row of a definition that no `reference` constraint rules; others are left alone.
    Stream<Violation> judge(Definition definition, Subject subject, Attribute row) {
        return ruling(definition.name(), subject.type()).isEmpty()
                ? problem(definition.target(), row).stream()
                        .map(p -> Violation.of(p.code(), subject.object().text(), row.slot(), p.words())
                                .with(row.value().literal()))
                : Stream.empty();
    }

    /// Judges a row by one constraint.
    Optional<Violation> judge(Constraint constraint, Subject subject, Attribute row) {
        return constraint.rule() instanceof Rule.Refer(var target, var onDelete)
                ? problem(target.or(() -> target(row.definition())), row)
                        .map(p -> Finding.of(constraint, p.code(), subject.object(), row, p.words()))
                : Optional.empty();
    }

    private Optional<TypeName> target(DefinitionName definition) {
        return schema.definition(definition).flatMap(Definition::target);
    }

    private record Problem(Code code, String words) {}

    private Optional<Problem> problem(Optional<TypeName> expected, Attribute row) {
        if (!(row.value() instanceof Value.Reference(var target))) {
            return Optional.empty();
        }
        var found = typeOf.apply(target);
        if (found.isEmpty()) {
            return Optional.of(new Problem(
                    Code.UNKNOWN_REFERENCE,
                    "The attribute " + row.definition() + " refers to " + target + ", which is not there."));
        }
        var type = found.get();
        return expected.filter(e -> !e.equals(type))
                .map(e -> new Problem(
                        Code.WRONG_REFERENCE_TYPE,
                        "The attribute " + row.definition() + " refers to " + target + ", which is of " + type
                                + " (expected: of " + e + ")."));
    }

    /// The constraint that says what becomes of a reference when its target is deleted; without one it blocks.
    Optional<Constraint> deciding(DefinitionName definition, TypeName type) {
        return ruling(definition, type).stream().max(Comparator.comparing(ReferenceRules::onDelete));
    }

    static OnDelete onDelete(Optional<Constraint> deciding) {
        return deciding.map(ReferenceRules::onDelete).orElse(OnDelete.BLOCK);
    }

    private static OnDelete onDelete(Constraint constraint) {
        return constraint.rule() instanceof Rule.Refer(var target, var onDelete) ? onDelete : OnDelete.BLOCK;
    }

    private List<Constraint> ruling(DefinitionName definition, TypeName type) {
        return schema.constraintsOn(definition).stream()
                .filter(constraint -> constraint.rule() instanceof Rule.Refer && constraint.rules(type))
                .toList();
    }
}
