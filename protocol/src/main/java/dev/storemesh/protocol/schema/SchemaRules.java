package dev.storemesh.protocol.schema;

import java.util.ArrayList;
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

    /// Judges the schema objects of a catalog as a write leaves them. What is wrong with one of them is told in the
    /// order of their tokens; the schema is that of those which are well formed.
    ///
    /// @param foreign whether a name lies in a namespace that is somebody else's than the writer's
    public static Judged judge(
            Collection<SchemaObject> before, Collection<SchemaObject> after, Predicate<String> foreign) {
        var old = new SchemaReading(before);
        old.all().forEach(fields -> fields.faults().clear());
        var reading = new SchemaReading(after);
        var names = new SchemaNames(old.all(), foreign);
        reading.all().stream()
                .filter(fields -> isOfItsOwn(fields) && !names.isChanged(fields))
                .forEach(fields -> fields.faults().clear());
        var schema = reading.schema();
        new SchemaReferences(schema).check(reading);
        new PatternWork(schema).check(reading);
        names.check(reading.all());
        var violations = new ArrayList<Violation>();
        reading.all().forEach(fields -> violations.addAll(fields.faults()));
        old.all().forEach(fields -> violations.addAll(fields.faults())); // of those that were deleted
        return new Judged(schema, violations);
    }

    /// Whether nothing that it depends on is in the catalog. What was sound once stays so, even if the list of time
    /// zones is another by now.
    private static boolean isOfItsOwn(SchemaFields fields) {
        var type = fields.object().type();
        return type.equals(StandardSchema.LOCATION) || type.equals(StandardSchema.APP);
    }

    /// The schema that stands in a log: standard and own. What is not well formed is passed over.
    public static Schema read(Collection<SchemaObject> objects) {
        return new SchemaReading(objects).schema();
    }
}
