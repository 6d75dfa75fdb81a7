package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.LocalChange;
import dev.storemesh.protocol.object.LocalEnd;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A store's own writes, which take effect there at once: how many there were, and where those lie that HQ has not
/// decided, recorded or not. Immutable; it grows by one at the same cost however many there are. Compares by what
/// is in it.
public final class OwnWrites {
    public static final OwnWrites NONE = new OwnWrites(0, Map.of());

    private final long last;
    private final PersistentMap<RequestId, OwnWrite> undecided;
    private final PersistentMap<Long, RequestId> byNumber; // of these

    /// The number of a write, and the objects that it is laid over.
    public record OwnWrite(long number, Set<ObjectToken> objects) {
        public OwnWrite {
            objects = Set.copyOf(objects);
        }
    }

    /// @param last the newest number given out; 0 before the first
    public OwnWrites(long last, Map<RequestId, OwnWrite> undecided) {
        this(
                last,
                PersistentMap.of(undecided),
                PersistentMap.of(undecided.entrySet().stream()
                        .collect(Collectors.toMap(
                                write -> write.getValue().number(), Map.Entry::getKey, (first, second) -> first))));
    }

    private OwnWrites(
            long last, PersistentMap<RequestId, OwnWrite> undecided, PersistentMap<Long, RequestId> byNumber) {
        this.last = last;
        this.undecided = undecided;
        this.byNumber = byNumber;
    }

    public long last() {
        return last;
    }

    public Map<RequestId, OwnWrite> undecided() {
        return undecided.toMap();
    }

    /// Its number, while HQ has not decided it.
    public Optional<Long> number(RequestId id) {
        return undecided.get(id).map(OwnWrite::number);
    }

    OwnWrites plus(RequestId id, LocalChange change) {
        return new OwnWrites(
                change.number(),
                undecided.with(id, new OwnWrite(change.number(), change.objects()), (other, write) -> false),
                byNumber.with(change.number(), id, (other, write) -> false));
    }

    OwnWrites without(List<LocalEnd> decided) {
        var rest = this;
        for (var end : decided) {
            rest = byNumber.get(end.number()).map(rest::without).orElse(rest);
        }
        return rest;
    }

    private OwnWrites without(RequestId id) {
        return undecided
                .get(id)
                .map(write -> new OwnWrites(last, undecided.without(id), byNumber.without(write.number())))
                .orElse(this);
    }

    /// Those that HQ decides in these entries. No transaction decides any.
    List<LocalEnd> decidedIn(List<LogEntry> entries) {
        return entries.stream()
                .filter(entry -> entry.part() instanceof LogEntry.Part.Whole && !entry.isVoid())
                .flatMap(entry -> entry.changes().stream()
                        .filter(RequestRecord::isDecidedIn)
                        .flatMap(change ->
                                undecided.get(new RequestId(change.object().text())).stream())
                        .map(write -> new LocalEnd(write.number(), entry.version(), write.objects())))
                .toList();
    }

    /// Those that HQ has decided where these are its objects.
    List<LocalEnd> decidedAmong(List<LoadedObject> objects) {
        return objects.stream()
                .filter(object -> RequestRecord.isDecidedIn(object.change()))
                .flatMap(object -> undecided
                        .get(new RequestId(object.object().text()))
                        .map(write -> new LocalEnd(write.number(), object.held().changed(), write.objects()))
                        .stream())
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OwnWrites writes && last == writes.last && undecided.equals(writes.undecided);
    }

    @Override
    public int hashCode() {
        return Objects.hash(last, undecided);
    }

    @Override
    public String toString() {
        return "OwnWrites[last=" + last + ", undecided=" + undecided.toMap() + "]";
    }
}
