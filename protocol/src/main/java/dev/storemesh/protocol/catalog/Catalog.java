package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.OpenTransaction;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.object.Transactions;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the single writer of a catalog must know to decide; not the objects, which the partitions hold.
public sealed interface Catalog {
    CatalogId id();

    /// The position of the last row.
    Position position();

    /// About how many bytes of the heap it takes, the actor that holds it left out.
    default long heapBytes() {
        return WRITER;
    }

    /// What one takes that knows of next to nothing.
    long WRITER = 4_000;

    /// Nobody made it yet.
    record Unmade(CatalogId id, Position position) implements Catalog {}

    /// `lastAt` is the time of the newest version: the next one's is later. `origin`: the history that it was made
    /// with, in which its chain begins; `history`: the one it goes on in since it was last restored.
    record Made(
            CatalogId id,
            Position position,
            HistoryId history,
            Version head,
            ChainHash chain,
            Instant lastAt,
            PartitionMap partitions,
            LogIndex index,
            SchemaHistory schemas,
            Transactions transactions,
            HistoryId origin)
            implements Catalog, LogStanding {
        /// One that was never restored.
        public Made(
                CatalogId id,
                Position position,
                HistoryId history,
                Version head,
                ChainHash chain,
                Instant lastAt,
                PartitionMap partitions,
                LogIndex index,
                SchemaHistory schemas,
                Transactions transactions) {
            this(id, position, history, head, chain, lastAt, partitions, index, schemas, transactions, history);
        }

        /// One that knows of no transaction.
        public Made(
                CatalogId id,
                Position position,
                HistoryId history,
                Version head,
                ChainHash chain,
                Instant lastAt,
                PartitionMap partitions,
                LogIndex index,
                SchemaHistory schemas) {
            this(id, position, history, head, chain, lastAt, partitions, index, schemas, Transactions.NONE);
        }

        @Override
        public Optional<StagedVersion> staged() {
            return transactions.open().map(OpenTransaction::staged);
        }

        @Override
        public long heapBytes() {
            return WRITER
                    + schemas.heapBytes()
                    + 64L * index.marks().size()
                    + 24L * (partitions.count() + transactions.discarded().size())
                    + 400L * transactions.ended().size()
                    + transactions
                            .open()
                            .map(open -> open.staged().schemas().heapBytes())
                            .orElse(0L);
        }

        Made at(Position now) {
            return new Made(id, now, history, head, chain, lastAt, partitions, index, schemas, transactions, origin);
        }

        /// After these entries of the last row.
        Made indexed(List<LogEntry> entries) {
            return entries.isEmpty()
                    ? this
                    : new Made(
                            id,
                            position,
                            history,
                            head,
                            chain,
                            lastAt,
                            partitions.after(entries, position),
                            index.after(entries.getFirst().place(), position),
                            schemas,
                            transactions,
                            origin);
        }

        Made with(PartitionMap divided) {
            return new Made(id, position, history, head, chain, lastAt, divided, index, schemas, transactions, origin);
        }

        Made with(Transactions changed) {
            return new Made(id, position, history, head, chain, lastAt, partitions, index, schemas, changed, origin);
        }

        Made in(HistoryId next) {
            return new Made(id, position, next, head, chain, lastAt, partitions, index, schemas, transactions, origin);
        }

        /// After a version that left these schemas.
        Made after(LogEntry entry, SchemaHistory left) {
            return new Made(
                    id,
                    position,
                    history,
                    entry.version(),
                    entry.chain(),
                    entry.at(),
                    partitions,
                    index,
                    left,
                    transactions,
                    origin);
        }
    }

    static Catalog unmade(CatalogId id) {
        return new Unmade(id, Position.START);
    }
}
