package dev.storemesh.protocol.model;

import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PageKey;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Changed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// Whether the catalog says what the model says.
final class Comparison {
    private static final Set<String> OF_CONSTRAINTS = Set.of(
            "required",
            "cardinality",
            "range",
            "length",
            "pattern",
            "one_of",
            "not_unique",
            "unknown_reference",
            "wrong_reference_type",
            "referenced",
            "global_only");

    private final ReferenceCatalog model;
    private final ModelledCatalog real;

    Comparison(ReferenceCatalog model, ModelledCatalog real) {
        this.model = model;
        this.real = real;
    }

    private static void same(Object what, Object real, Object model) {
        if (!real.equals(model)) {
            throw new AssertionError(
                    what + "\n  catalog: " + beside(real, model) + "\n    model: " + beside(model, real));
        }
    }

    /// Of two maps, the entries that the other has not got.
    private static Object beside(Object one, Object other) {
        if (!(one instanceof Map<?, ?> map) || !(other instanceof Map<?, ?> others)) {
            return one;
        }
        var left = new LinkedHashMap<Object, Object>(map);
        left.entrySet().removeAll(others.entrySet());
        return left;
    }

    // Answers

    void answer(Answer answer, Verdict verdict, Function<String, String> tokens) {
        switch (verdict) {
            case Verdict.Accepted(var version, var replayed) ->
                same(
                        "answer",
                        switch (answer) {
                            case Answer.Accepted accepted ->
                                List.of(accepted.version().number(), accepted.replayed());
                            case Answer.Staged staged ->
                                List.of(staged.version().number(), staged.replayed());
                            case Answer other -> other;
                        },
                        List.of(version, replayed));
            case Verdict.Opened(var version, var replayed) ->
                same(
                        "opening",
                        answer instanceof Answer.Opened opened
                                ? List.of(opened.lock().version().number(), opened.replayed())
                                : answer,
                        List.of(version, replayed));
            case Verdict.Ended(var version, var how, var replayed) ->
                same(
                        "end",
                        answer instanceof Answer.Ended ended
                                ? List.of(
                                        ended.version().number(),
                                        ended.ending().how().wireName(),
                                        ended.replayed())
                                : answer,
                        List.of(version, how, replayed));
            case Verdict.Locked locked -> same("answer", refusal(answer).getClass(), Refusal.Locked.class);
            case Verdict.Over over -> same("answer", refusal(answer).getClass(), Refusal.TransactionOver.class);
            case Verdict.KeyReused reused -> same("answer", refusal(answer), new Refusal.KeyReused());
            case Verdict.NotYetSeen seen -> same("answer", refusal(answer).getClass(), Refusal.NotYetSeen.class);
            case Verdict.UnknownObject(var object) ->
                same("answer", refusal(answer), new Refusal.UnknownObject(new ObjectToken(object)));
            case Verdict.Moved(var movements) -> same("conflicts", moved(refusal(answer)), movements);
            case Verdict.Unsound(var must, var may) -> between(faults(refusal(answer)), must, may);
            case Verdict.BrokenSchema(var faults) -> broken(faults(refusal(answer)), faults, tokens);
        }
    }

    private static Object refusal(Answer answer) {
        return answer instanceof Answer.Refused refused ? refused.refusal() : answer;
    }

    private static Object moved(Object refusal) {
        if (!(refusal instanceof Refusal.PreconditionFailed(var changed))) {
            return refusal;
        }
        var movements = new HashSet<Verdict.Movement>();
        for (var one : changed) {
            var slots = new TreeMap<String, List<Set<String>>>();
            for (var slot : one.slots()) {
                var place = slot.slot().location().map(LocationId::text).orElse("");
                slots.put(slot.slot().definition() + "@" + place, List.of(meanings(slot.was()), meanings(slot.is())));
            }
            movements.add(movement(one, slots));
        }
        return movements;
    }

    private static Verdict.Movement movement(Changed changed, Map<String, List<Set<String>>> slots) {
        return new Verdict.Movement(
                changed.object().text(), changed.deleted(), changed.version().number(), slots);
    }

    private static Set<String> meanings(List<Value> values) {
        var meanings = new TreeSet<String>();
        values.forEach(value -> meanings.add(meaning(value)));
        return meanings;
    }

