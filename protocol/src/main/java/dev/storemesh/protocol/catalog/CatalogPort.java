package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogFilter;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.Query;
import dev.storemesh.protocol.query.QueryAnswer;
import dev.storemesh.protocol.query.Report;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The way into the catalogs of a site, the same at HQ (where catalogs are written) and at a store (where they are
/// followed and writes are queued). A future that fails means that nothing can be told: a write may have been made.
public interface CatalogPort {
    /// The same catalogs on these terms. With a lock, reads see its transaction's version with all steps so far
    /// (the log, searches and [#versionAt] show what is visible to everybody, as without it), and [#write] and
    /// [#revert] are steps, answered with [Answer.Staged]. What somebody else's transaction keeps out waits for
    /// its end as long as the patience lasts, and is refused as [Refusal.Locked] then. At a store [#write] waits as
    /// long for HQ's decision.
    CatalogPort on(Terms terms);

    /// At a store: the newest view of a catalog. Empty at HQ, where nothing is laid over it, and of a catalog that
    /// is not followed.
    default CompletionStage<Optional<LocalView>> view(CatalogId catalog) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    /// At HQ: opens a transaction, with its first step, if one is given; answered with [Answer.Opened]. At a store:
    /// refused as [Refusal.HqOnly].
    CompletionStage<Answer> open(CatalogId catalog, Opening opening);

    /// At HQ: makes all steps visible as one version; answered with [Answer.Ended], also again. At a store: refused
    /// as [Refusal.HqOnly].
    CompletionStage<Answer> commit(CatalogId catalog, LockToken lock);

    /// The same, and remembers the answer to the request that all of it was; answered with [Answer.Ended], or
    /// refused as [Refusal.KeyReused].
    CompletionStage<Answer> commit(CatalogId catalog, LockToken lock, Closing closing);

    /// At HQ: what was answered to a request with this key, as [Answer.Recalled]. At a store: refused as
    /// [Refusal.HqOnly].
    CompletionStage<Answer> recall(CatalogId catalog, IdempotencyKey key);

    /// At HQ: leaves the transaction's version void; answered with [Answer.Ended], also again. At a store:
    /// refused as [Refusal.HqOnly].
    CompletionStage<Answer> rollBack(CatalogId catalog, LockToken lock);

    /// At HQ: makes the catalog. At a store: refused as [Refusal.HqOnly].
    CompletionStage<Answer> create(CatalogId catalog, Provenance provenance);

    /// Answered with [Answer.Accepted] or [Answer.Queued] when the journal has it; at a store with [Answer.Settled]
    /// when HQ has decided it while there was patience.
    CompletionStage<Answer> write(CatalogId catalog, Write write);

    /// At HQ: one write that makes objects what they were. At a store: refused as [Refusal.HqOnly].
    CompletionStage<Answer> revert(CatalogId catalog, Reversal reversal);

    CompletionStage<Reading<CatalogHead>> head(CatalogId catalog);

    /// Without a version: at the newest visible one.
    CompletionStage<Reading<ObjectView.Live>> object(
            CatalogId catalog, ObjectToken token, Optional<Version> version, Scope scope);

    /// At most `limit` objects at a version, from the one after `after` on.
    CompletionStage<Reading<Slice>> page(CatalogId catalog, PageQuery query);

    /// The object that has this value of an attribute that is unique, written as [UniqueKey] reads it.
    CompletionStage<Reading<ObjectView.Live>> objectBy(
            CatalogId catalog, DefinitionName attribute, String value, Optional<Version> version, Scope scope);

    /// One page of what a query comes to, from the object after `query.after()` on.
    CompletionStage<Reading<QueryAnswer>> query(CatalogId catalog, QueryPage query);

    /// What a report counts, for each location of its group, all at one version.
    CompletionStage<Reading<Report.Answer>> report(CatalogId catalog, Report report, Optional<Version> version);

    /// At most `limit` objects that differ between `since` and a version, from the one after `after` on.
    CompletionStage<Reading<Slice>> changes(CatalogId catalog, Version since, PageQuery query);

    /// The same between two views of a store: objects that its own writes came to lie over, or lie over no more,
    /// differ, too. At HQ nothing lies over them.
    default CompletionStage<Reading<Slice>> changes(CatalogId catalog, LocalView since, PageQuery query) {
        return changes(catalog, since.version(), query);
    }

    /// The catalog's own schema objects; without a version: at the newest visible one.
    CompletionStage<Reading<SchemaView>> schema(CatalogId catalog, Optional<Version> version);

    /// What stands in the log after `query.after()`, in order: versions, and of one that a transaction made its
    /// steps and then its end. An answer may end between two steps; who has them all has the version.
    CompletionStage<Reading<LogSlice>> log(CatalogId catalog, LogQuery query);

    /// The newest visible version: as soon as it is after this one, or when the patience is over.
    CompletionStage<Reading<Version>> newest(CatalogId catalog, Version after, Duration patience);

    /// Versions after `search.after()` that the filter wants, in order; of one that a transaction made its end, and
    /// none of its steps.
    CompletionStage<Reading<Findings>> search(CatalogId catalog, LogSearch search);

    /// The newest version that was there at this instant; nothing: the catalog is younger.
    CompletionStage<Reading<Version>> versionAt(CatalogId catalog, Instant at);

    /// What this site holds of a catalog is what is global and at this location; empty: all of it, as at HQ.
    default CompletionStage<Optional<LocationId>> location(CatalogId catalog) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    /// A page of all that is seen at a version and later, for a site that begins with the state at it.
    CompletionStage<Reading<Snapshot>> snapshot(CatalogId catalog, SnapshotQuery query);

    /// At a store: has it take HQ's state over anew, in the place of what it holds; done when
    /// it is sure to. False at HQ, and where the catalog is not followed.
    default CompletionStage<Boolean> resync(CatalogId catalog) {
        return CompletableFuture.completedStage(false);
    }

    /// What happened to one object, as known at a version; without one, at the newest.
    CompletionStage<Reading<ObjectHistory>> history(CatalogId catalog, ObjectToken token, HistoryQuery query);

    /// At most `limit` objects that are not the same at two versions, from the one after `after` on; read at the
    /// later one.
    CompletionStage<Reading<ObjectDifference.Slice>> differences(CatalogId catalog, DifferenceQuery query);

    /// Back to version `to`: all objects, or these. `digest` and `ifVersion` as in a [Write].
    record Reversal(
            Version to,
            Optional<Set<ObjectToken>> objects,
            Optional<Version> ifVersion,
            Provenance provenance,
            String digest) {
        public Reversal {
            objects = objects.map(Set::copyOf);
        }
    }

    /// What opens a transaction. `provenance` names its holder, with the idempotency key and the reason, and
    /// `digest` is of what the client sent, as in a [Write]; both are those of `first`, where there is one.
    /// `idle`: it ends, as void, when nothing is written for so long.
    record Opening(Provenance provenance, String digest, Duration idle, Optional<Write> first) {
        public static final Duration DEFAULT_IDLE = Duration.ofMinutes(1);
        public static final Duration MAX_IDLE = Duration.ofHours(1);

        public Opening {
            if (idle.compareTo(Duration.ofSeconds(1)) < 0 || idle.compareTo(MAX_IDLE) > 0) {
                throw new IllegalArgumentException("idle: " + idle + " (expected: 1 s to 1 h)");
            }
        }
    }

    record PageQuery(
            Selection selection, Order order, Optional<Version> version, Optional<ObjectToken> after, int limit) {}

    /// `after`: the last object of the page before, which was read at the same version.
    record QueryPage(Query query, Optional<Version> version, Optional<ObjectToken> after) {}

    record HistoryQuery(
            Optional<DefinitionName> attribute,
            Scope scope,
            Optional<Version> version,
            Optional<Version> after,
            int limit) {}

    /// From one version to another, which may be earlier; without `to`, to the newest.
    record DifferenceQuery(
            Selection selection, Version from, Optional<Version> to, Optional<ObjectToken> after, int limit) {}

    /// At most `limit` entries, fewer where they are large.
    record LogSearch(Version after, int limit, LogFilter filter) {}

    /// The entries that were found up to version `scannedTo`. `more`: there are versions after it to be searched.
    record Findings(HistoryId history, List<LogEntry> entries, boolean more, Version scannedTo) {
        public Findings {
            entries = List.copyOf(entries);
        }
    }

    /// At most `limit` objects after one, in page order, fewer where they are large. Without a version: at the
    /// newest. `location`: as in [LogQuery].
    record SnapshotQuery(
            Optional<Version> version, Optional<ObjectToken> after, int limit, Optional<LocationId> location) {
        public SnapshotQuery(Optional<Version> version, Optional<ObjectToken> after, int limit) {
            this(version, after, limit, Optional.empty());
        }
    }

    /// `floor`: of a first page, what the version is. `more`: there are others after these.
    record Snapshot(HistoryId history, Optional<Floor> floor, List<LoadedObject> objects, boolean more) {
        public Snapshot {
            objects = List.copyOf(objects);
        }
    }

    /// `chain`: what the reader has for the last entry that it holds, to be checked. `patience`: where there is
    /// nothing yet, answer as soon as there is, or with nothing when the time is up. `location`: only what is
    /// global and at this location is wanted; empty: all. A site that holds less answers [Reading.OutOfScope].
    record LogQuery(
            LogPlace after, int limit, Duration patience, Optional<ChainHash> chain, Optional<LocationId> location) {
        public LogQuery(LogPlace after, int limit, Duration patience, Optional<ChainHash> chain) {
            this(after, limit, patience, chain, Optional.empty());
        }

        public LogQuery(Version after, int limit, Duration patience, Optional<ChainHash> chain) {
            this(LogPlace.of(after), limit, patience, chain);
        }
    }

    /// At most as many entries as asked for; fewer where they are large. `more`: others are there already.
    /// `origin`: the history that the chain begins in, where that is another one.
    record LogSlice(HistoryId history, Optional<HistoryId> origin, List<LogEntry> entries, boolean more) {
        public LogSlice {
            entries = List.copyOf(entries);
        }

        public LogSlice(HistoryId history, List<LogEntry> entries, boolean more) {
            this(history, Optional.empty(), entries, more);
        }
    }
}
