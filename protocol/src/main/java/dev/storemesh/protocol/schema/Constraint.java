package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.TypeName;
import java.util.Optional;

/// A rule about one attribute of the objects of `type` (without one: of all that carry it). `fromNowOn`: it was made
/// without a look at what stood already. `message` is what people are told, in the place of our own words.
public record Constraint(
        ConstraintName name,
        Optional<TypeName> type,
        DefinitionName definition,
        Rule rule,
        boolean fromNowOn,
        Optional<String> message) {
    /// Whether it rules objects of `candidate`.
    public boolean rules(TypeName candidate) {
        return type.map(candidate::equals).orElse(true);
    }
}
