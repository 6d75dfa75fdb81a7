package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.ValueType;
import dev.storemesh.protocol.write.Operation.Delete;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.schema.Violation.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Says what the operations of one write would do to the objects they touch, or all that is wrong with them. Rules
/// are judged on the state after the whole write, so two objects may refer to each other in one. Works on operations
/// whose temporary names are resolved.
public final class WriteJudge {
    private final Schema schema;
    private final Function<ObjectToken, ObjectState> heads;
    private final Map<ObjectToken, Draft> drafts = new LinkedHashMap<>();
    private final List<Pointer> references = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();

    /// What judging comes to.
    public sealed interface Judgement {}

    public record Sound(List<ObjectChange> changes) implements Judgement {
        public Sound {
            changes = List.copyOf(changes);
        }
    }

    public record Unsound(List<Violation> violations) implements Judgement {
        public Unsound {
            violations = List.copyOf(violations);
        }
    }

    private record Pointer(ObjectRef from, Slot slot, Definition definition, ObjectToken target) {}

    /// An object under work: what stands before the write, and what would stand after it.
    private static final class Draft {
        private final TypeName type;
        private final List<Row> before;
        private final Map<Slot, Attribute> after = new LinkedHashMap<>();
        private boolean deleted;

        private Draft(TypeName type, List<Row> before) {
            this.type = type;
            this.before = before;
            before.forEach(row -> after.put(row.slot(), row.attribute()));
        }
    }

    private WriteJudge(Schema schema, Function<ObjectToken, ObjectState> heads) {
        this.schema = schema;
        this.heads = heads;
    }

    /// The objects whose heads judging needs: those the operations are about, and those they refer to.
    public static Set<ObjectToken> needed(List<Operation> operations, Schema schema) {
        var tokens = new LinkedHashSet<ObjectToken>();
        for (var operation : operations) {
            token(operation.object()).ifPresent(tokens::add);
            if (operation instanceof Put put) {
                put.set().forEach(setting -> target(setting, schema).ifPresent(tokens::add));
            }
        }
        return tokens;
    }

    /// Judges a whole write.
    ///
    /// @param heads the state of every object that [#needed] names
    public static Judgement judge(List<Operation> operations, Schema schema, Function<ObjectToken, ObjectState> heads) {
        return new WriteJudge(schema, heads).judge(operations);
    }

    private Judgement judge(List<Operation> operations) {
        for (var operation : operations) {
            switch (operation) {
                case Put put -> put(put);
                case Delete delete -> delete(delete);
            }
        }
        references.forEach(this::checkReference);
        return violations.isEmpty() ? new Sound(changes()) : new Unsound(violations);
    }

    private void put(Put put) {
        draft(put).ifPresent(draft -> {
            checkNoDuplicates(put);
            put.unset()
                    .forEach(slot -> allowed(put.object(), slot, draft).ifPresent(unused -> draft.after.remove(slot)));
            put.set().forEach(setting -> set(put.object(), setting, draft));
        });
    }

    private Optional<Draft> draft(Put put) {
        if (!(put.object() instanceof ObjectRef.Known(var token))) {
            return refuse(Violation.of(
                    Code.UNKNOWN_OBJECT,
                    put.object(),
                    "The name " + put.object().text() + " names nothing."));
        }
        if (put.create()) {
            return drafts.containsKey(token) || !(heads.apply(token) instanceof ObjectState.Unknown)
                    ? refuse(Violation.of(
                            Code.OBJECT_EXISTS,
                            put.object(),
                            "There is, or was, an object " + token + "; tokens are never reused."))
                    : create(put, token);
        }
        var standing = standing(token);
        if (standing.isEmpty()) {
            return refuse(Violation.of(Code.UNKNOWN_OBJECT, put.object(), "There is no object " + token + "."));
        }
        if (standing.get().type.isBookkeeping()) {
            return refuse(Violation.of(
                    Code.RESERVED_TYPE,
                    put.object(),
                    "Objects of " + standing.get().type + " are written by servers only."));
        }
        if (put.type().isPresent() && !put.type().get().equals(standing.get().type)) {
            return refuse(Violation.of(
                    Code.TYPE_CHANGED,
                    put.object(),
                    "The object " + token + " is of " + standing.get().type + ", for ever."));
        }
        return standing;
    }

