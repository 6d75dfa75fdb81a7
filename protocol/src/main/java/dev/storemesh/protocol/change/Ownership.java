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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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

    /// A write in two, each of whole operations: what the store decides, and what HQ does. Either may be empty.
    public record Parts(List<Operation> own, List<Operation> hq) {
        public Parts {
            own = List.copyOf(own);
            hq = List.copyOf(hq);
        }
    }

    /// Whether the store decides all of it.
    public boolean isOwn(List<Operation> operations) {
        return !operations.isEmpty() && split(operations).hq().isEmpty();
    }

    /// What makes or deletes an object is HQ's, with all else that the write does to that object.
    public Parts split(List<Operation> operations) {
        var made = operations.stream()
                .filter(operation -> !(operation instanceof Put put) || put.create())
                .map(Operation::object)
                .collect(Collectors.toSet());
        var own = new ArrayList<Operation>();
        var hq = new ArrayList<Operation>();
        for (var operation : operations) {
            if (operation instanceof Put put
                    && !made.contains(put.object())
                    && put.object() instanceof ObjectRef.Known(var token)
                    && types.apply(token).isPresent()) {
                split(put, types.apply(token).get(), own, hq);
            } else {
                hq.add(operation);
            }
        }
        return new Parts(own, hq);
    }

    private void split(Put put, TypeName type, List<Operation> own, List<Operation> hq) {
        var mine = part(put, slot -> owns(slot, type));
        var theirs = part(put, slot -> !owns(slot, type));
        if (!isEmpty(mine)) {
            own.add(mine);
        }
        if (!isEmpty(theirs) || isEmpty(mine)) {
            hq.add(theirs);
        }
    }

    private boolean owns(Slot slot, TypeName type) {
        return slot.location().filter(served::contains).isPresent()
                && schema.authority(slot.definition(), type) == Authority.STORE;
    }

    private static Put part(Put put, Predicate<Slot> wanted) {
        return new Put(
                put.object(),
                put.create(),
                put.type(),
                put.set().stream()
                        .filter((Setting setting) -> wanted.test(setting.slot()))
                        .toList(),
                put.unset().stream()
                        .filter((Unsetting unsetting) -> wanted.test(unsetting.slot()))
                        .toList(),
                put.ifVersion());
    }

    private static boolean isEmpty(Put put) {
        return put.set().isEmpty() && put.unset().isEmpty();
    }
}
