package dev.storemesh.protocol.object;

import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.PendingMark.Effect;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A change request that nobody has decided, as it is laid over what HQ knows for who asks to see that. `base`:
/// HQ's version that the store held when it was made; earlier ones it is not laid over. The edits are in order.
public record PendingChange(
        RequestId request,
        Status status,
        Version base,
        List<LocalEdit> edits,
        Map<ObjectToken, TypeName> made,
        Set<ObjectToken> restored,
        Set<ObjectToken> deleted) {
    public PendingChange {
        edits = List.copyOf(edits);
        made = Map.copyOf(made);
        restored = Set.copyOf(restored);
        deleted = Set.copyOf(deleted);
    }

    /// What the operations of a request come to by this schema. What would follow from deletions is left out.
    public static PendingChange of(
            RequestId request, Status status, Version base, List<Operation> operations, Schema schema) {
        var made = new HashMap<ObjectToken, TypeName>();
        var restored = new HashSet<ObjectToken>();
        var deleted = new HashSet<ObjectToken>();
        for (var operation : operations) {
            if (operation.object() instanceof ObjectRef.Known(var token)) {
                switch (operation) {
                    case Operation.Put put -> {
                        if (put.create()) {
                            put.type().ifPresent(type -> made.put(token, type));
                        }
                    }
                    case Operation.Delete delete -> deleted.add(token);
                    case Operation.Undelete undelete -> restored.add(token);
                    case Operation.Bring bring -> {} // no store sends one
                }
            }
        }
        return new PendingChange(request, status, base, LocalEdits.of(operations, schema), made, restored, deleted);
    }

    /// All that it is about.
    Set<ObjectToken> objects() {
        return Stream.of(
                        edits.stream().map(LocalEdit::object),
                        made.keySet().stream(),
                        restored.stream(),
                        deleted.stream())
                .flatMap(tokens -> tokens)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Those that are about one object.
    public static List<PendingChange> about(ObjectToken token, List<PendingChange> changes) {
        return changes.stream()
                .filter(change -> change.objects().contains(token))
                .toList();
    }

    LocalChange numbered(long number) {
        return new LocalChange(number, base, edits);
    }

    Effect effect(ObjectToken token) {
        if (deleted.contains(token)) {
            return Effect.DELETES;
        }
        if (restored.contains(token)) {
            return Effect.RESTORES;
        }
        return made.containsKey(token) ? Effect.MAKES : Effect.CHANGES;
    }
}
