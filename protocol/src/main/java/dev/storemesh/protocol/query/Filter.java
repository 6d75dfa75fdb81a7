package dev.storemesh.protocol.query;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Optional;

/// Which objects a query wants, as it was asked: names are not looked up yet, and literals have no type.
///
/// An object with several values of an attribute (a set, or values of several locations) matches if one of them does;
/// so `not` wants objects of which none does.
public sealed interface Filter {
    /// All of the parts; with none, every object.
    record And(List<Filter> parts) implements Filter {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /// At least one of the parts; with none, no object.
    record Or(List<Filter> parts) implements Filter {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(Filter part) implements Filter {}

    record OfType(TypeName type) implements Filter {}

    record Attribute(DefinitionName definition, Match match) implements Filter {}

    /// Refers to that object, by this attribute or by any.
    record References(Optional<DefinitionName> attribute, ObjectToken object) implements Filter {}

    /// Is referred to by that object or by any, through this attribute or any.
    record ReferencedBy(Optional<DefinitionName> attribute, Optional<ObjectToken> object) implements Filter {}

    /// What a value must be. Strings are compared by their folded text.
    sealed interface Match {
        record Equal(Literal value) implements Match {}

        record In(List<Literal> values) implements Match {
            public In {
                values = List.copyOf(values);
            }
        }

        /// At least one of the two, both inclusive. Money only within one currency.
        record Range(Optional<Literal> min, Optional<Literal> max) implements Match {}

        /// A string that begins so.
        record Prefix(String text) implements Match {}

        /// A string that has all words of the text, in any order.
        record Word(String text) implements Match {}

        /// Whether there is a value.
        record Exists(boolean wanted) implements Match {}
    }
}
