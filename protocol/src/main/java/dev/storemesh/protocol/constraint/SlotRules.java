package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Slot;
import java.util.Optional;
import java.util.stream.Stream;

/// The rules about which slots of one object have values, and how many.
final class SlotRules {
    private SlotRules() {}

    static Stream<Violation> judge(Schema schema, Constraint constraint, Subject subject) {
        return switch (constraint.rule()) {
            case Rule.Required required -> required(schema, constraint, required, subject);
            case Rule.Count count -> counted(constraint, count, subject);
            case Rule.Range range -> Stream.empty();
            case Rule.Length length -> Stream.empty();
            case Rule.Pattern pattern -> Stream.empty();
            case Rule.OneOf oneOf -> Stream.empty();
            case Rule.Unique unique -> Stream.empty();
            case Rule.Refer refer -> Stream.empty();
            case Rule.GlobalOnly globalOnly -> Stream.empty();
            case Rule.Decided decided -> Stream.empty();
        };
    }

    private static Stream<Violation> required(
            Schema schema, Constraint constraint, Rule.Required required, Subject subject) {
        var definition = constraint.definition();
        var places = subject.places(definition);
        if (places.containsKey(Optional.empty())) {
            return Stream.empty();
        }
        if (!required.perLocation()) {
            return Stream.of(Finding.of(
                    constraint,
                    Code.REQUIRED,
                    subject.object(),
                    new Slot(definition, Optional.empty()),
                    "The attribute " + definition + " must have a global value."));
        }
        return schema.locations(required.group()).stream()
                .map(Optional::of)
                .filter(place -> !places.containsKey(place))
                .map(place -> Finding.of(
                        constraint,
                        Code.REQUIRED,
                        subject.object(),
                        new Slot(definition, place),
                        "The attribute " + definition + " must have a value at " + place.get()
                                + ", its own or a global one."));
    }

    private static Stream<Violation> counted(Constraint constraint, Rule.Count count, Subject subject) {
        return subject.places(constraint.definition()).entrySet().stream()
                .flatMap(place -> outside(count, place.getValue().size()).stream()
                        .map(words -> Finding.of(
                                constraint,
                                Code.CARDINALITY,
                                subject.object(),
                                new Slot(constraint.definition(), place.getKey()),
                                "The attribute " + constraint.definition() + words)));
    }

    private static Optional<String> outside(Rule.Count count, int values) {
        if (count.min().filter(min -> values < min).isPresent()) {
            return Optional.of(" has " + values + " values (expected: at least "
                    + count.min().get() + ").");
        }
        return count.max()
                .filter(max -> values > max)
                .map(max -> " has " + values + " values (expected: at most " + max + ").");
    }
}
