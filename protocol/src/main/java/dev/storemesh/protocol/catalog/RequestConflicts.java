package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.change.AskedValues;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Bring;
import dev.storemesh.protocol.write.Operation.Delete;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Undelete;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Where what operations change is not what it was when somebody looked: per slot, what stands now differs from what
/// stood then, and from what is asked for. Pure.
///
/// @param own whether a version is one that the same store asked for
record RequestConflicts(
        Schema schema,
        Function<ObjectToken, ObjectState> then,
        Function<ObjectToken, ObjectState> now,
        Predicate<Version> own) {
    List<Conflict> of(List<Operation> operations) {
        return operations.stream().flatMap(this::of).toList();
    }

    private Stream<Conflict> of(Operation operation) {
        if (!(operation.object() instanceof ObjectRef.Known(var token))) {
            return Stream.empty();
        }
        return switch (operation) {
            case Delete delete -> whole(token);
            case Undelete undelete -> Stream.empty(); // what is deleted does not change
            case Bring bring -> Stream.empty(); // no change request has one
            case Put put ->
                Stream.concat(
                        put.set().stream().flatMap(setting -> set(token, setting)),
                        put.unset().stream()
                                .filter(unsetting -> unsetting.value().isEmpty())
                                .flatMap(unsetting -> slot(token, unsetting.slot(), Optional.empty())));
        };
    }

    /// Who adds one value to a set hides no other.
    private Stream<Conflict> set(ObjectToken token, Operation.Setting setting) {
        return schema
                .definition(setting.slot().definition())
                .filter(definition -> !definition.isSet())
                .flatMap(definition -> AskedValues.read(definition, setting.value()))
                .stream()
                .flatMap(value -> slot(token, setting.slot(), Optional.of(value)));
    }

    private Stream<Conflict> slot(ObjectToken token, Slot slot, Optional<Value> requested) {
        var base = rows(then.apply(token), slot).stream()
                .map(RequestConflicts::value)
                .toList();
        var rows = rows(now.apply(token), slot);
        var current = rows.stream().map(RequestConflicts::value).toList();
        return base.equals(current)
                        || current.equals(requested.stream().toList())
                        || !rows.isEmpty() && rows.stream().map(Row::version).allMatch(own)
                ? Stream.empty()
                : Stream.of(new Conflict(
                        token,
                        Optional.of(slot),
                        base.stream().findFirst(),
                        requested,
                        current.stream().findFirst()));
    }

    private Stream<Conflict> whole(ObjectToken token) {
        return same(then.apply(token), now.apply(token))
                ? Stream.empty()
                : Stream.of(
                        new Conflict(token, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private static boolean same(ObjectState then, ObjectState now) {
        return then instanceof ObjectState.Live before && now instanceof ObjectState.Live after
                ? new HashSet<>(before.rows()).equals(new HashSet<>(after.rows()))
                : !(then instanceof ObjectState.Live) && !(now instanceof ObjectState.Live);
    }

    private static Value value(Row row) {
        return row.attribute().value();
    }

    private static List<Row> rows(ObjectState state, Slot slot) {
        return state instanceof ObjectState.Live live
                ? live.rows().stream().filter(row -> row.slot().equals(slot)).toList()
                : List.of();
    }
}
