package dev.storemesh.protocol.change;

import dev.storemesh.protocol.schema.Authority;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Operation.Unsetting;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// What of a store's write the store decides itself: the values, at the locations it serves, of attributes whose
/// authority it is, of objects that are there. The same at the store and at HQ. Pure.
public final class Ownership {
    private final Schema schema;
    private final Set<LocationId> served;
    private final Function<ObjectToken, Optional<TypeName>> types;

    /// @param types of the objects that are there
    public Ownership(Schema schema, StoreId store, Function<ObjectToken, Optional<TypeName>> types) {
        this.schema = schema;
        this.served = new HashSet<>(schema.servedBy(store));
        this.types = types;
    }

    /// Whether the store decides all of it. What makes or deletes an object is HQ's, with all else that is asked.
    public boolean isOwn(List<Operation> operations) {
        return !operations.isEmpty() && operations.stream().allMatch(this::isOwn);
    }

    private boolean isOwn(Operation operation) {
        if (!(operation instanceof Put put) || put.create() || !(put.object() instanceof ObjectRef.Known(var token))) {
            return false;
        }
        var slots = Stream.concat(
                        put.set().stream().map(Setting::slot),
                        put.unset().stream().map(Unsetting::slot))
                .toList();
        return !slots.isEmpty()
                && types.apply(token)
                        .filter(type -> slots.stream().allMatch(slot -> owns(slot, type)))
                        .isPresent();
    }

    private boolean owns(Slot slot, TypeName type) {
        return slot.location().filter(served::contains).isPresent()
                && schema.authority(slot.definition(), type) == Authority.STORE;
    }
}
