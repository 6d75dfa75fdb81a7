package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a constraint demands of an attribute.
public sealed interface Rule {
    /// The name of its kind in JSON.
    default String kind() {
        return switch (this) {
            case Required required -> "required";
            case Count count -> "cardinality";
            case Range range -> "range";
            case Length length -> "length";
            case Pattern pattern -> "pattern";
            case OneOf oneOf -> "one_of";
            case Unique unique -> "unique";
            case Refer refer -> "reference";
            case GlobalOnly globalOnly -> "global_only";
            case Decided decided -> "authority";
        };
    }

    /// There is a global value; or, `perLocation`, each location (of `group`) sees one, its own or the global one.
    record Required(boolean perLocation, Optional<String> group) implements Rule {}

    /// A slot that has values has so many; both bounds are allowed.
    record Count(Optional<Long> min, Optional<Long> max) implements Rule {}

    /// Integers, decimals, and amounts in minor units; both bounds are allowed.
    record Range(Optional<BigDecimal> min, Optional<BigDecimal> max) implements Rule {}

    /// Of a string, in Unicode code points; both bounds are allowed.
    record Length(Optional<Long> min, Optional<Long> max) implements Rule {}

    /// The whole string matches; `regex` is of the subset that RE2 and ECMAScript share.
    record Pattern(String regex) implements Rule {}

    record OneOf(Set<Value> values) implements Rule {
        public OneOf {
            values = Set.copyOf(values);
        }
    }

    /// No two objects hold the same value anywhere; or, `perLocation`, show the same one in one place's view.
    record Unique(boolean perLocation) implements Rule {}

    /// The target is there, and is of `target`; what happens to the reference when the target is deleted.
    record Refer(Optional<TypeName> target, OnDelete onDelete) implements Rule {}

    /// No location has a value of its own.
    record GlobalOnly() implements Rule {}

    /// Who decides about it. No value breaks it: it says what becomes of a store's write.
    record Decided(Authority by) implements Rule {}

    /// In JSON in lower case. In this order the later one wins, where several constraints rule one definition.
    enum OnDelete {
        /// The rows that refer to the target end.
        CLEAR,
        /// The objects that refer to the target are deleted, too.
        CASCADE,
        /// The target stays as long as anything refers to it.
        BLOCK;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
