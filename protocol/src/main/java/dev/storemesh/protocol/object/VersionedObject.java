package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// One object with its whole history. Immutable: a change makes a new one, so that an image of a partition can be
/// written while the partition goes on. Live rows lie together, ended ones apart, since nearly all reads are of the
/// newest version.
///
/// A catalog holds millions of rows, so they lie in arrays of attributes and of plain numbers, which objects share
/// where they can; [Row], [Life] and [EndedRow] are made when somebody asks for them.
public final class VersionedObject {
    private static final Comparator<Row> ORDER = Comparator.<Row, DefinitionName>comparing(
                    row -> row.attribute().definition())
            .thenComparing(
                    row -> row.attribute().location().map(Object::toString).orElse(""))
            .thenComparing(Row::version); // the values of a set, as they came

    private static final Attribute[] NO_ATTRIBUTES = {};
    private static final long[] NO_NUMBERS = {};
    private static final long NEVER = -1;

    private final PageKey key;
    private final TypeName type;
    private final long[] lives; // made, deleted or NEVER, made …; a NEVER at the end is left out
    private final Attribute[] live;
    private final long[] written; // the versions of the live rows; a single one where all have the same
    private final Attribute[] ended;
    private final long[] spans; // of the ended rows: written, ended, written …
    private final Dropped dropped;
    private final List<Optional<Row.Overlaid>> overlaid; // of the live rows; none: all are of versions
    private final long changed;

    /// From the version that made the object to the one that deleted it, which is no longer part of it.
    public record Life(Version made, Optional<Version> deleted) {}

    /// A row and the version that ended it.
    public record EndedRow(Row row, Version ended) {}

    public VersionedObject(ObjectToken token, TypeName type, List<Life> lives, List<Row> live, List<EndedRow> ended) {
        this(PageKey.of(token), type, lives, live, ended, Dropped.NOTHING);
    }

    private VersionedObject(
            PageKey key, TypeName type, List<Life> lives, List<Row> live, List<EndedRow> ended, Dropped dropped) {
        this(
                key,
                type,
                packed(lives),
                live.isEmpty()
                        ? NO_ATTRIBUTES
                        : live.stream().map(Row::attribute).toArray(Attribute[]::new),
                written(live),
                ended.isEmpty()
                        ? NO_ATTRIBUTES
                        : ended.stream().map(end -> end.row().attribute()).toArray(Attribute[]::new),
                spans(ended),
                dropped,
                overlaid(live));
    }

    private VersionedObject(
            PageKey key,
            TypeName type,
            long[] lives,
            Attribute[] live,
            long[] written,
            Attribute[] ended,
            long[] spans,
            Dropped dropped,
            List<Optional<Row.Overlaid>> overlaid) {
        this.key = key;
        this.type = type;
        this.lives = lives;
        this.live = live;
        this.written = Arrays.equals(written, lives) ? lives : written; // as of an object that was only made
        this.ended = ended;
        this.spans = spans;
        this.dropped = dropped;
        this.overlaid = overlaid;
        changed = lastChange();
    }

    private static List<Optional<Row.Overlaid>> overlaid(List<Row> rows) {
        for (var row : rows) {
            if (row.overlaid().isPresent()) {
                return rows.stream().map(Row::overlaid).toList();
            }
        }
        return List.of();
    }

    private static long[] packed(List<Life> lives) {
        if (lives.isEmpty()) {
            return NO_NUMBERS;
        }
        var numbers = new long[2 * lives.size() - (lives.getLast().deleted().isEmpty() ? 1 : 0)];
        for (var i = 0; i < numbers.length; i++) {
            var life = lives.get(i / 2);
            numbers[i] = i % 2 == 0
                    ? life.made().number()
                    : life.deleted().map(Version::number).orElse(NEVER);
        }
        return numbers;
    }

    private static long[] written(List<Row> rows) {
        if (rows.isEmpty()) {
            return NO_NUMBERS;
        }
        var first = rows.getFirst().version().number();
        for (var row : rows) {
            if (row.version().number() != first) {
                return rows.stream().mapToLong(each -> each.version().number()).toArray();
            }
        }
        return new long[] {first};
    }

