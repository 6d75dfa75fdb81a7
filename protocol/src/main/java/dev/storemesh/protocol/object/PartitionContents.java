package dev.storemesh.protocol.object;

import dev.storemesh.protocol.constraint.Audit;
import dev.storemesh.protocol.constraint.Findings;
import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Remembered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What one partition owns, as of a position of the log: objects, and the answers to keyed writes; and beside them,
/// while a transaction is open, what its steps did; at a store, its own writes that HQ has not decided, and what
/// has come in of another copy. Many threads may read it, or one change it.
public final class PartitionContents {
    private VersionedObjects objects = new VersionedObjects();
    private final Map<IdempotencyKey, Remembered> answers = new HashMap<>();
    private final HashRange range;
    private WrittenVersions written;
    private Position position;
    private long weight;
    private long ownBytes;
    private long answerBytes;
    private LocalChanges locals = new LocalChanges();
    private List<VersionedObject> arriving = new ArrayList<>(); // of a copy that is not whole yet
    private long arrivingBytes;
    private Position whole = Position.START; // of the row since which a copy is what is held
    private Optional<Overlay> overlay;
    private Version newest = Version.NONE; // that everybody sees, of those that touched it
    private Version floor = Version.NONE;

    private PartitionContents(HashRange range) {
        this.range = range;
        written = new WrittenVersions();
        position = Position.START;
        overlay = Optional.empty();
        measure();
    }

    /// Those of an image that a partition made which owned everything.
    public static PartitionContents of(PartitionImage image) {
        return of(HashRange.WHOLE, image);
    }

    /// Those of an image, which may hold more than the range: of one that does not say who wrote what, none; then
    /// the log is to be read anew.
    public static PartitionContents of(HashRange range, PartitionImage image) {
        var contents = new PartitionContents(range);
        contents.begin(image);
        return contents;
    }

    /// Takes what an image holds of the range, where nothing was taken over yet.
    public void begin(PartitionImage image) {
        if (position.isAfter(Position.START) || image.written().isEmpty()) {
            return;
        }
        var own = image.within(range);
        written = own.written().orElseThrow().copy();
        position = own.position();
        objects.restore(own.objects());
        own.answers().forEach(this::remember);
        overlay = own.staged().map(steps -> new Overlay(steps, objects));
        weight = own.objects().stream().mapToLong(Weight::of).sum();
        newest = newestOf(own.objects());
        floor = objects.floor();
        locals.restore(own.locals(), objects, newest);
        own.load().arriving().forEach(this::arrive);
        whole = own.load().whole();
        measure();
    }

    private void arrive(VersionedObject object) {
        arriving.add(object);
        arrivingBytes += object.heapBytes() + Weight.of(object);
    }

    /// Takes over what a row brings of another copy, which is seen when it is whole.
    private void take(LoadPart part, Position at) {
        if (part.first()) {
            forgetArriving();
        }
        part.objects().forEach(object -> arrive(object.held()));
        part.whole().ifPresent(version -> begin(version, at));
    }

    private void forgetArriving() {
        arriving = new ArrayList<>();
        arrivingBytes = 0;
    }

    /// What has come in takes the place of what was held: the state at `version`, with what HQ has not decided of
    /// the store's own writes laid over it.
    private void begin(Version version, Position at) {
        objects = new VersionedObjects();
        objects.restore(arriving);
        weight = arriving.stream().mapToLong(Weight::of).sum();
        forgetArriving();
        answers.clear();
        answerBytes = 0;
        written = new WrittenVersions();
        overlay = Optional.empty();
        newest = newestOf(objects.image());
        floor = objects.floor();
        var own = locals.image().over(version);
        locals = new LocalChanges();
        locals.restore(own, objects, version);
        whole = at;
    }

    private static Version newestOf(List<VersionedObject> objects) {
        return objects.stream()
                .map(VersionedObject::changed)
                .max(Version::compareTo)
                .orElse(Version.NONE);
    }

    /// The position of the row since which another copy is what is held; START: none ever took the place of these.
    public Position whole() {
        return whole;
    }

    /// Whether who needs no more than this asks about another copy, which was held before these.
    public boolean isOfAnotherCopy(Position needed) {
        return whole.isAfter(needed);
    }

    /// The newest version that touched these, and that everybody sees.
    public Version newest() {
        return newest;
    }

    /// The version from which on all is held that a reader may see.
    public Version floor() {
        return floor;
    }

