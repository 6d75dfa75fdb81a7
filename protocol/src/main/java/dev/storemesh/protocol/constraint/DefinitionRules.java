package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Whether the rows that an object has still fit a definition that is to change.
final class DefinitionRules {
    private final Function<ObjectToken, Optional<TypeName>> typeOf;

    DefinitionRules(Function<ObjectToken, Optional<TypeName>> typeOf) {
        this.typeOf = typeOf;
    }

    /// One for each row that does not fit, and one for each slot with too many.
    Stream<Violation> judge(DefinitionName name, Optional<Definition> definition, Subject subject) {
        var rows = subject.rows(name).stream()
                .flatMap(row -> definition
                        .map(d -> misfit(d, subject, row))
                        .orElse(Optional.of("it would not be defined any more"))
                        .map(why ->
                                inUse(subject, row.slot(), why).with(row.value().literal()))
                        .stream());
        var slots = definition.filter(d -> !d.isSet()).stream()
                .flatMap(d -> subject.places(name).entrySet().stream())
                .filter(place -> place.getValue().size() > 1)
                .map(place -> inUse(
                        subject,
                        new Slot(name, place.getKey()),
                        "there are " + place.getValue().size() + " values, and it would have one only"));
        return Stream.concat(rows, slots);
    }

    private Optional<String> misfit(Definition definition, Subject subject, Attribute row) {
        if (row.value().type() != definition.type()) {
            return Optional.of("it would be of " + definition.type().wireName() + ", and the value is of "
                    + row.value().type().wireName());
        }
        if (!definition.isCarriedBy(subject.type())) {
            return Optional.of("objects of " + subject.type() + " would not carry it");
        }
        if (row.location().isPresent() && !definition.variesByLocation()) {
            return Optional.of("it would not vary by location");
        }
        return misfit(definition, row.value());
    }

    private Optional<String> misfit(Definition definition, Value value) {
        if (value instanceof Value.Text(var text)
                && text.getBytes(StandardCharsets.UTF_8).length > definition.maxBytes()) {
            return Optional.of("a value would have at most " + definition.maxBytes() + " bytes");
        }
        if (value instanceof Value.Reference(var target) && definition.target().isPresent()) {
            var type = typeOf.apply(target);
            return definition
                    .target()
                    .filter(expected -> !type.equals(definition.target()))
                    .map(expected -> "it would refer to objects of " + expected + " only");
        }
        return Optional.empty();
    }

    private static Violation inUse(Subject subject, Slot slot, String why) {
        return Violation.of(
                Code.DEFINITION_IN_USE,
                subject.object().text(),
                slot,
                "The object has a value of " + slot.definition() + ", but " + why + ".");
    }
}
