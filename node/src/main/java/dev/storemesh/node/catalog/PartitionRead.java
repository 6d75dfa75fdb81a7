package dev.storemesh.node.catalog;

import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LoadedSlice;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PendingChange;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.Bounded;
import dev.storemesh.protocol.query.Part;
import dev.storemesh.protocol.query.Place;
import dev.storemesh.protocol.query.Plan;
import dev.storemesh.protocol.query.Queries;
import dev.storemesh.protocol.query.Targets;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Lookup;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A question about what a partition holds at a version. It changes nothing, and any thread may ask it of contents
/// that are up to that version.
public sealed interface PartitionRead<T> {
    T of(PartitionContents contents);

    /// The versions that it looks at, if contents hold not all of them; empty: they do.
    default Optional<Past> past(PartitionContents contents) {
        return Optional.empty();
    }

    /// What a read lacks that looks at all objects at a version.
    private static Optional<Past> lacking(PartitionContents contents, Version version) {
        return lacking(contents, version, 0);
    }

    /// The same with so many of a store's own writes laid over it.
    private static Optional<Past> lacking(PartitionContents contents, Version version, long local) {
        return contents.floor().isAfter(version) || !contents.holds(version, local)
                ? Optional.of(Past.at(version))
                : Optional.empty();
    }

    /// Whether it is done in far less than a millisecond, so that any thread may do it at once.
    default boolean isShort(PartitionContents contents) {
        return false;
    }

    /// What deciding needs that goes on from `version`: the newest one, or that of the open transaction. Of
    /// scattered questions only those for which the partition knows an object. At a store it goes on from so many
    /// of its own writes, too.
    record Fetch(Set<Lookup> lookups, Version version, long local) implements PartitionRead<Fetched> {
        public Fetch {
            lookups = Set.copyOf(lookups);
        }

        @Override
        public Optional<Past> past(PartitionContents contents) {
            return contents.floor().equals(Version.NONE)
                    ? Optional.empty()
                    : lookups.stream()
                            .flatMap(lookup -> contents.lackedBy(lookup, version).stream())
                            .min(Version::compareTo)
                            .map(Past::from);
        }

        @Override
        public Fetched of(PartitionContents contents) {
            return contents.find(lookups, version, local);
        }

        @Override
        public boolean isShort(PartitionContents contents) {
            return lookups.stream()
                    .noneMatch(lookup -> lookup instanceof Lookup.Examine || lookup instanceof Lookup.ChangedSince);
        }
    }

    /// What is seen at a version and later of the first objects after one, in page order: at most `limit`, and no
    /// more after the one that fills `bytes`.
    record Snapshot(Version version, Optional<ObjectToken> after, int limit, long bytes)
            implements PartitionRead<LoadedSlice> {
        @Override
        public Optional<Past> past(PartitionContents contents) {
            return PartitionRead.lacking(contents, version);
        }

        @Override
        public LoadedSlice of(PartitionContents contents) {
            return LoadedSlice.of(contents.objects(), version, after, limit, bytes);
        }
    }

    /// Between two views of a store.
    record ViewChanges(Selection selection, LocalView since, LocalView to, Optional<ObjectToken> after, int limit)
            implements PartitionRead<Slice> {
        @Override
        public Optional<Past> past(PartitionContents contents) {
            return contents.holds(since.version(), since.local())
                    ? PartitionRead.lacking(contents, to.version(), to.local())
                    : Optional.of(new Past(since.version(), to.version()));
        }

        @Override
        public Slice of(PartitionContents contents) {
            return contents.changes(selection, since.version(), since.local(), to.version(), to.local(), after, limit);
        }
    }

    /// `local`, here and below: so many of a store's own writes are laid over the version; `pending`: in their
    /// place these undecided change requests, if there are any.
    record FindObject(ObjectToken token, Version version, long local, Scope scope, List<PendingChange> pending)
            implements PartitionRead<Optional<ObjectView.Live>> {
        public FindObject {
            pending = List.copyOf(pending);
        }

        @Override
        public Optional<Past> past(PartitionContents contents) {
            return contents.holds(token, version) && contents.holds(version, local)
                    ? Optional.empty()
                    : Optional.of(Past.at(version));
        }

        @Override
        public Optional<ObjectView.Live> of(PartitionContents contents) {
            return pending.isEmpty()
                    ? contents.object(token, version, local, scope)
                    : contents.objectsAt(version, local, pending).object(token, version, scope);
        }

        @Override
        public boolean isShort(PartitionContents contents) {
            return true;
        }
    }