    private static long[] spans(List<EndedRow> rows) {
        if (rows.isEmpty()) {
            return NO_NUMBERS;
        }
        var spans = new long[2 * rows.size()];
        for (var i = 0; i < rows.size(); i++) {
            spans[2 * i] = rows.get(i).row().version().number();
            spans[2 * i + 1] = rows.get(i).ended().number();
        }
        return spans;
    }

    /// Rows end in order, so the last ended one tells of all ended ones.
    private long lastChange() {
        var last = 0L;
        if (lives.length > 0) { // of the last life: the end, else the beginning
            last = lives[lives.length - 1];
        }
        if (spans.length > 0) {
            last = Math.max(last, spans[spans.length - 1]);
        }
        for (var version : written) {
            last = Math.max(last, version);
        }
        for (var version : dropped.last().values()) {
            last = Math.max(last, version.number());
        }
        return last;
    }

    /// An object before its first change.
    public static VersionedObject unborn(ObjectToken token, TypeName type) {
        return new VersionedObject(token, type, List.of(), List.of(), List.of());
    }

    public ObjectToken token() {
        return key.token();
    }

    public PageKey key() {
        return key;
    }

    public TypeName type() {
        return type;
    }

    public List<Life> lives() {
        var made = new ArrayList<Life>((lives.length + 1) / 2);
        for (var i = 0; i < lives.length; i += 2) {
            made.add(new Life(new Version(lives[i]), deleted(i)));
        }
        return List.copyOf(made);
    }

    private Optional<Version> deleted(int life) {
        return life + 1 == lives.length || lives[life + 1] == NEVER
                ? Optional.empty()
                : Optional.of(new Version(lives[life + 1]));
    }

    /// Its rows at the newest version, in order of definition, then location (global first).
    public List<Row> live() {
        var rows = new Row[live.length];
        var version = Version.NONE;
        for (var i = 0; i < rows.length; i++) {
            if (version.number() != writtenAt(i)) { // most rows of an object are of one version
                version = new Version(writtenAt(i));
            }
            rows[i] = new Row(live[i], version, overlaidAt(i));
        }
        return List.of(rows);
    }

    private long writtenAt(int row) {
        return written[written.length == 1 ? 0 : row];
    }

    private Row liveRow(int row) {
        return new Row(live[row], new Version(writtenAt(row)), overlaidAt(row));
    }

    private Optional<Row.Overlaid> overlaidAt(int row) {
        return overlaid.isEmpty() ? Optional.empty() : overlaid.get(row);
    }

    public List<EndedRow> ended() {
        var rows = new EndedRow[ended.length];
        for (var i = 0; i < rows.length; i++) {
            rows[i] = new EndedRow(endedRow(i), new Version(spans[2 * i + 1]));
        }
        return List.of(rows);
    }

    private Row endedRow(int row) {
        return new Row(ended[row], new Version(spans[2 * row]));
    }

    private boolean endedHolds(int row, Version version) {
        return spans[2 * row] <= version.number() && spans[2 * row + 1] > version.number();
    }

    /// About how many bytes it takes, its attributes left out.
    long heapBytes() {
        return HeapSize.ofObject(
                token().text(),
                lives.length,
                live.length,
                Arrays.equals(written, lives) ? 0 : written.length,
                ended.length,
                spans.length,
                dropped.last().size());
    }

    /// The versions that changed anything, in no order, and perhaps more than once.
    LongStream versions() {
        return Stream.of(lives, written, spans).flatMapToLong(Arrays::stream).filter(version -> version != NEVER);
    }

    /// Each attribute that it has or ever had.
    void forEachEver(Consumer<Attribute> each) {
        for (var attribute : live) {
            each.accept(attribute);
        }
        for (var attribute : ended) {
            each.accept(attribute);
        }
    }

    /// Whether it has such an attribute at the newest version.
    boolean holds(Predicate<Attribute> wanted) {
        for (var attribute : live) {
            if (wanted.test(attribute)) {
                return true;
            }
        }
        return false;
    }

    public boolean isLive() {
        return lives.length > 0 && deleted(lives.length - 1 & ~1).isEmpty();
    }

    public boolean isLiveAt(Version version) {
        for (var i = lives.length - 1 & ~1; i >= 0; i -= 2) { // all that every read of every object passes
            if (lives[i] <= version.number()
                    && (i + 1 == lives.length || lives[i + 1] == NEVER || lives[i + 1] > version.number())) {
                return true;
            }
        }
        return false;
    }

