package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// One object with its whole history. Immutable: a change makes a new one, so that an image of a partition can be
/// written while the partition goes on. Live rows lie together, ended ones apart, since nearly all reads are of the
/// newest version.
public record VersionedObject(
        ObjectToken token, TypeName type, List<Life> lives, List<Row> live, List<EndedRow> ended) {
    private static final Comparator<Row> ORDER = Comparator.<Row, DefinitionName>comparing(
                    row -> row.attribute().definition())
            .thenComparing(
                    row -> row.attribute().location().map(Object::toString).orElse(""))
            .thenComparing(Row::version); // the values of a set, as they came

    /// From the version that made the object to the one that deleted it, which is no longer part of it.
    public record Life(Version made, Optional<Version> deleted) {
        boolean holds(Version version) {
            return !made.isAfter(version)
                    && deleted.map(end -> end.isAfter(version)).orElse(true);
        }
    }

    /// A row and the version that ended it.
    public record EndedRow(Row row, Version ended) {
        boolean holds(Version version) {
            return !row.version().isAfter(version) && ended.isAfter(version);
        }
    }

    public VersionedObject {
        lives = List.copyOf(lives);
        live = List.copyOf(live);
        ended = List.copyOf(ended);
    }

    /// An object before its first change.
    public static VersionedObject unborn(ObjectToken token, TypeName type) {
        return new VersionedObject(token, type, List.of(), List.of(), List.of());
    }

    public boolean isLive() {
        return !lives.isEmpty() && lives.getLast().deleted().isEmpty();
    }

    public boolean isLiveAt(Version version) {
        for (var i = lives.size() - 1; i >= 0; i--) { // by hand, as all that every read of every object passes
            if (lives.get(i).holds(version)) {
                return true;
            }
        }
        return false;
    }

    /// The last version that changed anything. Rows end in order, so the last ended one tells of all ended ones.
    public Version changed() {
        var last = lives.isEmpty()
                ? Version.NONE
                : lives.getLast().deleted().orElse(lives.getLast().made());
        if (!ended.isEmpty() && ended.getLast().ended().isAfter(last)) {
            last = ended.getLast().ended();
        }
        for (var row : live) {
            last = row.version().isAfter(last) ? row.version() : last;
        }
        return last;
    }

    /// After a change. Several of one version leave what one write would that did all of it: what the version made
    /// and ended again was never there.
    public VersionedObject after(Version version, ObjectChange change) {
        var nowLive = new ArrayList<>(live);
        var nowEnded = new ArrayList<>(ended);
        for (var end : change.ended()) {
            if (nowLive.remove(end)) {
                end(end, version, nowEnded);
            }
        }
        if (change.deleted()) {
            nowLive.forEach(row -> end(row, version, nowEnded));
            return new VersionedObject(token, type, ended(version), List.of(), nowEnded);
        }
        change.set().forEach(attribute -> nowLive.add(new Row(attribute, version)));
        nowLive.sort(ORDER);
        return new VersionedObject(token, type, isLive() ? lives : begun(version), nowLive, nowEnded);
    }

    private static void end(Row row, Version version, List<EndedRow> ended) {
        if (!row.version().equals(version)) {
            ended.add(new EndedRow(row, version));
        }
    }

    private List<Life> begun(Version version) {
        if (!lives.isEmpty() && lives.getLast().deleted().equals(Optional.of(version))) {
            return but(new Life(lives.getLast().made(), Optional.empty()));
        }
        return Stream.concat(lives.stream(), Stream.of(new Life(version, Optional.empty())))
                .toList();
    }

    private List<Life> ended(Version version) {
        if (!isLive()) {
            return lives;
        }
        var made = lives.getLast().made();
        return made.equals(version) ? lives.subList(0, lives.size() - 1) : but(new Life(made, Optional.of(version)));
    }

    private List<Life> but(Life last) {
        return Stream.concat(lives.stream().limit(lives.size() - 1L), Stream.of(last))
                .toList();
    }

    /// The object as it was at `version`; empty where it was not there.
    public Optional<ObjectView.Live> at(Version version, Scope scope) {
        if (!isLiveAt(version)) {
            return Optional.empty();
        }
        if (scope instanceof Scope.All) {
            var newest = changed();
            if (!newest.isAfter(version)) { // no look at the ended rows
                return Optional.of(new ObjectView.Live(token, type, newest, live));
            }
        }
        return Optional.of(new ObjectView.Live(
                        token, type, changedIn(scope, version), seenFrom(scope, rows(version, scope))))
                .filter(view -> scope instanceof Scope.All || isEnabled(view));
    }

    private List<Row> rows(Version version, Scope scope) {
        var rows = new ArrayList<Row>(live.size());
        for (var row : live) {
            if (!row.version().isAfter(version) && scope.covers(row.attribute().location())) {
                rows.add(row);
            }
        }
        var inOrder = rows.size();
        for (var end : ended) {
            if (end.holds(version) && scope.covers(end.row().attribute().location())) {
                rows.add(end.row());
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
        return lives.isEmpty()
                ? Optional.empty()
                : at(lives.getLast().deleted().map(Version::previous).orElse(changed()), Scope.all());
    }

    /// What a follower that was complete at `since` must be told to be complete at `version`; empty: nothing.
    public Optional<ObjectView> changeBetween(Version since, Version version, Scope scope) {
        if (scope instanceof Scope.All && isLive()) {
            var newest = changed();
            if (!newest.isAfter(version)) { // no look at the ended rows
                return newest.isAfter(since)
                        ? Optional.of(new ObjectView.Live(token, type, newest, live))
                        : Optional.empty();
            }
        }
        var changed = changedIn(scope, version);
        if (!changed.isAfter(since)) {
            return Optional.empty();
        }
        Optional<ObjectView> now = at(version, scope).map(view -> view);
        if (now.isPresent() || at(since, scope).isEmpty()) {
            return now;
        }
        var reason = isLiveAt(version) ? ObjectView.Reason.DISABLED : ObjectView.Reason.DELETED;
        return Optional.of(new ObjectView.Tombstone(token, type, changed, reason));
    }

    /// What each version did to it, oldest first; only what `query` asks for.
    List<ObjectHistory.Step> steps(ObjectHistory.Query query) {
        var steps = new TreeMap<Version, StepBuilder>();
        if (query.wantsBareSteps()) {
            lives.forEach(life -> step(steps, query, life.made()));
        }
        live.stream()
                .filter(query::wants)
                .forEach(row -> step(steps, query, row.version()).set.add(row));
        ended.stream().filter(end -> query.wants(end.row())).forEach(end -> {
            step(steps, query, end.row().version()).set.add(end.row());
            step(steps, query, end.ended()).ended.add(end.row());
        });
        for (var life : lives) {
            life.deleted()
                    .filter(version -> query.wantsBareSteps() || steps.containsKey(version))
                    .ifPresent(version -> step(steps, query, version).deleted = true);
        }
        return steps.values().stream().map(StepBuilder::step).toList();
    }

    private static StepBuilder step(TreeMap<Version, StepBuilder> steps, ObjectHistory.Query query, Version version) {
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
        return Optional.of(new ObjectDifference(token, type, kind, set, ended));
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
        var last = Version.NONE;
        for (var life : lives) {
            last = later(last, life.made(), upTo);
            if (life.deleted().isPresent()) {
                last = later(last, life.deleted().get(), upTo);
            }
        }
        for (var row : live) {
            if (scope.covers(row.attribute().location())) {
                last = later(last, row.version(), upTo);
            }
        }
        for (var end : ended) {
            if (scope.covers(end.row().attribute().location())) {
                last = later(later(last, end.row().version(), upTo), end.ended(), upTo);
            }
        }
        return last;
    }

    private static Version later(Version last, Version candidate, Version upTo) {
        return candidate.isAfter(last) && !candidate.isAfter(upTo) ? candidate : last;
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

    VersionedObject as(TypeName sameType) {
        return new VersionedObject(token, sameType, lives, live, ended);
    }

    /// The same object whose names are the instances that `intern` gives: they repeat in every object.
    VersionedObject interned(UnaryOperator<Attribute> intern) {
        return new VersionedObject(
                token,
                type,
                lives,
                live.stream()
                        .map(row -> new Row(intern.apply(row.attribute()), row.version()))
                        .toList(),
                ended.stream()
                        .map(end -> new EndedRow(
                                new Row(
                                        intern.apply(end.row().attribute()),
                                        end.row().version()),
                                end.ended()))
                        .toList());
    }
}
