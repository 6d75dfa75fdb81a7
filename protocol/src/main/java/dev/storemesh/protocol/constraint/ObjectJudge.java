package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Judges an object at the end of a write by what the write changed of it.
final class ObjectJudge {
    private final Schema schema;
    private final ReferenceRules references;
    private final UniqueRules unique;
    private final Map<TypeName, Set<DefinitionName>> required = new HashMap<>();

    ObjectJudge(Schema schema, Surroundings end) {
        this.schema = schema;
        this.references = new ReferenceRules(schema, end::type);
        this.unique = new UniqueRules(end);
    }

    Stream<Violation> judge(Edit edit) {
        var before = edit.before().orElse(List.of());
        var after = edit.after().orElse(List.of());
        var set = without(after, before);
        var touched = new TreeSet<DefinitionName>();
        set.forEach(row -> touch(row, touched));
        without(before, after).forEach(row -> touch(row, touched));
        if (edit.before().isEmpty()) {
            touched.addAll(required(edit.type()));
        }
        if (touched.isEmpty()) {
            return Stream.empty();
        }
        var subject = Subject.of(edit);
        Predicate<Attribute> isSet = before.isEmpty() ? row -> true : Set.copyOf(set)::contains;
        return touched.stream()
                .flatMap(name -> schema.definition(name).stream())
                .flatMap(definition -> judge(definition, subject, isSet));
    }

    /// Most attributes refer to nothing and are under no constraint.
    private void touch(Attribute row, Set<DefinitionName> touched) {
        if (row.value() instanceof Value.Reference
                || !schema.constraintsOn(row.definition()).isEmpty()) {
            touched.add(row.definition());
        }
    }

    private static Collection<Attribute> without(List<Attribute> rows, List<Attribute> others) {
        if (rows.isEmpty() || others.isEmpty()) {
            return rows;
        }
        var left = new LinkedHashSet<>(rows);
        others.forEach(left::remove);
        return left;
    }

    private Stream<Violation> judge(Definition definition, Subject subject, Predicate<Attribute> isSet) {
        var rows = subject.rows(definition.name()).stream().filter(isSet).toList();
        var constraints = schema.constraintsOn(definition.name());
        var refers = rows.stream().anyMatch(row -> row.value() instanceof Value.Reference);
        return Stream.concat(
                refers ? rows.stream().flatMap(row -> references.judge(definition, subject, row)) : Stream.empty(),
                constraints.stream()
                        .filter(constraint -> constraint.rules(subject.type()))
                        .flatMap(constraint -> judge(constraint, subject, rows)));
    }

    private Stream<Violation> judge(Constraint constraint, Subject subject, List<Attribute> rows) {
        return Stream.of(
                        rows.stream().flatMap(row -> RowRules.judge(constraint, subject.object(), row).stream()),
                        rows.stream().flatMap(row -> references.judge(constraint, subject, row).stream()),
                        SlotRules.judge(schema, constraint, subject),
                        unique.judge(constraint, subject))
                .flatMap(found -> found);
    }

    /// The attributes that objects of a type must have.
    private Set<DefinitionName> required(TypeName type) {
        return required.computeIfAbsent(type, t -> {
            var names = new HashSet<DefinitionName>();
            for (var constraint : schema.constraints()) {
                if (constraint.rule() instanceof Rule.Required && reaches(schema, constraint, t)) {
                    names.add(constraint.definition());
                }
            }
            return names;
        });
    }

    /// Whether a constraint rules objects of a type that may have no row of its definition.
    static boolean reaches(Schema schema, Constraint constraint, TypeName type) {
        return constraint.rules(type)
                && schema.definition(constraint.definition())
                        .filter(definition -> definition.isCarriedBy(type))
                        .isPresent();
    }
}