    /// The last version that changed anything.
    public Version changed() {
        return new Version(changed);
    }

    /// After a change. Several of one version leave what one write would that did all of it: what the version made
    /// and ended again was never there.
    public VersionedObject after(Version version, ObjectChange change) {
        var nowLive = new ArrayList<>(live());
        var nowEnded = new ArrayList<>(ended());
        for (var end : change.ended()) {
            var index = nowLive.indexOf(end);
            if (index >= 0) {
                end(nowLive.remove(index), version, nowEnded); // the instance that is there
            }
        }
        if (change.deleted()) {
            nowLive.forEach(row -> end(row, version, nowEnded));
            return new VersionedObject(key, type, ended(version), List.of(), nowEnded, dropped);
        }
        change.set().forEach(attribute -> nowLive.add(new Row(attribute, version)));
        nowLive.sort(ORDER);
        return new VersionedObject(key, type, isLive() ? lives() : begun(version), nowLive, nowEnded, dropped);
    }

    private static void end(Row row, Version version, List<EndedRow> ended) {
        if (!row.version().equals(version)) {
            ended.add(new EndedRow(row, version));
        }
    }

    private List<Life> begun(Version version) {
        var now = lives();
        if (!now.isEmpty() && now.getLast().deleted().equals(Optional.of(version))) {
            return but(now, new Life(now.getLast().made(), Optional.empty()));
        }
        return Stream.concat(now.stream(), Stream.of(new Life(version, Optional.empty())))
                .toList();
    }

    private List<Life> ended(Version version) {
        var now = lives();
        if (!isLive()) {
            return now;
        }
        var made = now.getLast().made();
        return made.equals(version) ? now.subList(0, now.size() - 1) : but(now, new Life(made, Optional.of(version)));
    }

    private static List<Life> but(List<Life> lives, Life last) {
        return Stream.concat(lives.stream().limit(lives.size() - 1L), Stream.of(last))
                .toList();
    }

    /// The object as it was at `version`; empty where it was not there.
    public Optional<ObjectView.Live> at(Version version, Scope scope) {
        if (!isLiveAt(version)) {
            return Optional.empty();
        }
        if (scope instanceof Scope.All && changed <= version.number()) { // no look at the ended rows
            return Optional.of(new ObjectView.Live(token(), type, changed(), live()));
        }
        return Optional.of(new ObjectView.Live(
                        token(), type, changedIn(scope, version), seenFrom(scope, rows(version, scope))))
                .filter(view -> scope instanceof Scope.All || isEnabled(view));
    }

    /// What [#at] shows, without the versions.
    public Optional<SeenObject> seenAt(Version version, Scope scope) {
        return scope instanceof Scope.All && changed <= version.number() && isLiveAt(version)
                ? Optional.of(new SeenObject(token(), type, List.of(live)))
                : at(version, scope).map(SeenObject::of);
    }

    private List<Row> rows(Version version, Scope scope) {
        var rows = new ArrayList<Row>(live.length);
        for (var i = 0; i < live.length; i++) {
            if (writtenAt(i) <= version.number() && scope.covers(live[i].location())) {
                rows.add(liveRow(i));
            }
        }
        var inOrder = rows.size();
        for (var i = 0; i < ended.length; i++) {
            if (endedHolds(i, version) && scope.covers(ended[i].location())) {
                rows.add(endedRow(i));
            }
        }
        if (rows.size() > inOrder) {
            rows.sort(ORDER);
        }
        return rows;
    }

    private static boolean isEnabled(ObjectView.Live view) {
        return !view.value(StandardSchema.ENABLED).equals(Optional.of(new Value.Flag(false)));
    }

    /// The object as it was when it was there last; empty: it never was.
    public Optional<ObjectView.Live> lastLive() {
        return lives.length == 0
                ? Optional.empty()
                : at(deleted(lives.length - 1 & ~1).map(Version::previous).orElse(changed()), Scope.all());
    }

    /// What is left of rows that are held no more.
    public Dropped dropped() {
        return dropped;
    }