    /// Lets go of rows that ended more than so many versions ago, and of who wrote what only they told of.
    public void retain(long versions) {
        if (newest.number() <= versions) {
            return;
        }
        locals.forget(new Version(newest.number() - versions));
        if (objects.drop(new Version(newest.number() - versions)) > 0) {
            floor = objects.floor();
            var left = objects.image();
            written = written.toldBy(left);
            weight = left.stream().mapToLong(Weight::of).sum();
            measure();
        }
    }

    /// Whether all is held that somebody may see of this object at `version`.
    public boolean holds(ObjectToken token, Version version) {
        return !floor.isAfter(version)
                || objectsAt(version)
                        .find(token)
                        .map(object -> object.isHeldAt(version))
                        .orElse(true);
    }

    /// Whether all is held of a store's own writes that somebody may see at a pair of HQ's version and local
    /// number.
    public boolean holds(Version version, long local) {
        return locals.holds(version, local);
    }

    /// The version from which on all is held that a reader of such pairs may see.
    public Version localFloor() {
        return locals.floor();
    }

    /// Whether all is held that happened to it after a version.
    public boolean holdsHistory(ObjectToken token, ObjectHistory.Query query) {
        var after = query.after().orElse(Version.NONE);
        return !floor.isAfter(after)
                || objectsAt(query.upTo())
                        .find(token)
                        .map(object -> !object.dropped().before().isAfter(after))
                        .orElse(true);
    }

    /// The version that is to be looked at for what a look-up asks and these do not hold; empty: they hold it.
    ///
    /// @param at what deciding goes on from
    public Optional<Version> lackedBy(Lookup lookup, Version at) {
        return switch (lookup) {
            case Lookup.AsOf(var token, var version) -> holds(token, version) ? Optional.empty() : Optional.of(version);
            case Lookup.LastLive(var token)
            when floor.isAfter(Version.NONE)
                    && overlayAt(at).flatMap(steps -> steps.lastLive(token)).isEmpty() ->
                objectsAt(at)
                        .find(token)
                        .filter(object -> !object.isLastLifeHeld())
                        .map(VersionedObject::lastLiveAt);
            case Lookup other -> Optional.empty();
        };
    }

    private void remember(IdempotencyKey key, Remembered answer) {
        if (answers.put(key, answer) == null) {
            answerBytes += HeapSize.of(key, answer);
        }
    }

    private void measure() {
        ownBytes = HeapSize.EMPTY_CONTENTS
                + objects.heapBytes()
                + written.heapBytes()
                + answerBytes
                + arrivingBytes
                + overlay.map(Overlay::heapBytes).orElse(0L);
    }

    public PartitionImage image() {
        return new PartitionImage(
                position,
                objects.image(),
                answers,
                Optional.of(written),
                overlay.map(Overlay::image),
                locals.image(),
                new LoadImage(arriving, whole));
    }

    public Position position() {
        return position;
    }

    /// About how many bytes all of it takes.
    public long weight() {
        return weight;
    }

    /// About how many bytes of the heap it takes, with the indexes that were asked for so far.
    public long heapBytes() {
        return ownBytes + objects.index().heapBytes() + locals.heapBytes();
    }

    /// How many objects there are or were, those that an open transaction made among them; or how many have come
    /// in, where that is more already.
    public int size() {
        return Math.max(objects.size(), arriving.size())
                + overlay.map(Overlay::made).orElse(0);
    }

    /// What everybody sees, and has seen.
    public VersionedObjects objects() {
        return objects;
    }

    /// What there is for who reads or decides at `version`: where that is one that a transaction is making, with
    /// its steps so far.
    public ReadableObjects objectsAt(Version version) {
        return overlayAt(version)
                .<ReadableObjects>map(steps -> steps.over(objects))
                .orElse(objects);
    }

    /// The same with those of a store's own writes laid over them that are seen at a pair.
    public ReadableObjects objectsAt(Version version, long local) {
        return local == 0 || overlayAt(version).isPresent() ? objectsAt(version) : locals.over(objects, version, local);
    }

    /// What HQ knew at a version, with undecided change requests laid over it; of none, a store's own writes.
    public ReadableObjects objectsAt(Version version, long local, List<PendingChange> pending) {
        return pending.isEmpty()
                ? objectsAt(version, local)
                : new PendingChanges(pending).over(objects, version, token -> range.holds(token.text()));
    }

    /// One object as it is seen at such a pair.
    public Optional<ObjectView.Live> object(ObjectToken token, Version version, long local, Scope scope) {
        return objectsAt(version)
                .find(token)
                .map(object -> local == 0 ? object : locals.over(object, version, local))
                .flatMap(object -> object.at(version, scope));
    }

