package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Operation.Bring;
import dev.storemesh.protocol.write.Operation.Delete;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Operation.Undelete;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Carries out the operations of one write on drafts of the objects they are about, and notes what cannot be
/// done as violations: whether the result is allowed is another question. What it does not know it notes as
/// missing.
final class Drafts {
    private final Schema former;
    private final Fetched.Round round;
    private final Set<Lookup> missing;
    private final List<Violation> violations;
    private final Map<ObjectToken, Draft> drafts = new LinkedHashMap<>();

    /// @param former the schema before the write, by which what goes with it may still be named
    Drafts(Schema former, Fetched.Round round, Set<Lookup> missing, List<Violation> violations) {
        this.former = former;
        this.round = round;
        this.missing = missing;
        this.violations = violations;
    }

    Map<ObjectToken, Draft> all() {
        return drafts;
    }

    /// Whether an operation is about a schema object, as far as is known.
    boolean isOfSchema(Operation operation) {
        return operation.object() instanceof ObjectRef.Known(var token) && token.isOfSchema();
    }

    void apply(Operation operation, Schema schema) {
        switch (operation) {
            case Put put -> put(put, schema);
            case Delete delete ->
                known(delete).flatMap(token -> standing(token, delete)).ifPresent(Draft::delete);
            case Undelete undelete -> known(undelete).ifPresent(token -> undelete(undelete, token, schema));
            case Bring bring -> bring(bring, schema);
        }
    }

    /// The draft of an object that a consequence is about; empty: it is not there.
    Optional<Draft> draft(ObjectToken token) {
        var draft = drafts.get(token);
        if (draft != null) {
            return draft.isDeleted() ? Optional.empty() : Optional.of(draft);
        }
        if (!(head(token) instanceof ObjectState.Live live)) {
            return Optional.empty();
        }
        var fresh = Draft.of(token, live);
        drafts.put(token, fresh);
        return Optional.of(fresh);
    }

    /// Makes an object what it was: `then` is its state in the past.
    void restore(ObjectToken token, ObjectState then, Schema schema) {
        switch (then) {
            case ObjectState.Live(var type, var rows, var changed) ->
                restore(returning(token, type, schema), rows, schema);
            case ObjectState.Deleted deleted -> draft(token).ifPresent(Draft::delete);
            case ObjectState.Unknown unknown -> draft(token).ifPresent(Draft::delete);
        }
    }

    /// The draft of an object that is to be there again; what is there stays as it is.
    private Draft returning(ObjectToken token, TypeName type, Schema schema) {
        var standing = draft(token);
        if (standing.isEmpty() && !schema.hasType(type)) {
            violations.add(
                    Violation.of(Code.UNKNOWN_TYPE, token.text(), "The type " + type + " is not known any more."));
        }
        return standing.or(() -> Optional.ofNullable(drafts.get(token))).orElseGet(() -> {
            var made = Draft.made(token, type);
            drafts.put(token, made);
            return made;
        });
    }

    /// Rows of the past may not fit the schema of today.
    private void restore(Draft draft, List<Row> rows, Schema schema) {
        var standing = new HashSet<>(draft.beforehand());
        var attributes = rows.stream().map(Row::attribute).toList();
        draft.restore(attributes);
        var object = new ObjectRef.Known(draft.token());
        var crowded = new LinkedHashSet<Slot>();
        for (var attribute : attributes) {
            if (!standing.contains(attribute)) {
                allowed(object, attribute.slot(), draft, schema).ifPresent(definition -> {
                    checkValue(object, attribute, definition);
                    if (!definition.isSet() && count(attributes, attribute.slot()) > 1) {
                        crowded.add(attribute.slot());
                    }
                });
            }
        }
        crowded.forEach(slot -> violations.add(Violation.of(
                Code.CARDINALITY,
                object.text(),
                slot,
                "There would be " + count(attributes, slot) + " values of " + slot + ", which has one only by now.")));
    }