    /// The same object of which these rows are held no more.
    public VersionedObject lacking(Dropped rows) {
        return new VersionedObject(key, type, lives, live, written, ended, spans, rows, overlaid);
    }

    /// Whether all is held that a reader at `version` may see of it.
    boolean isHeldAt(Version version) {
        return !dropped.before().isAfter(version) || !isLiveAt(version);
    }

    /// Whether all is held that [#lastLive()] shows.
    boolean isLastLifeHeld() {
        return lives.length == 0 || isLive() || isHeldAt(new Version(lives[lives.length - 1]).previous());
    }

    /// The version that [#lastLive()] shows, of one that was deleted.
    Version lastLiveAt() {
        return lives.length == 0 || isLive() ? changed() : new Version(lives[lives.length - 1]).previous();
    }

    /// Without the rows that nobody sees who reads at `version` or later. What says where an object was seen at all
    /// stays: so who asks what changed since an earlier version is told right.
    VersionedObject without(Version version) {
        var kept = new ArrayList<EndedRow>();
        var before = dropped.before().number();
        var last = new HashMap<>(dropped.last());
        for (var row : ended()) {
            if (row.ended().isAfter(version)
                    || row.row().attribute().definition().equals(StandardSchema.ENABLED)) {
                kept.add(row);
            } else {
                before = Math.max(before, row.ended().number());
                last.merge(
                        row.row().attribute().location(),
                        row.ended(),
                        (one, other) -> one.isAfter(other) ? one : other);
            }
        }
        if (kept.size() == ended.length) {
            return this;
        }
        var from = new Version(before);
        last.entrySet().removeIf(mark -> isTold(mark.getKey(), mark.getValue(), from, kept));
        return new VersionedObject(key, type, lives(), live(), kept, new Dropped(from, last));
    }

    /// Whether something that is left says of a location that it changed at `version` or later, but not after `last`.
    private boolean isTold(Optional<LocationId> location, Version version, Version last, List<EndedRow> kept) {
        var rows = Stream.concat(
                        live().stream()
                                .filter(row -> row.attribute().location().equals(location))
                                .map(Row::version),
                        kept.stream()
                                .filter(end -> end.row().attribute().location().equals(location))
                                .flatMap(end -> Stream.of(end.row().version(), end.ended())))
                .mapToLong(Version::number);
        return LongStream.concat(rows, Arrays.stream(lives))
                .anyMatch(told -> told >= version.number() && told <= last.number());
    }

    /// The same object as if nothing had happened to it after `version`.
    VersionedObject upTo(Version version) {
        if (changed <= version.number()) {
            return this;
        }
        var begun = lives().stream()
                .filter(life -> !life.made().isAfter(version))
                .map(life -> new Life(life.made(), life.deleted().filter(end -> !end.isAfter(version))))
                .toList();
        var over = ended().stream().filter(end -> !end.ended().isAfter(version)).toList();
        return new VersionedObject(key, type, begun, rows(version, Scope.all()), over, dropped);
    }

    /// The same object with these laid over its newest state, in order. Of rows that they take the place of, the
    /// versions still count as those that changed it.
    VersionedObject under(List<LocalChange> changes) {
        if (changes.isEmpty() || !isLive()) {
            return this;
        }
        var rows = new ArrayList<>(live());
        var last = new HashMap<>(dropped.last());
        for (var change : changes) {
            for (var edit : change.edits()) {
                if (edit.object().equals(token())) {
                    lay(edit, change, rows, last);
                }
            }
        }
        rows.sort(ORDER);
        return new VersionedObject(key, type, lives(), rows, ended(), new Dropped(dropped.before(), last));
    }

    private static void lay(
            LocalEdit edit, LocalChange change, List<Row> rows, Map<Optional<LocationId>, Version> last) {
        rows.removeIf(row -> {
            var goes = row.slot().equals(edit.slot())
                    && takes(edit, row.attribute().value());
            if (goes) {
                last.merge(edit.slot().location(), row.version(), (one, other) -> one.isAfter(other) ? one : other);
            }
            return goes;
        });
        if (edit instanceof LocalEdit.Sets sets) {
            var slot = sets.slot();
            rows.add(new Row(
                    new Attribute(slot.definition(), slot.location(), sets.value()),
                    change.base(),
                    Optional.of(new Row.Overlaid(change.number()))));
        }
    }

