package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.TypeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What schema objects stand for, each with the object that says so, and what is wrong with the others. In the order
/// of their tokens.
final class SchemaReading {
    /// A type, definition … and its source.
    record Read<T>(SchemaFields fields, T value) {}

    private final List<SchemaFields> all;
    private final List<Read<TypeName>> types = new ArrayList<>();
    private final List<Read<Definition>> definitions = new ArrayList<>();
    private final List<Read<Constraint>> constraints = new ArrayList<>();
    private final List<Read<Location>> locations = new ArrayList<>();
    private final List<Read<DecisionRule>> decisionRules = new ArrayList<>();
    private final Map<DefinitionName, Definition> ownDefinitions = new HashMap<>();

    SchemaReading(Collection<SchemaObject> objects) {
        all = objects.stream()
                .sorted(Comparator.comparing(SchemaObject::token))
                .map(SchemaFields::new)
                .toList();
        all.forEach(this::read);
        for (var fields : all) {
            if (fields.object().type().equals(StandardSchema.CONSTRAINT)) {
                add(constraints, fields, new ConstraintReader(fields, this::definition).read());
            } else if (fields.object().type().equals(StandardSchema.DECISION_RULE)) {
                add(decisionRules, fields, new DecisionRuleReader(fields, this::definition).read());
            }
        }
    }

    /// All but constraints and decision rules, which need the definitions.
    private void read(SchemaFields fields) {
        var type = fields.object().type();
        if (type.equals(StandardSchema.TYPE)) {
            add(types, fields, fields.need("name", TypeName::new));
        } else if (type.equals(StandardSchema.DEFINITION)) {
            var definition = new DefinitionReader(fields).read();
            add(definitions, fields, definition);
            definition.ifPresent(d -> ownDefinitions.putIfAbsent(d.name(), d));
        } else if (type.equals(StandardSchema.LOCATION)) {
            add(locations, fields, new LocationReader(fields).read());
        } else if (type.equals(StandardSchema.APP)) {
            readApp(fields);
        }
    }

    private static void readApp(SchemaFields fields) {
        fields.need("name", TypeName::new); // a dotted name, too
        if (fields.whole("version").filter(version -> version >= 1).isEmpty()) {
            fields.refuse(Code.INVALID_SCHEMA, "version", "The version of the app is not a number from 1.");
        }
    }

    private static <T> void add(List<Read<T>> all, SchemaFields fields, Optional<T> value) {
        value.ifPresent(v -> all.add(new Read<>(fields, v)));
    }

    private Optional<Definition> definition(DefinitionName name) {
        return StandardSchema.SCHEMA.definition(name).or(() -> Optional.ofNullable(ownDefinitions.get(name)));
    }

    List<SchemaFields> all() {
        return all;
    }

    List<Read<Definition>> definitions() {
        return definitions;
    }

    List<Read<Constraint>> constraints() {
        return constraints;
    }

    List<Read<DecisionRule>> decisionRules() {
        return decisionRules;
    }

    /// With the standard ones, which come first.
    Schema schema() {
        return new Schema(
                with(StandardSchema.SCHEMA.types(), types),
                with(StandardSchema.SCHEMA.definitions(), definitions),
                with(StandardSchema.SCHEMA.constraints(), constraints),
                with(StandardSchema.SCHEMA.locations(), locations),
                with(StandardSchema.SCHEMA.decisionRules(), decisionRules));
    }

    private static <T> List<T> with(Collection<T> standard, List<Read<T>> own) {
        var both = new ArrayList<>(standard);
        own.forEach(read -> both.add(read.value()));
        return both;
    }
}