    /// At most `limit` objects that differ between two such pairs, each once, from the one after `after` on, in the
    /// order of [PageKey].
    public Slice changes(
            Selection selection,
            Version since,
            long sinceLocal,
            Version version,
            long local,
            Optional<ObjectToken> after,
            int limit) {
        var first = after.map(PageKey::of);
        var overlaid = Stream.concat(
                        locals.objects(since, sinceLocal).stream(), locals.objects(version, local).stream())
                .map(PageKey::of);
        var found = Stream.concat(objects.changedAfter(since), overlaid)
                .distinct()
                .filter(key -> first.map(place -> key.compareTo(place) > 0).orElse(true))
                .sorted()
                .flatMap(key -> objects.find(key).stream())
                .filter(object -> selection.wants(object.type()))
                .flatMap(object -> object
                        .changeBetween(
                                since,
                                locals.of(object.token(), since, sinceLocal),
                                version,
                                locals.of(object.token(), version, local),
                                selection.scope())
                        .stream())
                .limit(limit + 1L)
                .toList();
        return found.size() > limit ? new Slice(found.subList(0, limit), true) : new Slice(found, false);
    }

    private Optional<Overlay> overlayAt(Version version) {
        return overlay.filter(steps -> !steps.version().isAfter(version));
    }

    /// Takes over what of a row is in the range; a row that was taken over before does nothing.
    ///
    /// @return how much work that was, in bytes that were added, about: the end of a transaction adds none, and
    /// moves all that its steps did
    public long apply(LogRow row) {
        if (!row.position().isAfter(position)) {
            return 0;
        }
        var own = row.within(range);
        var moved = 0L;
        own.load().ifPresent(part -> take(part, row.position()));
        for (var step : own.steps()) {
            moved += apply(step);
        }
        own.begun().forEach(change -> locals.begin(change, objects));
        own.ended().forEach(end -> locals.end(end, objects));
        position = row.position();
        var added = own.weight();
        weight += added;
        measure();
        return added + moved;
    }

    /// @return what of before it moved
    private long apply(LogRow.Step step) {
        var moved = 0L;
        var entry = step.entry();
        switch (entry.part()) {
            case LogEntry.Part.Whole whole -> {
                objects.apply(entry);
                locals.changed(
                        entry.version(),
                        entry.changes().stream().map(ObjectChange::object).toList(),
                        objects);
                newest = entry.isVoid() ? newest : entry.version();
                if (!entry.isVoid() && !entry.changes().isEmpty()) {
                    written.add(entry.version(), new Written(entry.at(), entry.provenance()));
                }
                step.answer()
                        .ifPresent(answer ->
                                IdempotencyKey.of(entry.provenance()).ifPresent(key -> remember(key, answer)));
            }
            case LogEntry.Part.Step one -> {
                var steps = overlay.orElseGet(() -> new Overlay(entry));
                steps.apply(step, objects);
                overlay = Optional.of(steps);
            }
            case LogEntry.Part.End end -> {
                if (overlay.isPresent() && !entry.isVoid()) {
                    moved = overlay.get().moveInto(objects, this::remember);
                    locals.changed(entry.version(), objects);
                    newest = entry.version();
                    written.add(entry.version(), new Written(entry.at(), entry.provenance()));
                }
                overlay = Optional.empty();
            }
        }
        return moved;
    }

    /// What happened to an object; empty where there was none at the version that `query` goes up to.
    public Optional<ObjectHistory> history(ObjectToken token, ObjectHistory.Query query) {
        return objectsAt(query.upTo())
                .find(token)
                .filter(object ->
                        object.lives().stream().anyMatch(life -> !life.made().isAfter(query.upTo())))
                .map(object -> history(object, query));
    }

    private ObjectHistory history(VersionedObject object, ObjectHistory.Query query) {
        var steps = object.steps(query);
        var entries = steps.stream()
                .limit(query.limit())
                .map(step -> new ObjectHistory.Entry(writerOf(step.version()), step))
                .toList();
        return new ObjectHistory(object.token(), object.type(), entries, steps.size() > query.limit());
    }

    private Written writerOf(Version version) {
        return written.of(version)
                .or(() -> overlayAt(version).map(Overlay::written))
                .orElseThrow(() -> new IllegalStateException("nobody wrote version " + version + " of this partition"));
    }

    /// Looks up what deciding needs that knows only what everybody sees.
    public Fetched fetch(Collection<Lookup> lookups) {
        return fetch(lookups, Version.NONE);
    }