    private static Object faults(Object refusal) {
        if (!(refusal instanceof Refusal.Violations(var violations, var count))) {
            return refusal;
        }
        if (violations.isEmpty() || count < violations.size()) {
            throw new AssertionError("count: " + count + " of " + violations);
        }
        var faults = new HashSet<Fault>();
        violations.forEach(violation -> faults.add(Fault.of(violation)));
        return faults;
    }

    private static void between(Object real, Set<Fault> must, Set<Fault> may) {
        if (!(real instanceof Set<?> faults) || !faults.containsAll(must) || !may.containsAll(faults)) {
            throw new AssertionError("violations\n  catalog: " + real + "\n    model: " + must + "\n      may: " + may);
        }
    }

    /// All that is wrong with schema objects, and nothing else of them but what constraints say.
    private static void broken(Object real, Set<Fault> faults, Function<String, String> tokens) {
        if (!(real instanceof Set<?> all)) {
            throw new AssertionError("violations\n  catalog: " + real + "\n    model: " + faults);
        }
        var ofSchema = new HashSet<Fault>();
        for (var one : all) {
            if (one instanceof Fault fault
                    && tokens.apply(fault.object()).startsWith("sys.")
                    && (faults.contains(fault) || !OF_CONSTRAINTS.contains(fault.code()))) {
                ofSchema.add(fault);
            }
        }
        same("violations of the schema", taken(ofSchema), taken(faults));
    }

    /// Which of two that take one name in one write is told depends on their tokens.
    private static Set<Fault> taken(Set<Fault> faults) {
        var taken = new HashSet<Fault>();
        faults.forEach(fault -> taken.add(
                fault.code().equals("name_taken") ? new Fault(fault.code(), "", fault.attribute(), "") : fault));
        return taken;
    }

    // Reads

    /// All objects at the head, whole.
    void head() {
        same("head", real.head().number(), model.visible());
        same(
                "count",
                real.count(),
                model.at(model.visible()).keySet().stream()
                        .filter(token -> !token.startsWith("sys."))
                        .count());
        page(Optional.empty(), Optional.empty(), model.visible(), 1000);
    }

    private Views views(Optional<String> location) {
        return location.map(place -> Views.at(model, place)).orElseGet(() -> Views.everything(model));
    }

    private static Scope scope(Optional<String> location) {
        return Scope.of(location.map(LocationId::new));
    }

    void object(String token, Optional<String> location, long version) {
        var seen = real.object(new ObjectToken(token), new Version(version), scope(location))
                .map(Comparison::seen);
        same(
                "object " + token + " at " + version + " in " + location,
                seen,
                Optional.ofNullable(views(location).at(version).get(token)));
    }

    /// Page by page.
    void page(Optional<String> type, Optional<String> location, long version, int limit) {
        var selection = new Selection(type.map(TypeName::new), scope(location), Map.of());
        var read = pages(limit, after -> real.page(selection, new Version(version), after, limit));
        var what = "page of " + type + " at " + version + " in " + location;
        var found = new TreeMap<String, Views.Seen>();
        read.forEach(view -> found.put(view.object().text(), seen((ObjectView.Live) view)));
        var expected = views(location).at(version);
        type.ifPresent(name -> expected.values().removeIf(seen -> !seen.type().equals(name)));
        same(what, found, expected);
        inOrder(what, read);
    }

    void changes(Optional<String> location, long since, long version, int limit) {
        var selection = new Selection(Optional.empty(), scope(location), Map.of());
        var read =
                pages(limit, after -> real.changes(selection, new Version(since), new Version(version), after, limit));
        var what = "changes from " + since + " to " + version + " in " + location;
        var views = views(location);
        var follower = new TreeMap<>(views.at(since));
        var found = new TreeMap<String, Views.Change>();
        for (var view : read) {
            var token = view.object().text();
            switch (view) {
                case ObjectView.Live live -> {
                    var seen = seen(live);
                    follower.put(token, seen);
                    found.put(token, new Views.Change(seen.type(), seen.changed(), seen.facts(), ""));
                }
                case ObjectView.Tombstone gone -> {
                    follower.remove(token);
                    found.put(
                            token,
                            new Views.Change(
                                    gone.type().text(),
                                    gone.version().number(),
                                    Map.of(),
                                    gone.reason().wireName()));
                }
            }
        }
        same(what + ", applied", follower, views.at(version));
        same(what, found, views.changes(since, version));
        inOrder(what, read);
    }

