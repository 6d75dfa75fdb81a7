package dev.storemesh.protocol.write;

import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Operation.Bring;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What judging the lines of an import will ask for. Its steps are long: they are judged once, when that is known. A
/// guess is enough, for what it misses is asked for later, and what it asks for in vain does no harm.
final class Foresight {
    private final Schema schema;
    private final Fetched.Round round;
    private final Set<DefinitionName> unique;
    private final Set<Lookup> missing = new LinkedHashSet<>();

    private Foresight(Schema schema, Fetched.Round round) {
        this.schema = schema;
        this.round = round;
        this.unique = schema.constraints().stream()
                .filter(constraint -> constraint.rule() instanceof Rule.Unique)
                .map(Constraint::definition)
                .collect(Collectors.toSet());
    }

    /// The objects of the lines, those they refer to, and who else holds what must be unique, as far as the round does
    /// not know them.
    static Set<Lookup> of(List<Operation> lines, Schema schema, Fetched.Round round) {
        var foresight = new Foresight(schema, round);
        for (var line : lines) {
            if (line instanceof Bring bring) {
                foresight.look(bring);
            }
        }
        return foresight.missing;
    }

    private void look(Bring bring) {
        if (bring.object() instanceof ObjectRef.Known(var token)) {
            head(token);
        }
        for (var setting : bring.set()) {
            var name = setting.slot().definition();
            var isUnique = unique.contains(name);
            if (isUnique || schema.isReference(name)) {
                schema.definition(name)
                        .flatMap(definition -> value(definition, setting.value()))
                        .ifPresent(value -> {
                            if (value instanceof Value.Reference(var target)) {
                                head(target);
                            }
                            if (isUnique) {
                                holders(new Lookup.Holders(name, value));
                            }
                        });
            }
        }
    }

    private void head(ObjectToken token) {
        if (round.head(token).isEmpty()) {
            missing.add(new Lookup.Head(token));
        }
    }

    private void holders(Lookup.Holders lookup) {
        if (round.set(lookup).isEmpty()) {
            missing.add(lookup);
        }
    }

    /// Empty: it will be refused.
    private static Optional<Value> value(Definition definition, Literal literal) {
        try {
            return Optional.of(definition.read(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