    private Optional<Draft> create(Put put, ObjectToken token) {
        if (token.isReserved()) {
            return refuse(Violation.of(
                    Code.RESERVED_TOKEN, put.object(), "Tokens that begin with sys. or cr- are the servers' own."));
        }
        if (put.type().isEmpty()) {
            return refuse(Violation.of(Code.TYPE_MISSING, put.object(), "A new object needs a type."));
        }
        var type = put.type().get();
        if (!schema.hasType(type)) {
            return refuse(Violation.of(Code.UNKNOWN_TYPE, put.object(), "The type " + type + " is not known."));
        }
        if (type.isBookkeeping()) {
            return refuse(Violation.of(
                    Code.RESERVED_TYPE, put.object(), "Objects of " + type + " are written by servers only."));
        }
        var draft = new Draft(type, List.of());
        drafts.put(token, draft);
        return Optional.of(draft);
    }

    /// The draft of an object that is there at this point of the write.
    private Optional<Draft> standing(ObjectToken token) {
        var draft = drafts.get(token);
        if (draft != null) {
            return draft.deleted ? Optional.empty() : Optional.of(draft);
        }
        if (heads.apply(token) instanceof ObjectState.Live(var type, var rows)) {
            var fresh = new Draft(type, rows);
            drafts.put(token, fresh);
            return Optional.of(fresh);
        }
        return Optional.empty();
    }

    private void delete(Delete delete) {
        var standing = token(delete.object()).flatMap(this::standing);
        if (standing.isEmpty()) {
            violations.add(Violation.of(
                    Code.UNKNOWN_OBJECT,
                    delete.object(),
                    "There is no object " + delete.object().text() + "."));
        } else if (standing.get().type.isBookkeeping()) {
            violations.add(Violation.of(
                    Code.RESERVED_TYPE,
                    delete.object(),
                    "Objects of " + standing.get().type + " are written by servers only."));
        } else {
            standing.get().deleted = true;
        }
    }

    private void checkNoDuplicates(Put put) {
        var seen = new HashSet<Slot>();
        Stream.concat(put.unset().stream(), put.set().stream().map(Setting::slot))
                .filter(slot -> !seen.add(slot))
                .distinct()
                .forEach(slot -> violations.add(Violation.of(
                        Code.DUPLICATE_SLOT,
                        put.object(),
                        slot,
                        "The operation sets or unsets " + slot + " more than once.")));
    }

    private void set(ObjectRef object, Setting setting, Draft draft) {
        var slot = setting.slot();
        allowed(object, slot, draft)
                .ifPresent(definition -> read(object, setting, definition).ifPresent(value -> {
                    draft.after.put(slot, new Attribute(slot.definition(), slot.location(), value));
                    if (value instanceof Value.Reference(var target)) {
                        references.add(new Pointer(object, slot, definition, target));
                    }
                }));
    }

    private Optional<Definition> allowed(ObjectRef object, Slot slot, Draft draft) {
        var definition = schema.definition(slot.definition());
        if (definition.isEmpty()) {
            return refuse(Violation.of(
                    Code.UNKNOWN_ATTRIBUTE, object, slot, "The attribute " + slot.definition() + " is not known."));
        }
        if (!definition.get().carrier().equals(draft.type)) {
            return refuse(Violation.of(
                    Code.ATTRIBUTE_NOT_OF_TYPE,
                    object,
                    slot,
                    "Objects of " + draft.type + " have no " + slot.definition() + "."));
        }
        if (slot.location().isPresent() && !definition.get().variesByLocation()) {
            return refuse(Violation.of(
                    Code.LOCATION_NOT_ALLOWED, object, slot, slot.definition() + " is the same at every location."));
        }
        return definition;
    }

