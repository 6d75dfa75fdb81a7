package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Judges what a write does to names: whose they are, that they are unique, and that they stay.
final class SchemaNames {
    /// Two names of one kind of object are the same whatever their case.
    private record Key(TypeName type, String lowerCase) {}

    private final Map<ObjectToken, SchemaFields> before = new HashMap<>();
    private final Predicate<String> foreign;
    private final Map<Key, ObjectToken> holders = new HashMap<>();

    SchemaNames(List<SchemaFields> before, Predicate<String> foreign) {
        before.forEach(fields -> this.before.put(fields.object().token(), fields));
        this.foreign = foreign;
    }

    /// The attribute that names an object.
    static String field(TypeName type) {
        return type.equals(StandardSchema.LOCATION) ? "id" : "name";
    }

    boolean isChanged(SchemaFields fields) {
        var was = before.get(fields.object().token());
        return was == null
                || !Set.copyOf(was.object().attributes())
                        .equals(Set.copyOf(fields.object().attributes()));
    }

    /// Refuses in the objects as they are after the write, and in those before it that are deleted.
    void check(List<SchemaFields> after) {
        after.stream().filter(fields -> !isChanged(fields)).forEach(this::checkFree);
        after.stream().filter(this::isChanged).forEach(fields -> {
            checkFree(fields);
            checkKept(fields);
            checkOwner(fields);
        });
        var left = new HashSet<>(before.keySet());
        after.forEach(fields -> left.remove(fields.object().token()));
        left.stream().sorted().map(before::get).forEach(this::checkOwner);
    }

    private void checkFree(SchemaFields fields) {
        var field = field(fields.object().type());
        fields.text(field).ifPresent(name -> {
            var key = new Key(fields.object().type(), name.toLowerCase(Locale.ROOT));
            var holder = holders.putIfAbsent(key, fields.object().token());
            if (holder != null && isChanged(fields)) {
                fields.refuse(
                        Code.NAME_TAKEN,
                        field,
                        "The name is taken by " + holder + "; upper and lower case are the same.");
            }
        });
    }

    private void checkKept(SchemaFields fields) {
        var was = before.get(fields.object().token());
        if (was == null) {
            return;
        }
        var type = fields.object().type();
        checkKept(was, fields, field(type));
        if (type.equals(StandardSchema.CONSTRAINT)) {
            checkKept(was, fields, "kind");
        }
    }

    private static void checkKept(SchemaFields was, SchemaFields is, String field) {
        var old = was.text(field);
        if (old.isPresent() && is.has(field) && !old.equals(is.text(field))) {
            is.refuse(Code.IMMUTABLE, field, "It is " + old.get() + " for ever; make another one.");
        }
    }

    private void checkOwner(SchemaFields fields) {
        if (fields.object().type().equals(StandardSchema.LOCATION)) {
            return;
        }
        var was = before.get(fields.object().token());
        var names = new HashSet<String>();
        fields.text("name").ifPresent(names::add);
        if (was != null) {
            was.text("name").ifPresent(names::add);
        }
        if (names.stream().anyMatch(StandardSchema::isStandard)) {
            fields.refuse(Code.STANDARD_NAME, "name", "Names under sys. and retail. are the standard's.");
        } else if (names.stream().anyMatch(foreign)) {
            fields.refuse(Code.NAMESPACE_OWNED, "name", "The namespace of this name is somebody else's.");
        }
    }
}
