package dev.storemesh.protocol.write;

import dev.storemesh.protocol.constraint.Edit;
import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.schema.SchemaObject;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An object under work: what stands before the write, and what would stand after it.
final class Draft {
    private final ObjectToken token;
    private final TypeName type;
    private final boolean wasThere;
    private final List<Row> before;
    private final Set<Attribute> after = new LinkedHashSet<>();
    private Optional<List<Attribute>> shown = Optional.empty(); // of `after`, until that changes
    private boolean deleted;

    private Draft(ObjectToken token, TypeName type, boolean wasThere, List<Row> before) {
        this.token = token;
        this.type = type;
        this.wasThere = wasThere;
        this.before = before;
        before.forEach(row -> after.add(row.attribute()));
    }

    static Draft of(ObjectToken token, ObjectState.Live state) {
        return new Draft(token, state.type(), true, state.rows());
    }

    /// An object that is not there before the write: new, or brought back.
    static Draft made(ObjectToken token, TypeName type) {
        return new Draft(token, type, false, List.of());
    }

    ObjectToken token() {
        return token;
    }

    TypeName type() {
        return type;
    }

    boolean isDeleted() {
        return deleted;
    }

    void delete() {
        deleted = true;
    }

    /// As it stood when this write deleted it.
    void undelete() {
        deleted = false;
    }

    /// Gives it these values and no others.
    void restore(Collection<Attribute> attributes) {
        deleted = false;
        shown = Optional.empty();
        after.clear();
        after.addAll(attributes);
    }

    List<Attribute> beforehand() {
        return before.stream().map(Row::attribute).toList();
    }

    void put(Attribute attribute, boolean isSet) {
        shown = Optional.empty();
        if (!isSet) {
            after.removeIf(former -> former.definition().equals(attribute.definition())
                    && former.location().equals(attribute.location())
                    && !former.value().equals(attribute.value()));
        }
        after.add(attribute);
    }

    boolean has(Slot slot) {
        return after.stream().anyMatch(attribute -> attribute.slot().equals(slot));
    }

    void remove(Attribute attribute) {
        shown = Optional.empty();
        after.remove(attribute);
    }

    void clear(Slot slot) {
        shown = Optional.empty();
        after.removeIf(former -> former.slot().equals(slot));
    }

    private List<Attribute> after() {
        if (shown.isEmpty()) {
            shown = Optional.of(List.copyOf(after));
        }
        return shown.get();
    }

    /// The values that the write gives it and that it did not have.
    List<Attribute> added() {
        if (before.isEmpty()) {
            return after();
        }
        var had = new HashSet<>(beforehand());
        return after.stream().filter(attribute -> !had.contains(attribute)).toList();
    }

    Optional<Standing> standing() {
        return deleted ? Optional.empty() : Optional.of(new Standing(token, type, after()));
    }

    Edit edit() {
        return new Edit(
                token,
                type,
                wasThere ? Optional.of(beforehand()) : Optional.empty(),
                deleted ? Optional.empty() : Optional.of(after()));
    }

    SchemaObject schemaObject() {
        return new SchemaObject(token, type, after());
    }

    /// What it comes to; empty: nothing.
    Optional<ObjectChange> change() {
        if (deleted) {
            return wasThere ? Optional.of(new ObjectChange(token, type, true, List.of(), before)) : Optional.empty();
        }
        var set = added();
        var ended =
                before.stream().filter(row -> !after.contains(row.attribute())).toList();
        return !wasThere || !set.isEmpty() || !ended.isEmpty()
                ? Optional.of(new ObjectChange(token, type, false, set, ended))
                : Optional.empty();
    }
}