    private static long count(List<Attribute> attributes, Slot slot) {
        return attributes.stream().filter(other -> other.slot().equals(slot)).count();
    }

    /// A definition may be of another type by now, and the text of the value may well read as one.
    private void checkValue(ObjectRef object, Attribute attribute, Definition definition) {
        var value = attribute.value();
        if (value.type() == definition.type()) {
            read(object, attribute.slot(), value.literal(), definition);
        } else {
            violations.add(Violation.of(
                            Code.WRONG_VALUE_TYPE,
                            object.text(),
                            attribute.slot(),
                            "The value is of " + value.type().wireName() + ", and " + attribute.definition() + " is of "
                                    + definition.type().wireName() + " by now.")
                    .with(value.literal()));
        }
    }

    private Optional<ObjectToken> known(Operation operation) {
        return operation.object() instanceof ObjectRef.Known(var token)
                ? Optional.of(token)
                : refuse(Violation.of(
                        Code.UNKNOWN_OBJECT,
                        operation.object().text(),
                        "The name " + operation.object().text() + " names nothing."));
    }

    private ObjectState head(ObjectToken token) {
        var head = round.head(token);
        if (head.isEmpty()) {
            missing.add(new Lookup.Head(token));
        }
        return head.orElse(ObjectState.unknown());
    }

    private void put(Put put, Schema schema) {
        put.set().forEach(setting -> target(setting, schema).ifPresent(this::head)); // asked for with the object itself
        known(put)
                .flatMap(token -> put.create() ? create(put, token, schema) : changed(put, token))
                .ifPresent(draft -> {
                    checkNoDuplicates(put.object(), put.set(), put.unset(), schema);
                    put.unset().forEach(unsetting -> unset(put.object(), unsetting, draft, schema));
                    put.set().forEach(setting -> set(put.object(), setting, draft, schema));
                });
    }

