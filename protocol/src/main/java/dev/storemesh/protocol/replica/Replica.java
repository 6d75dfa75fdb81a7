package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.object.LoadPart;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a store must know of the catalog it follows; not the objects, which the partitions hold.
public sealed interface Replica {
    CatalogId id();

    /// The position of the last row of the replica's own journal.
    Position position();

    /// The store has not enrolled yet.
    record Unenrolled(CatalogId id, Position position) implements Replica {}

    /// `head` and `chain` are those of the last version that came down whole; `staged` is the one after it, while
    /// only steps of it are here. `own` is what lies over it.
    record Following(
            CatalogId id,
            Position position,
            StoreId store,
            HistoryId history,
            long epoch,
            Version head,
            ChainHash chain,
            PartitionMap partitions,
            LogIndex index,
            RequestQueue queue,
            SchemaHistory schemas,
            Optional<StagedVersion> staged,
            OwnWrites own,
            Copy copy)
            implements Replica, LogStanding {
        /// One that holds whole versions only.
        public Following(
                CatalogId id,
                Position position,
                StoreId store,
                HistoryId history,
                long epoch,
                Version head,
                ChainHash chain,
                PartitionMap partitions,
                LogIndex index,
                RequestQueue queue,
                SchemaHistory schemas) {
            this(
                    id,
                    position,
                    store,
                    history,
                    epoch,
                    head,
                    chain,
                    partitions,
                    index,
                    queue,
                    schemas,
                    Optional.empty(),
                    OwnWrites.NONE);
        }

        /// One that has held its log from the beginning.
        public Following(
                CatalogId id,
                Position position,
                StoreId store,
                HistoryId history,
                long epoch,
                Version head,
                ChainHash chain,
                PartitionMap partitions,
                LogIndex index,
                RequestQueue queue,
                SchemaHistory schemas,
                Optional<StagedVersion> staged,
                OwnWrites own) {
            this(
                    id,
                    position,
                    store,
                    history,
                    epoch,
                    head,
                    chain,
                    partitions,
                    index,
                    queue,
                    schemas,
                    staged,
                    own,
                    Copy.OF_LOG);
        }

        @Override
        public Optional<Floor> floor() {
            return copy.floor();
        }

        @Override
        public Optional<Load> load() {
            return copy.load();
        }

        @Override
        public Optional<LocationId> location() {
            return copy.location();
        }

        /// Whether nothing has come down yet.
        boolean isNew() {
            return place().equals(LogPlace.of(Version.NONE)) && floor().isEmpty();
        }

        @Override
        public long local() {
            return own.last();
        }

        /// What the next entry's chain goes on from.
        public ChainHash lastChain() {
            return staged.map(StagedVersion::chain).orElse(chain);
        }

        @Override
        public int queued() {
            return queue.size();
        }

        /// The same for who only reads: without the queue and the undecided own writes, which may be many.
        public Following brief() {
            return new Following(
                    id,
                    position,
                    store,
                    history,
                    epoch,
                    head,
                    chain,
                    partitions,
                    index,
                    RequestQueue.EMPTY,
                    schemas,
                    staged,
                    new OwnWrites(own.last(), Map.of()),
                    copy);
        }

        Following at(Position now) {
            return new Following(
                    id, now, store, history, epoch, head, chain, partitions, index, queue, schemas, staged, own, copy);
        }

        Following with(RequestQueue changed) {
            return new Following(
                    id,
                    position,
                    store,
                    history,
                    epoch,
                    head,
                    chain,
                    partitions,
                    index,
                    changed,
                    schemas,
                    staged,
                    own,
                    copy);
        }

        Following with(PartitionMap divided) {
            return new Following(
                    id, position, store, history, epoch, head, chain, divided, index, queue, schemas, staged, own,
                    copy);
        }

        /// With these own writes, after a row that laid something over these objects, or nothing any more.
        Following with(OwnWrites writes, Set<ObjectToken> objects) {
            return new Following(
                    id,
                    position,
                    store,
                    history,
                    epoch,
                    head,
                    chain,
                    partitions.touching(objects, position),
                    index,
                    queue,
                    schemas,
                    staged,
                    writes,
                    copy);
        }

        /// What HQ has not recorded is numbered anew in a new epoch.
        Following inEpoch(StoreId as, long newEpoch) {
            return new Following(
                    id,
                    position,
                    as,
                    history,
                    newEpoch,
                    head,
                    chain,
                    partitions,
                    index,
                    newEpoch == epoch ? queue : queue.renumbered(),
                    schemas,
                    staged,
                    own,
                    newEpoch == epoch ? copy : copy.fromItsBeginning());
        }

        /// With requests that wait again, before all others, in a new epoch. What has come in of a copy stays.
        Following queuedAgain(List<QueuedRequest> requests, long newEpoch) {
            return new Following(
                    id,
                    position,
                    store,
                    history,
                    newEpoch,
                    head,
                    chain,
                    partitions,
                    index,
                    queue.renumbered(requests),
                    schemas,
                    staged,
                    own,
                    copy.withoutRecorded(
                            token -> queue.find(new RequestId(token.text())).isPresent()));
        }

        /// After these entries of the last row.
        Following indexed(List<LogEntry> entries) {
            return new Following(
                    id,
                    position,
                    store,
                    history,
                    epoch,
                    head,
                    chain,
                    partitions.after(entries, position),
                    index.after(entries.getFirst().place(), position),
                    queue,
                    schemas,
                    staged,
                    own,
                    copy);
        }

        Following with(StagedVersion steps) {
            return new Following(
                    id,
                    position,
                    store,
                    history,
                    epoch,
                    head,
                    chain,
                    partitions,
                    index,
                    queue,
                    schemas,
                    Optional.of(steps),
                    own,
                    copy);
        }

        Following with(Copy other) {
            return new Following(
                    id,
                    position,
                    store,
                    history,
                    epoch,
                    head,
                    chain,
                    partitions,
                    index,
                    queue,
                    schemas,
                    staged,
                    own,
                    other);
        }

        Following with(Load load) {
            return with(copy.with(load));
        }

        /// After a row that brought this of another copy.
        Following having(LoadPart part, Load.Begun begun) {
            return new Following(
                    id,
                    position,
                    store,
                    history,
                    epoch,
                    head,
                    chain,
                    partitions.after(part, position),
                    index,
                    queue,
                    schemas,
                    staged,
                    own,
                    copy.with(copy.next().having(begun)));
        }

        /// After the row that made another copy whole, which is in the place of what was held before. What waits
        /// for HQ goes on waiting, but for what that copy says is recorded there.
        Following whole(Load.Begun begun) {
            var from = begun.floor();
            return new Following(
                    id,
                    position,
                    store,
                    begun.history(),
                    epoch,
                    from.version(),
                    from.chain(),
                    partitions.after(new LoadPart(false, List.of(), Optional.of(from.version())), position),
                    new LogIndex(List.of(new LogIndex.Mark(from.version(), position))),
                    queue.recorded(begun.recorded()).seeingAtMost(from.version()),
                    SchemaHistory.of(
                            begun.schema().stream().map(LoadedObject::held).toList()),
                    Optional.empty(),
                    own,
                    new Copy(Optional.of(from), Optional.empty(), copy.wanted()));
        }

        /// After a version, or its end, that left these schemas.
        Following after(LogEntry entry, SchemaHistory left) {
            return new Following(
                    id,
                    position,
                    store,
                    history,
                    epoch,
                    entry.version(),
                    entry.chain(),
                    partitions,
                    index,
                    queue,
                    left,
                    Optional.empty(),
                    own,
                    copy);
        }
    }

    static Replica unenrolled(CatalogId id) {
        return new Unenrolled(id, Position.START);
    }
}