    private static boolean takes(LocalEdit edit, Value value) {
        return switch (edit) {
            case LocalEdit.Clears clears -> true;
            case LocalEdit.Ends ends -> ends.value().equals(value);
            case LocalEdit.Sets sets -> sets.alone() || sets.value().equals(value);
        };
    }

    /// What a follower that was complete at `since` must be told to be complete at `version`; empty: nothing.
    public Optional<ObjectView> changeBetween(Version since, Version version, Scope scope) {
        if (scope instanceof Scope.All && changed <= version.number() && isLive()) { // no look at the ended rows
            return changed > since.number()
                    ? Optional.of(new ObjectView.Live(token(), type, changed(), live()))
                    : Optional.empty();
        }
        var last = changedIn(scope, version);
        if (!last.isAfter(since)) {
            return Optional.empty();
        }
        return told(at(since, scope).isPresent(), version, scope, last);
    }

    /// What is told of it at `version`; of one that is not there it only matters to who has seen it before.
    private Optional<ObjectView> told(boolean seenBefore, Version version, Scope scope, Version last) {
        Optional<ObjectView> now = at(version, scope).map(view -> view);
        if (now.isPresent() || !seenBefore) {
            return now;
        }
        var reason = isLiveAt(version) ? ObjectView.Reason.DISABLED : ObjectView.Reason.DELETED;
        return Optional.of(new ObjectView.Tombstone(token(), type, last, reason));
    }

    /// The same at a store: `before` is laid over it at `since`, and `now` at `version`.
    Optional<ObjectView> changeBetween(
            Version since, List<LocalChange> before, Version version, List<LocalChange> now, Scope scope) {
        if (before.isEmpty() && now.isEmpty()) {
            return changeBetween(since, version, scope);
        }
        var last = changedIn(scope, version);
        return before.equals(now) && !last.isAfter(since)
                ? Optional.empty()
                : upTo(version)
                        .under(now)
                        .told(upTo(since).under(before).at(since, scope).isPresent(), version, scope, last);
    }

    /// What each version did to it, oldest first; only what `query` asks for.
    List<ObjectHistory.Step> steps(ObjectHistory.Query query) {
        var steps = new TreeMap<Version, StepBuilder>();
        if (query.wantsBareSteps()) {
            lives().forEach(life -> step(steps, query, life.made()));
        }
        live().stream()
                .filter(query::wants)
                .forEach(row -> step(steps, query, row.version()).set.add(row));
        ended().stream().filter(end -> query.wants(end.row())).forEach(end -> {
            step(steps, query, end.row().version()).set.add(end.row());
            step(steps, query, end.ended()).ended.add(end.row());
        });
        for (var life : lives()) {
            life.deleted()
                    .filter(version -> query.wantsBareSteps() || steps.containsKey(version))
                    .ifPresent(version -> step(steps, query, version).deleted = true);
        }
        return steps.values().stream().map(StepBuilder::step).toList();
    }

    private static StepBuilder step(Map<Version, StepBuilder> steps, ObjectHistory.Query query, Version version) {
        return query.wants(version)
                ? steps.computeIfAbsent(version, StepBuilder::new)
                : new StepBuilder(version); // nobody asked for it
    }

    private static final class StepBuilder {
        private final Version version;
        private final List<Row> set = new ArrayList<>();
        private final List<Row> ended = new ArrayList<>();
        private boolean deleted;

        private StepBuilder(Version version) {
            this.version = version;
        }

        private ObjectHistory.Step step() {
            set.sort(ORDER);
            ended.sort(ORDER);
            return new ObjectHistory.Step(version, deleted, set, ended);
        }
    }

    /// How the object at `to` differs from itself at `from`, whichever is later; empty: not at all.
    public Optional<ObjectDifference> difference(Version from, Version to, Scope scope) {
        var before = at(from, scope);
        var after = at(to, scope);
        var set = rowsOnlyIn(after, before);
        var ended = rowsOnlyIn(before, after);
        if (before.isPresent() == after.isPresent() && set.isEmpty() && ended.isEmpty()) {
            return Optional.empty();
        }
        var kind = before.isEmpty()
                ? ObjectDifference.Kind.CREATED
                : after.isEmpty() ? ObjectDifference.Kind.DELETED : ObjectDifference.Kind.CHANGED;
        return Optional.of(new ObjectDifference(token(), type, kind, set, ended));
    }

