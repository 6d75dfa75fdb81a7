package dev.storemesh.protocol.query;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.object.ObjectView;
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

    boolean holds(ObjectView.Live view);

    record AllOf(List<Condition> parts) implements Condition {
        public AllOf {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean holds(ObjectView.Live view) {
            for (var part : parts) {
                if (!part.holds(view)) {
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
        public boolean holds(ObjectView.Live view) {
            for (var part : parts) {
                if (part.holds(view)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Not(Condition part) implements Condition {
        @Override
        public boolean holds(ObjectView.Live view) {
            return !part.holds(view);
        }
    }

    record OfType(TypeName type) implements Condition {
        @Override
        public boolean holds(ObjectView.Live view) {
            return view.type().equals(type);
        }
    }

    /// One of the values of the definition passes.
    record Holds(DefinitionName definition, Criterion criterion) implements Condition {
        @Override
        public boolean holds(ObjectView.Live view) {
            var rows = view.rows();
            for (var i = 0; i < rows.size(); i++) {
                var attribute = rows.get(i).attribute();
                if (attribute.definition().equals(definition) && criterion.passes(attribute.value())) {
                    return true;
                }
            }
            return false;
        }
    }

    record References(Optional<DefinitionName> definition, ObjectToken object) implements Condition {
        @Override
        public boolean holds(ObjectView.Live view) {
            for (var row : view.rows()) {
                if (Link.by(definition, row).filter(object::equals).isPresent()) {
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
        public boolean holds(ObjectView.Live view) {
            return targets.contains(view.object());
        }
    }

    /// Who refers to the objects that are wanted: an object, or any; through a definition, or any. Its targets are
    /// found in all partitions before the query is answered.
    record Link(Optional<DefinitionName> definition, Optional<ObjectToken> from) {
        Optional<ObjectToken> target(Row row) {
            return by(definition, row);
        }

        /// What a row refers to.
        static Optional<ObjectToken> by(Optional<DefinitionName> definition, Row row) {
            var attribute = row.attribute();
            return attribute.value() instanceof Value.Reference(var target)
                            && (definition.isEmpty() || definition.get().equals(attribute.definition()))
                    ? Optional.of(target)
                    : Optional.empty();
        }
    }
}