    private Optional<Value> read(ObjectRef object, Setting setting, Definition definition) {
        try {
            return Optional.of(definition.read(setting.value()));
        } catch (Value.WrongValueType e) {
            return refuse(Violation.of(Code.WRONG_VALUE_TYPE, object, setting.slot(), String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            return refuse(Violation.of(Code.INVALID_VALUE, object, setting.slot(), String.valueOf(e.getMessage())));
        }
    }

    /// Only references that stand at the end of the write count.
    private void checkReference(Pointer pointer) {
        var from = token(pointer.from()).map(drafts::get);
        var stands = from.isPresent()
                && !from.get().deleted
                && Optional.ofNullable(from.get().after.get(pointer.slot()))
                        .map(attribute -> attribute.value().equals(new Value.Reference(pointer.target())))
                        .orElse(false);
        if (!stands) {
            return;
        }
        var target = typeAtEnd(pointer.target());
        if (target.isEmpty()) {
            violations.add(Violation.of(
                    Code.UNKNOWN_REFERENCE,
                    pointer.from(),
                    pointer.slot(),
                    "There is no object " + pointer.target() + " to refer to."));
        } else if (pointer.definition()
                .target()
                .map(wanted -> !wanted.equals(target.get()))
                .orElse(false)) {
            violations.add(Violation.of(
                    Code.WRONG_REFERENCE_TYPE,
                    pointer.from(),
                    pointer.slot(),
                    "The object " + pointer.target() + " is of " + target.get() + " (expected: "
                            + pointer.definition().target().get() + ")."));
        }
    }

    private Optional<TypeName> typeAtEnd(ObjectToken token) {
        var draft = drafts.get(token);
        if (draft != null) {
            return draft.deleted ? Optional.empty() : Optional.of(draft.type);
        }
        return heads.apply(token) instanceof ObjectState.Live live ? Optional.of(live.type()) : Optional.empty();
    }

    private List<ObjectChange> changes() {
        var changes = new ArrayList<ObjectChange>();
        drafts.forEach((token, draft) -> change(token, draft).ifPresent(changes::add));
        return changes;
    }

    private Optional<ObjectChange> change(ObjectToken token, Draft draft) {
        var isNew = !(heads.apply(token) instanceof ObjectState.Live);
        if (draft.deleted) {
            return isNew
                    ? Optional.empty()
                    : Optional.of(new ObjectChange(token, draft.type, true, List.of(), draft.before));
        }
        var standing = new HashMap<Slot, Row>();
        draft.before.forEach(row -> standing.put(row.slot(), row));
        var set = draft.after.values().stream()
                .filter(attribute -> Optional.ofNullable(standing.get(attribute.slot()))
                        .map(row -> !row.attribute().equals(attribute))
                        .orElse(true))
                .toList();
        var ended = draft.before.stream()
                .filter(row -> !row.attribute().equals(draft.after.get(row.slot())))
                .toList();
        return isNew || !set.isEmpty() || !ended.isEmpty()
                ? Optional.of(new ObjectChange(token, draft.type, false, set, ended))
                : Optional.empty();
    }

    private <T> Optional<T> refuse(Violation violation) {
        violations.add(violation);
        return Optional.empty();
    }

    private static Optional<ObjectToken> token(ObjectRef object) {
        return object instanceof ObjectRef.Known(var token) ? Optional.of(token) : Optional.empty();
    }

    private static Optional<ObjectToken> target(Setting setting, Schema schema) {
        var isReference = schema.definition(setting.slot().definition())
                .map(definition -> definition.type() == ValueType.REFERENCE)
                .orElse(false);
        if (!isReference || !(setting.value() instanceof Literal.Text(var text))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ObjectToken(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // judged as an invalid value
        }
    }
}