    private static Optional<ObjectToken> target(Setting setting, Schema schema) {
        if (!schema.isReference(setting.slot().definition()) || !(setting.value() instanceof Literal.Text(var text))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ObjectToken(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // judged as an invalid value
        }
    }

    private Optional<Draft> changed(Put put, ObjectToken token) {
        var standing = standing(token, put);
        if (standing.isPresent()
                && put.type().isPresent()
                && !put.type().get().equals(standing.get().type())) {
            return refuse(typeChanged(put, token, standing.get().type()));
        }
        return standing;
    }

    private static Violation typeChanged(Operation operation, ObjectToken token, TypeName type) {
        return Violation.of(
                Code.TYPE_CHANGED, operation.object().text(), "The object " + token + " is of " + type + ", for ever.");
    }

    private Optional<Draft> create(Put put, ObjectToken token, Schema schema) {
        var object = put.object().text();
        if (drafts.containsKey(token) || !(head(token) instanceof ObjectState.Unknown)) {
            return refuse(Violation.of(
                    Code.OBJECT_EXISTS, object, "There is, or was, an object " + token + "; tokens are never reused."));
        }
        if (put.type().isEmpty()) {
            return refuse(Violation.of(Code.TYPE_MISSING, object, "A new object needs a type."));
        }
        return made(object, token, put.type().get(), schema);
    }

    private Optional<Draft> made(String object, ObjectToken token, TypeName type, Schema schema) {
        if (!schema.hasType(type)) {
            return refuse(Violation.of(Code.UNKNOWN_TYPE, object, "The type " + type + " is not known."));
        }
        if (type.isBookkeeping()) {
            return refuse(reserved(object, type));
        }
        if (type.isSchema() ? !token.isOfSchema() : token.isReserved()) {
            return refuse(Violation.of(
                    Code.RESERVED_TOKEN,
                    object,
                    "Tokens that begin with sys. are those of types, definitions, constraints, locations and apps, "
                            + "and theirs alone; those that begin with cr- are the servers' own."));
        }
        var draft = Draft.made(token, type);
        drafts.put(token, draft);
        return Optional.of(draft);
    }

    /// What it refers to is asked for with the object itself.
    private void bring(Bring bring, Schema schema) {
        bring.set().forEach(setting -> target(setting, schema).ifPresent(this::head));
        known(bring).flatMap(token -> brought(bring, token, schema)).ifPresent(draft -> {
            checkNoDuplicates(bring.object(), bring.set(), List.of(), schema);
            var values = new LinkedHashMap<Attribute, Boolean>();
            for (var setting : bring.set()) {
                allowed(bring.object(), setting.slot(), draft, schema)
                        .ifPresent(definition -> read(bring.object(), setting.slot(), setting.value(), definition)
                                .ifPresent(attribute -> values.put(attribute, definition.isSet())));
            }
            if (bring.whole()) {
                draft.restore(values.keySet());
            } else {
                values.forEach(draft::put);
            }
        });
    }

    /// The draft of what is there, was there, or is to be.
    private Optional<Draft> brought(Bring bring, ObjectToken token, Schema schema) {
        var object = bring.object().text();
        var standing = draft(token);
        if (standing.isPresent()) {
            var type = standing.get().type();
            if (type.isBookkeeping()) {
                return refuse(reserved(object, type));
            }
            return type.equals(bring.type()) ? standing : refuse(typeChanged(bring, token, type));
        }
        var goneHere = drafts.get(token);
        if (goneHere != null) { // this very write deletes it
            goneHere.restore(List.of());
            return brought(bring, token, schema);
        }
        if (head(token) instanceof ObjectState.Deleted gone) {
            if (gone.type().isBookkeeping()) {
                return refuse(reserved(object, gone.type()));
            }
            if (!gone.type().equals(bring.type())) {
                return refuse(typeChanged(bring, token, gone.type()));
            }
        }
        return made(object, token, bring.type(), schema);
    }

    /// The draft of an object that is there at this point of the write, and that clients may change.
    private Optional<Draft> standing(ObjectToken token, Operation operation) {
        var object = operation.object().text();
        var draft = draft(token);
        if (draft.isEmpty()) {
            return refuse(Violation.of(Code.UNKNOWN_OBJECT, object, "There is no object " + token + "."));
        }
        return draft.get().type().isBookkeeping()
                ? refuse(reserved(object, draft.get().type()))
                : draft;
    }

    private static Violation reserved(String object, TypeName type) {
        return Violation.of(Code.RESERVED_TYPE, object, "Objects of " + type + " are written by servers only.");
    }

    private void undelete(Undelete undelete, ObjectToken token, Schema schema) {
        var object = undelete.object().text();
        var draft = drafts.get(token);
        if (draft != null && draft.isDeleted()) {
            draft.undelete();
            return;
        }
        switch (draft == null ? head(token) : ObjectState.unknown()) {
            case ObjectState.Deleted deleted
            when deleted.type().isBookkeeping() -> violations.add(reserved(object, deleted.type()));
            case ObjectState.Deleted deleted -> bringBack(token, schema);
            case ObjectState.Live live -> violations.add(notDeleted(object));
            case ObjectState.Unknown unknown ->
                violations.add(
                        draft == null
                                ? Violation.of(Code.UNKNOWN_OBJECT, object, "There never was an object " + token + ".")
                                : notDeleted(object));
        }
    }

    private static Violation notDeleted(String object) {
        return Violation.of(Code.NOT_DELETED, object, "The object " + object + " is not deleted.");
    }

    private void bringBack(ObjectToken token, Schema schema) {
        var lookup = new Lookup.LastLive(token);
        var then = round.past(lookup);
        if (then.isEmpty()) {
            missing.add(lookup);
            return;
        }
        restore(token, then.get(), schema);
    }

    /// A slot with one value is set or unset once; of a set, each value is.
    private void checkNoDuplicates(
            ObjectRef object, List<Setting> set, List<Operation.Unsetting> unset, Schema schema) {
        var seen = new HashSet<Object>();
        var duplicates = new HashSet<Slot>();
        unset.forEach(unsetting -> {
            if (!seen.add(key(unsetting.slot(), unsetting.value(), schema))) {
                duplicates.add(unsetting.slot());
            }
        });
        set.forEach(setting -> {
            if (!seen.add(key(setting.slot(), Optional.of(setting.value()), schema))) {
                duplicates.add(setting.slot());
            }
        });
        duplicates.forEach(slot -> violations.add(Violation.of(
                Code.DUPLICATE_SLOT,
                object.text(),
                slot,
                "The operation sets or unsets " + slot + " more than once.")));
    }

    private static Object key(Slot slot, Optional<Literal> value, Schema schema) {
        var isSet = schema.definition(slot.definition()).map(Definition::isSet).orElse(false);
        return isSet ? List.of(slot, value) : slot;
    }

    private void unset(ObjectRef object, Operation.Unsetting unsetting, Draft draft, Schema schema) {
        var slot = unsetting.slot();
        var goes = draft.has(slot) ? former.definition(slot.definition()) : Optional.<Definition>empty();
        goes.or(() -> allowed(object, slot, draft, schema)).ifPresent(definition -> {
            if (unsetting.value().isEmpty()) {
                draft.clear(slot);
            } else {
                read(object, slot, unsetting.value().get(), definition).ifPresent(draft::remove);
            }
        });
    }

    private void set(ObjectRef object, Setting setting, Draft draft, Schema schema) {
        allowed(object, setting.slot(), draft, schema)
                .ifPresent(definition -> read(object, setting.slot(), setting.value(), definition)
                        .ifPresent(attribute -> draft.put(attribute, definition.isSet())));
    }

    private Optional<Definition> allowed(ObjectRef object, Slot slot, Draft draft, Schema schema) {
        var definition = schema.definition(slot.definition());
        if (definition.isEmpty()) {
            return refuse(Violation.of(
                    Code.UNKNOWN_ATTRIBUTE,
                    object.text(),
                    slot,
                    "The attribute " + slot.definition() + " is not known."));
        }
        if (!definition.get().isCarriedBy(draft.type())) {
            return refuse(Violation.of(
                    Code.ATTRIBUTE_NOT_OF_TYPE,
                    object.text(),
                    slot,
                    "Objects of " + draft.type() + " have no " + slot.definition() + "."));
        }
        if (slot.location().isPresent() && !definition.get().variesByLocation()) {
            return refuse(Violation.of(
                    Code.LOCATION_NOT_ALLOWED,
                    object.text(),
                    slot,
                    slot.definition() + " is the same at every location."));
        }
        if (slot.location().filter(location -> !schema.hasLocation(location)).isPresent()) {
            return refuse(Violation.of(
                    Code.UNKNOWN_LOCATION,
                    object.text(),
                    slot,
                    "There is no location " + slot.location().get() + "."));
        }
        return definition;
    }

    private Optional<Attribute> read(ObjectRef object, Slot slot, Literal literal, Definition definition) {
        try {
            return Optional.of(new Attribute(slot.definition(), slot.location(), definition.read(literal)));
        } catch (Value.WrongValueType e) {
            return refuse(wrong(Code.WRONG_VALUE_TYPE, object, slot, literal, e));
        } catch (IllegalArgumentException e) {
            return refuse(wrong(Code.INVALID_VALUE, object, slot, literal, e));
        }
    }

    private static Violation wrong(
            Code code, ObjectRef object, Slot slot, Literal literal, IllegalArgumentException reason) {
        return Violation.of(code, object.text(), slot, String.valueOf(reason.getMessage()))
                .with(literal);
    }

    private <T> Optional<T> refuse(Violation violation) {
        violations.add(violation);
        return Optional.empty();
    }
}