    /// Looks up what deciding needs that goes on from `version`: the newest one, or that of the open transaction.
    public Fetched fetch(Collection<Lookup> lookups, Version at) {
        return Fetched.of(List.of(find(lookups, at, 0)), lookups);
    }

    /// The same for one of several: where it knows of no object for a scattered question, it says nothing, since
    /// most of them do not. A store decides over its own writes, `local` of them.
    public Fetched find(Collection<Lookup> lookups, Version at, long local) {
        var there = objectsAt(at, local);
        var states = new HashMap<Lookup, ObjectState>();
        var keys = new HashMap<IdempotencyKey, Optional<Remembered>>();
        var sets = new HashMap<Lookup, Set<ObjectToken>>();
        var findings = new HashMap<Lookup.Examine, Findings>();
        for (var lookup : lookups) {
            switch (lookup) {
                case Lookup.Head head -> states.put(head, head(there, head.object()));
                case Lookup.AsOf asOf -> states.put(asOf, state(there, asOf));
                case Lookup.LastLive last -> states.put(last, lastLive(there, last.object(), at));
                case Lookup.Key(var key) -> keys.put(key, answer(key, at));
                case Lookup.Holders(var definition, var value) -> put(sets, lookup, there.holders(definition, value));
                case Lookup.Referrers(var target) -> put(sets, lookup, there.referrers(target));
                case Lookup.ChangedSince(var version, var limit) ->
                    put(sets, lookup, there.changedSince(version, limit));
                case Lookup.Examine examine -> findings.put(examine, examine(there, examine));
            }
        }
        return new Fetched(states, keys, sets, findings);
    }

    private static void put(Map<Lookup, Set<ObjectToken>> sets, Lookup lookup, Set<ObjectToken> found) {
        if (!found.isEmpty()) {
            sets.put(lookup, found);
        }
    }

    private Optional<Remembered> answer(IdempotencyKey key, Version at) {
        return overlayAt(at).flatMap(steps -> steps.answer(key)).or(() -> Optional.ofNullable(answers.get(key)));
    }

    private static ObjectState head(ReadableObjects there, ObjectToken token) {
        return there.find(token)
                .<ObjectState>map(object -> object.isLive()
                        ? new ObjectState.Live(object.type(), object.live(), object.changed())
                        : new ObjectState.Deleted(object.type(), object.changed()))
                .orElse(ObjectState.unknown());
    }

    private static ObjectState state(ReadableObjects there, Lookup.AsOf lookup) {
        Version version = lookup.version();
        return there.find(lookup.object())
                .<ObjectState>flatMap(object -> object.at(version, Scope.all()).map(PartitionContents::live))
                .orElse(ObjectState.unknown());
    }

    private ObjectState lastLive(ReadableObjects there, ObjectToken token, Version at) {
        Optional<ObjectState> before = overlayAt(at).flatMap(steps -> steps.lastLive(token));
        return before.or(() ->
                        there.find(token).flatMap(VersionedObject::lastLive).map(PartitionContents::live))
                .orElse(ObjectState.unknown());
    }

    private static ObjectState.Live live(ObjectView.Live view) {
        return new ObjectState.Live(view.type(), view.rows(), view.version());
    }

    /// What an object refers to may lie in another partition.
    private static Findings examine(ReadableObjects there, Lookup.Examine lookup) {
        var elsewhere = new HashSet<ObjectToken>();
        var found = Audit.examine(
                lookup.before(),
                lookup.after(),
                there.live()
                        .filter(object -> !lookup.touched().containsKey(object.token()))
                        .map(PartitionContents::standing),
                token -> typeOf(there, lookup, token, elsewhere));
        return found.lacking(elsewhere);
    }

    private static Optional<TypeName> typeOf(
            ReadableObjects there, Lookup.Examine lookup, ObjectToken token, Set<ObjectToken> elsewhere) {
        var told = lookup.touched().containsKey(token) ? lookup.touched() : lookup.known();
        if (told.containsKey(token)) {
            return told.getOrDefault(token, Optional.empty());
        }
        var object = there.find(token);
        if (object.isEmpty() && elsewhere.size() < Lookup.Examine.MAX_ELSEWHERE) {
            elsewhere.add(token);
        }
        return object.filter(VersionedObject::isLive).map(VersionedObject::type);
    }

    private static Standing standing(VersionedObject object) {
        return new Standing(
                object.token(),
                object.type(),
                object.live().stream().map(row -> row.attribute()).toList());
    }
}
