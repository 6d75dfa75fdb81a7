package dev.storemesh.protocol.write;

import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.Operation.Bring;
import dev.storemesh.protocol.write.Operation.Delete;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Operation.Undelete;
import dev.storemesh.protocol.write.Operation.Unsetting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Gives the temporary names of one write their tokens.
public final class TemporaryNames {
    private TemporaryNames() {}

    /// A token for each name that some `put` is about, in order of first use. Those of schema objects begin with
    /// [ObjectToken#SCHEMA_PREFIX].
    ///
    /// @param ulids makes them
    public static Map<String, ObjectToken> assign(List<Operation> operations, Supplier<String> ulids) {
        var names = new LinkedHashMap<String, ObjectToken>();
        for (var operation : operations) {
            if (operation instanceof Put put && put.object() instanceof ObjectRef.Temporary(var name)) {
                var prefix = put.type().filter(TypeName::isSchema).isPresent() ? ObjectToken.SCHEMA_PREFIX : "";
                names.computeIfAbsent(name, unused -> new ObjectToken(prefix + ulids.get()));
            }
        }
        return names;
    }

    /// The same operations by tokens alone, references included. The first `put` of a name makes the object. What
    /// names nothing stays as it is, for the decider to refuse.
    public static List<Operation> resolve(List<Operation> operations, Map<String, ObjectToken> names, Schema schema) {
        var made = new HashSet<String>();
        var resolved = new ArrayList<Operation>(operations.size());
        for (var operation : operations) {
            resolved.add(
                    switch (operation) {
                        case Put put -> resolve(put, names, schema, made);
                        case Delete(var object, var ifVersion) -> new Delete(resolve(object, names), ifVersion);
                        case Bring bring -> bring; // names nothing but tokens
                        case Undelete(var object, var ifVersion) -> new Undelete(resolve(object, names), ifVersion);
                    });
        }
        return resolved;
    }

    /// The same violations, each object by the name that the request gave it.
    public static List<Violation> unresolve(List<Violation> violations, Map<String, ObjectToken> names) {
        var given = new HashMap<String, String>();
        names.forEach((name, token) -> given.put(token.text(), name));
        return violations.stream()
                .map(violation -> violation.about(given.getOrDefault(violation.object(), violation.object())))
                .toList();
    }

    private static Put resolve(Put put, Map<String, ObjectToken> names, Schema schema, Set<String> made) {
        var makes = put.object() instanceof ObjectRef.Temporary(var name) && made.add(name);
        var set = put.set().stream()
                .map(setting -> new Setting(
                        setting.slot(), resolve(setting.slot().definition(), setting.value(), names, schema)))
                .toList();
        var unset = put.unset().stream()
                .map(unsetting -> new Unsetting(
                        unsetting.slot(),
                        unsetting.value().map(value -> resolve(unsetting.slot().definition(), value, names, schema))))
                .toList();
        return new Put(resolve(put.object(), names), put.create() || makes, put.type(), set, unset, put.ifVersion());
    }

    private static ObjectRef resolve(ObjectRef object, Map<String, ObjectToken> names) {
        return Optional.ofNullable(names.get(object.text()))
                .<ObjectRef>map(ObjectRef.Known::new)
                .orElse(object);
    }

    private static Literal resolve(
            DefinitionName definition, Literal value, Map<String, ObjectToken> names, Schema schema) {
        if (schema.isReference(definition) && value instanceof Literal.Text(var text)) {
            return Optional.ofNullable(names.get(text))
                    .<Literal>map(token -> new Literal.Text(token.text()))
                    .orElse(value);
        }
        return value;
    }
}
