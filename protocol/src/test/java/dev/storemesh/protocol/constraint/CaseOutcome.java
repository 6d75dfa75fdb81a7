package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What became of a case's write: the live objects, schema objects left out, before and after it, by token.
sealed interface CaseOutcome {
    Map<String, Standing> before();

    Map<String, Standing> after();

    /// Which definitions there are at the end.
    Schema schema();

    record Accepted(Map<String, Standing> before, Map<String, Standing> after, Schema schema) implements CaseOutcome {
        public Accepted {
            before = Map.copyOf(before);
            after = Map.copyOf(after);
        }
    }

    /// `tokens`: what the case calls `@kind:name`. `violations` may be the first of `count`.
    record Refused(
            Map<String, Standing> before,
            Map<String, Standing> after,
            Schema schema,
            Map<String, String> tokens,
            List<Violation> violations,
            long count)
            implements CaseOutcome {
        public Refused {
            before = Map.copyOf(before);
            after = Map.copyOf(after);
            tokens = Map.copyOf(tokens);
            violations = List.copyOf(violations);
        }
    }

    /// How a live object stands.
    record Standing(TypeName type, Set<Attribute> rows) {
        public Standing {
            rows = Set.copyOf(rows);
        }
    }
}