    private static List<Row> rowsOnlyIn(Optional<ObjectView.Live> one, Optional<ObjectView.Live> other) {
        var there = new HashSet<Attribute>();
        other.ifPresent(view -> view.rows().forEach(row -> there.add(row.attribute())));
        return rows(one).filter(row -> !there.contains(row.attribute())).toList();
    }

    private static Stream<Row> rows(Optional<ObjectView.Live> view) {
        return view.stream().flatMap(live -> live.rows().stream());
    }

    /// The last version, up to this one, that changed anything in the scope.
    private Version changedIn(Scope scope, Version upTo) {
        var last = 0L;
        for (var event : lives) {
            last = later(last, event, upTo);
        }
        for (var i = 0; i < live.length; i++) {
            if (scope.covers(live[i].location())) {
                last = later(last, writtenAt(i), upTo);
            }
        }
        for (var i = 0; i < ended.length; i++) {
            if (scope.covers(ended[i].location())) {
                last = later(later(last, spans[2 * i], upTo), spans[2 * i + 1], upTo);
            }
        }
        for (var mark : dropped.last().entrySet()) {
            if (scope.covers(mark.getKey())) {
                last = later(last, mark.getValue().number(), upTo);
            }
        }
        return new Version(last);
    }

    private static long later(long last, long candidate, Version upTo) {
        return candidate > last && candidate <= upTo.number() ? candidate : last;
    }

    /// Rows are in order, so the global ones of a definition stand before those of the location, which hide them.
    private static List<Row> seenFrom(Scope scope, List<Row> rows) {
        if (scope instanceof Scope.All) {
            return rows;
        }
        var seen = new ArrayList<Row>(rows.size());
        var first = 0; // of the rows of this definition that are seen so far
        for (var row : rows) {
            if (!seen.isEmpty()
                    && !seen.getLast()
                            .attribute()
                            .definition()
                            .equals(row.attribute().definition())) {
                first = seen.size();
            }
            if (row.attribute().location().isPresent()
                    && first < seen.size()
                    && seen.get(first).attribute().location().isEmpty()) {
                seen.subList(first, seen.size()).clear();
            }
            seen.add(row);
        }
        return seen;
    }

    /// The same object whose type and attributes are the instances that are given: they repeat in other objects.
    @SuppressWarnings("ReferenceEquality") // instances are what this is about
    VersionedObject with(TypeName sameType, UnaryOperator<Attribute> same) {
        var sameLive = all(live, same);
        var sameEnded = all(ended, same);
        return sameType == type && sameLive == live && sameEnded == ended
                ? this
                : new VersionedObject(key, sameType, lives, sameLive, written, sameEnded, spans, dropped, overlaid);
    }

    /// The very array, if it has these instances already.
    @SuppressWarnings("ReferenceEquality") // instances are what this is about
    private static Attribute[] all(Attribute[] attributes, UnaryOperator<Attribute> same) {
        for (var i = 0; i < attributes.length; i++) {
            var first = same.apply(attributes[i]);
            if (first != attributes[i]) {
                var all = attributes.clone();
                all[i] = first;
                for (var j = i + 1; j < all.length; j++) {
                    all[j] = same.apply(all[j]);
                }
                return all;
            }
        }
        return attributes;
    }

    /// The very instances that it holds, of live and ended rows.
    Stream<Attribute> attributes() {
        return Stream.concat(Stream.of(live), Stream.of(ended));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionedObject object
                && key.equals(object.key)
                && type.equals(object.type)
                && Arrays.equals(lives, object.lives)
                && Arrays.equals(live, object.live)
                && Arrays.equals(written, object.written)
                && Arrays.equals(ended, object.ended)
                && Arrays.equals(spans, object.spans)
                && dropped.equals(object.dropped)
                && overlaid.equals(object.overlaid);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Long.hashCode(changed);
    }

    @Override
    public String toString() {
        return "VersionedObject[token=" + token() + ", type=" + type + ", lives=" + lives() + ", live=" + live()
                + ", ended=" + ended() + ", dropped=" + dropped + "]";
    }
}
