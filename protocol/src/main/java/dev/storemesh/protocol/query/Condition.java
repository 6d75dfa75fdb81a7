package dev.storemesh.protocol.query;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.object.SeenObject;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A [Filter] that makes sense: names are known, and values are of their attributes' types. Loops by hand, since
/// every object that a query looks at passes here.
sealed interface Condition {
    /// Stands where there was a fault; never asked.
    Condition NEVER = new AnyOf(List.of());

    boolean holds(SeenObject object);

    record AllOf(List<Condition> parts) implements Condition {
        public AllOf {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean holds(SeenObject object) {
            for (var part : parts) {
                if (!part.holds(object)) {
                    return false;
                }
            }
            return true;
        }
    }

    record AnyOf(List<Condition> parts) implements Condition {
        public AnyOf {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean holds(SeenObject object) {
            for (var part : parts) {
                if (part.holds(object)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Not(Condition part) implements Condition {
        @Override
        public boolean holds(SeenObject object) {
            return !part.holds(object);
        }
    }

    record OfType(TypeName type) implements Condition {
        @Override
        public boolean holds(SeenObject object) {
            return object.type().equals(type);
        }
    }

    /// One of the values of the definition passes.
    record Holds(DefinitionName definition, Criterion criterion) implements Condition {
        @Override
        public boolean holds(SeenObject object) {
            var attributes = object.attributes();
            for (var i = 0; i < attributes.size(); i++) {
                var attribute = attributes.get(i);
                if (attribute.definition().equals(definition) && criterion.passes(attribute.value())) {
                    return true;
                }
            }
            return false;
        }
    }

    record References(Optional<DefinitionName> definition, ObjectToken target) implements Condition {
        @Override
        public boolean holds(SeenObject object) {
            for (var attribute : object.attributes()) {
                if (Link.by(definition, attribute).filter(target::equals).isPresent()) {
                    return true;
                }
            }
            return false;
        }
    }

    /// Is the target of a link; which objects are was found out before.
    record Linked(Link link, Set<ObjectToken> targets) implements Condition {
        public Linked {
            targets = Set.copyOf(targets);
        }

        @Override
        public boolean holds(SeenObject object) {
            return targets.contains(object.object());
        }
    }

    /// Who refers to the objects that are wanted: an object, or any; through a definition, or any. Its targets are
    /// found in all partitions before the query is answered.
    record Link(Optional<DefinitionName> definition, Optional<ObjectToken> from) {
        Optional<ObjectToken> target(Row row) {
            return by(definition, row.attribute());
        }

        /// What an attribute refers to.
        static Optional<ObjectToken> by(Optional<DefinitionName> definition, Attribute attribute) {
            return attribute.value() instanceof Value.Reference(var target)
                            && (definition.isEmpty() || definition.get().equals(attribute.definition()))
                    ? Optional.of(target)
                    : Optional.empty();
        }
    }
}