    record Page(
            Selection selection,
            Version version,
            long local,
            Order order,
            Optional<ObjectToken> after,
            int limit,
            List<PendingChange> pending)
            implements PartitionRead<Slice> {
        public Page {
            pending = List.copyOf(pending);
        }

        @Override
        public Optional<Past> past(PartitionContents contents) {
            return PartitionRead.lacking(contents, version, local);
        }

        @Override
        public Slice of(PartitionContents contents) {
            return contents.objectsAt(version, local, pending).page(selection, version, order, after, limit);
        }
    }

    record Changes(Selection selection, Version since, Version version, Optional<ObjectToken> after, int limit)
            implements PartitionRead<Slice> {
        @Override
        public Optional<Past> past(PartitionContents contents) {
            return PartitionRead.lacking(contents, version);
        }

        @Override
        public Slice of(PartitionContents contents) {
            return contents.objectsAt(version).changes(selection, since, version, after, limit);
        }
    }

    record FindByKey(
            DefinitionName attribute,
            Value value,
            Version version,
            long local,
            Scope scope,
            List<PendingChange> pending)
            implements PartitionRead<Optional<ObjectView.Live>> {
        public FindByKey {
            pending = List.copyOf(pending);
        }

        @Override
        public Optional<Past> past(PartitionContents contents) {
            return PartitionRead.lacking(contents, version, local);
        }

        @Override
        public Optional<ObjectView.Live> of(PartitionContents contents) {
            return Queries.holder(contents.objectsAt(version, local, pending), attribute, value, version, scope);
        }

        @Override
        public boolean isShort(PartitionContents contents) {
            return pending.isEmpty();
        }
    }

    record FollowLinks(Plan plan, Version version, long local, List<PendingChange> pending)
            implements PartitionRead<Bounded<Targets>> {
        public FollowLinks {
            pending = List.copyOf(pending);
        }

        @Override
        public Optional<Past> past(PartitionContents contents) {
            return PartitionRead.lacking(contents, version, local);
        }

        @Override
        public Bounded<Targets> of(PartitionContents contents) {
            return Queries.targets(contents.objectsAt(version, local, pending), plan, version);
        }
    }

    record Query(Plan plan, Version version, long local, Optional<Place> after, List<PendingChange> pending)
            implements PartitionRead<Bounded<Part>> {
        public Query {
            pending = List.copyOf(pending);
        }

        @Override
        public Optional<Past> past(PartitionContents contents) {
            return PartitionRead.lacking(contents, version, local);
        }

        @Override
        public Bounded<Part> of(PartitionContents contents) {
            return Queries.part(contents.objectsAt(version, local, pending), plan, version, after);
        }

        @Override
        public boolean isShort(PartitionContents contents) {
            return pending.isEmpty() && Queries.isShort(contents.objectsAt(version, local), plan);
        }
    }

    record History(ObjectToken token, ObjectHistory.Query query) implements PartitionRead<Optional<ObjectHistory>> {
        @Override
        public Optional<Past> past(PartitionContents contents) {
            return contents.holdsHistory(token, query)
                    ? Optional.empty()
                    : Optional.of(new Past(query.after().orElse(Version.NONE), query.upTo()));
        }

        @Override
        public Optional<ObjectHistory> of(PartitionContents contents) {
            return contents.history(token, query);
        }

        @Override
        public boolean isShort(PartitionContents contents) {
            return true;
        }
    }

    record Differences(Selection selection, Version from, Version to, Optional<ObjectToken> after, int limit)
            implements PartitionRead<ObjectDifference.Slice> {
        @Override
        public Optional<Past> past(PartitionContents contents) {
            return PartitionRead.lacking(contents, from.isAfter(to) ? to : from)
                    .map(past -> new Past(past.lowest(), from.isAfter(to) ? from : to));
        }

        @Override
        public ObjectDifference.Slice of(PartitionContents contents) {
            return contents.objectsAt(from.isAfter(to) ? from : to).differences(selection, from, to, after, limit);
        }
    }

    /// All objects, those that are deleted and those of an open transaction among them.
    record Size() implements PartitionRead<Long> {
        @Override
        public Long of(PartitionContents contents) {
            return (long) contents.size();
        }

        @Override
        public boolean isShort(PartitionContents contents) {
            return true;
        }
    }

    record Count() implements PartitionRead<Long> {
        @Override
        public Long of(PartitionContents contents) {
            return contents.objects().liveCount();
        }

        @Override
        public boolean isShort(PartitionContents contents) {
            return true;
        }
    }
}
