package dev.storemesh.protocol.schema;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/// Makes a schema of schema objects, and says what is wrong with them.
public final class SchemaRules {
    private SchemaRules() {}

    /// The schema that the objects make, and all that is wrong with them.
    public record Judged(Schema schema, List<Violation> violations) {
        public Judged {
            violations = List.copyOf(violations);
        }
    }

    /// Judges the schema objects of a catalog as a write leaves them.
    ///
    /// @param foreign whether a name lies in a namespace that is somebody else's than the writer's
    public static Judged judge(
            Collection<SchemaObject> before, Collection<SchemaObject> after, Predicate<String> foreign) {
        throw new UnsupportedOperationException();
    }

    /// The schema that stands in a log: standard and own. What is not well formed is passed over.
    public static Schema read(Collection<SchemaObject> objects) {
        throw new UnsupportedOperationException();
    }
}