    /// Of an object, or of one of its attributes (empty: all), in slices.
    void history(String token, String attribute, Optional<String> location, long upTo, int limit) {
        var steps = new ArrayList<Views.Step>();
        var after = Optional.<Version>empty();
        var there = true;
        for (var more = true; more; ) {
            var read = real.history(
                    new ObjectToken(token),
                    new ObjectHistory.Query(
                            attribute.isEmpty() ? Optional.empty() : Optional.of(new DefinitionName(attribute)),
                            scope(location),
                            new Version(upTo),
                            after,
                            limit));
            there = read.isPresent();
            more = read.map(ObjectHistory::more).orElse(false);
            for (var entry : read.map(ObjectHistory::entries).orElse(List.of())) {
                steps.add(step(entry.step()));
                after = Optional.of(entry.step().version());
            }
        }
        var what = "history of " + token + " " + attribute + " up to " + upTo + " in " + location;
        same(what, there, Views.everything(model).changed(token, upTo) > 0);
        same(what, steps, views(location).history(token, attribute, upTo));
    }

    private static Views.Step step(ObjectHistory.Step step) {
        return new Views.Step(step.version().number(), step.deleted(), facts(step.set()), facts(step.ended()));
    }

    private static Map<Fact, Thing.Held> facts(List<Row> rows) {
        var facts = new LinkedHashMap<Fact, Thing.Held>();
        rows.forEach(row -> facts.put(fact(row), held(row)));
        return facts;
    }

    /// Between two versions, whichever is the later one.
    void differences(Optional<String> location, long from, long to, int limit) {
        var selection = new Selection(Optional.empty(), scope(location), Map.of());
        var found = new TreeMap<String, Views.Difference>();
        var after = Optional.<ObjectToken>empty();
        for (var more = true; more; ) {
            var slice = real.differences(selection, new Version(from), new Version(to), after, limit);
            more = slice.more();
            for (var one : slice.objects()) {
                after = Optional.of(one.object());
                found.put(
                        one.object().text(),
                        new Views.Difference(
                                one.type().text(),
                                one.kind().wireName(),
                                facts(one.set()).keySet(),
                                facts(one.ended()).keySet()));
            }
        }
        same(
                "differences from " + from + " to " + to + " in " + location,
                found,
                views(location).differences(from, to));
    }

    private static List<ObjectView> pages(int limit, Function<Optional<ObjectToken>, Slice> next) {
        var all = new ArrayList<ObjectView>();
        var after = Optional.<ObjectToken>empty();
        while (true) {
            var slice = next.apply(after);
            all.addAll(slice.objects());
            if (slice.objects().size() > limit
                    || slice.more() && slice.objects().isEmpty()) {
                throw new AssertionError("a page of " + slice.objects().size() + ", of at most " + limit);
            }
            if (!slice.more()) {
                return all;
            }
            after = Optional.of(slice.objects().getLast().object());
        }
    }

    /// The order is [PageKey]'s, which has tests of its own; that schema objects come first is looked at here, too.
    private static void inOrder(String what, List<ObjectView> read) {
        var tokens = read.stream().map(view -> view.object().text()).toList();
        var sorted = tokens.stream()
                .sorted(Comparator.<String, Boolean>comparing(token -> !token.startsWith("sys."))
                        .thenComparing(token -> PageKey.of(new ObjectToken(token))))
                .toList();
        same(what + ", in order", tokens, sorted);
    }

    private static Views.Seen seen(ObjectView.Live live) {
        var facts = new LinkedHashMap<Fact, Thing.Held>();
        var places = new ArrayList<String>();
        for (var row : live.rows()) {
            if (facts.put(fact(row), held(row)) != null) {
                throw new AssertionError("object " + live.object() + " has a row twice: " + live.rows());
            }
            places.add(row.slot().definition() + " "
                    + row.slot().location().map(LocationId::text).orElse(""));
        }
        same("rows of " + live.object(), places, places.stream().sorted().toList());
        return new Views.Seen(live.type().text(), live.version().number(), facts);
    }

    private static Fact fact(Row row) {
        return new Fact(
                row.slot().definition().text(),
                row.slot().location().map(LocationId::text).orElse(""),
                meaning(row.attribute().value()));
    }

    private static Thing.Held held(Row row) {
        var literal = row.attribute().value().literal();
        return new Thing.Held(Objects.requireNonNull(literal), row.version().number());
    }

    private static String meaning(Value value) {
        try {
            return Meanings.read(value.type().wireName(), value.literal());
        } catch (Meanings.NoValue e) {
            throw new AssertionError("the catalog has a value that is none: " + value, e);
        }
    }
}
