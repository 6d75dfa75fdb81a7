package dev.storemesh.protocol.model;

import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.Reversal;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// A catalog as a list of full copies, one for each version from 0 on; copies are in the order of the tokens.
final class ReferenceCatalog {
    private static final Thing NEVER = Thing.bare("");

    private final List<Map<String, Thing>> copies = new ArrayList<>(List.of(Map.of(), Map.of()));
    private final Set<String> tokens = new TreeSet<>();
    private final Map<String, Remembered> remembered = new HashMap<>();
    private ReferenceSchema schema = new ReferenceSchema(Map.of());

    private Optional<Open> open = Optional.empty();
    private Optional<Verdict.Ended> ended = Optional.empty(); // the last one
    private final Set<String> over = new HashSet<>(); // the keys that opened transactions

    private record Remembered(long version, String digest) {}

    /// An open transaction has a copy of its own, the last one. What is kept here is what a void one falls back to,
    /// and what nobody but its holder knows.
    private record Open(
            Optional<String> key,
            String digest,
            Set<String> tokens,
            ReferenceSchema schema,
            Map<String, Thing> deleted,
            Map<String, Remembered> remembered) {}

    /// The newest copy, also one that is being made.
    long head() {
        return copies.size() - 1L;
    }

    /// The newest that everybody sees.
    long visible() {
        return open.isPresent() ? head() - 1 : head();
    }

    boolean isOpen() {
        return open.isPresent();
    }

    Map<String, Thing> at(long version) {
        return copies.get((int) version);
    }

    Map<String, Thing> now() {
        return at(head());
    }

    /// At the head.
    ReferenceSchema schema() {
        return schema;
    }

    /// All that ever were.
    Set<String> tokens() {
        return Collections.unmodifiableSet(tokens);
    }

    /// An object when it was there last; a bare one without type if it never was.
    private Thing lastSeen(String token) {
        if (open.isPresent()
                && !now().containsKey(token)
                && open.get().deleted().containsKey(token)) {
            return Objects.requireNonNull(open.get().deleted().get(token));
        }
        for (var copy : copies.reversed()) {
            var thing = copy.get(token);
            if (thing != null) {
                return thing;
            }
        }
        return NEVER;
    }

    Verdict open(CatalogPort.Opening opening, Map<String, ObjectToken> names) {
        var key = opening.provenance().key();
        if (open.isPresent()) {
            return key.isEmpty() || !key.equals(open.get().key())
                    ? new Verdict.Locked()
                    : open.get().digest().equals(opening.digest())
                            ? new Verdict.Opened(head(), true)
                            : new Verdict.KeyReused();
        }
        if (key.filter(over::contains).isPresent()) {
            return new Verdict.Over();
        }
        open = Optional.of(
                new Open(key, opening.digest(), Set.copyOf(tokens), schema, new HashMap<>(), new HashMap<>()));
        copies.add(now());
        if (opening.first().isPresent()) {
            var verdict = decide(opening.first().get(), names);
            if (!(verdict instanceof Verdict.Accepted(var version, var replayed))) {
                copies.removeLast();
                open = Optional.empty();
                return verdict;
            }
        }
        return new Verdict.Opened(head(), false);
    }

    /// @param change what its holder does
    Verdict step(Supplier<Verdict> change) {
        return open.isPresent() ? change.get() : new Verdict.Over();
    }

    /// @param change what somebody else does
    Verdict outside(Supplier<Verdict> change) {
        return open.isPresent() ? new Verdict.Locked() : change.get();
    }

    Verdict end(String how) {
        if (open.isEmpty()) {
            return ended.filter(last -> last.how().equals(how))
                    .<Verdict>map(last -> new Verdict.Ended(last.version(), how, true))
                    .orElse(new Verdict.Over());
        }
        var transaction = open.get();
        tokens.clear();
        tokens.addAll(transaction.tokens());
        if (how.equals("committed")) {
            tokens.addAll(now().keySet());
            remembered.putAll(transaction.remembered());
        } else {
            schema = transaction.schema();
            copies.removeLast();
            copies.add(now());
        }
        transaction.key().ifPresent(over::add);
        open = Optional.empty();
        var last = new Verdict.Ended(head(), how, false);
        ended = Optional.of(last);
        return last;
    }

    /// @param names the tokens of the temporary names
    Verdict decide(Write write, Map<String, ObjectToken> names) {
        return decided(
                write.provenance().key().map(key -> write.provenance().caller() + " " + key),
                write.digest(),
                movements(write),
                () -> {
                    var work = new ReferenceWrite(now(), schema, this::lastSeen, names);
                    work.carryOut(write.operations());
                    return judged(work, names);
                });
    }

    Verdict decide(Reversal reversal) {
        if (reversal.to().number() > head()) {
            return new Verdict.NotYetSeen();
        }
        var tokens = new TreeSet<String>();
        reversal.objects()
                .ifPresentOrElse(
                        chosen -> chosen.forEach(token -> tokens.add(token.text())), () -> tokens.addAll(tokens()));
        for (var token : tokens) {
            if (lastSeen(token).type().isEmpty()) {
                return new Verdict.UnknownObject(token);
            }
        }
        return decided(
                reversal.provenance().key().map(key -> reversal.provenance().caller() + " " + key),
                reversal.digest(),
                movements(reversal.ifVersion()),
                () -> {
                    var work = new ReferenceWrite(now(), schema, this::lastSeen, Map.of());
                    work.restore(at(reversal.to().number()), tokens);
                    return judged(work, Map.of());
                });
    }

    private Verdict decided(
            Optional<String> key, String digest, Set<Verdict.Movement> movements, Supplier<Verdict> judge) {
        var before = key.flatMap(
                known -> open.map(transaction -> transaction.remembered().get(known))
                        .or(() -> Optional.ofNullable(remembered.get(known))));
        if (before.isPresent()) {
            return before.get().digest().equals(digest)
                    ? new Verdict.Accepted(before.get().version(), true)
                    : new Verdict.KeyReused();
        }
        if (!movements.isEmpty()) {
            return new Verdict.Moved(movements);
        }
        var verdict = judge.get();
        if (verdict instanceof Verdict.Accepted(var version, var replayed)) {
            var mine = open.map(Open::remembered).orElse(remembered);
            key.ifPresent(known -> mine.put(known, new Remembered(version, digest)));
        }
        return verdict;
    }

    private Verdict judged(ReferenceWrite work, Map<String, ObjectToken> names) {
        var changed = isSchemaChanged(work.after);
        var end = changed ? new ReferenceSchema(work.after) : schema;
        var ofSchema = new HashSet<Fault>();
        if (changed) {
            ReferenceSchema.checkNames(now(), work.after, end.faults);
            ofSchema.addAll(end.faults);
        }
        for (var fault : work.faults) {
            if (fault.object().startsWith("sys.")) {
                ofSchema.add(fault);
            }
        }
        if (!ofSchema.isEmpty()) {
            return new Verdict.BrokenSchema(renamed(ofSchema, names));
        }
        ReferenceRules.carryOut(end, now(), work.after);
        var found = new HashSet<>(work.faults);
        for (var fault : ReferenceRules.judge(end, now(), work.after)) {
            if (!follows(fault, work.faults)) {
                found.add(fault);
            }
        }
        var all = new HashSet<>(found);
        if (changed) {
            all.addAll(ReferenceRules.audit(end, work.after));
        }
        if (!all.isEmpty()) {
            var must = renamed(found.isEmpty() ? told(all) : found, names);
            return new Verdict.Unsound(must, renamed(all, names));
        }
        take(work.after);
        return new Verdict.Accepted(head(), false);
    }

    /// What could not be set is not missing, too.
    private static boolean follows(Fault fault, Set<Fault> structural) {
        return fault.code().matches("required|cardinality")
                && structural.stream()
                        .anyMatch(cause -> cause.object().equals(fault.object())
                                && cause.attribute().equals(fault.attribute()));
    }

    /// That a value does not fit the new type or target of its definition need not be told once more for the
    /// constraints whose meaning hangs on them.
    private static Set<Fault> told(Set<Fault> all) {
        var told = new HashSet<>(all);
        told.removeIf(fault -> Set.of("wrong_reference_type", "one_of").contains(fault.code())
                && all.contains(new Fault("definition_in_use", fault.object(), fault.attribute(), fault.location())));
        return told;
    }

    private static Set<Fault> renamed(Set<Fault> faults, Map<String, ObjectToken> names) {
        var given = new HashMap<String, String>();
        names.forEach((name, token) -> given.put(token.text(), name));
        var renamed = new HashSet<Fault>();
        faults.forEach(fault -> renamed.add(new Fault(
                fault.code(),
                given.getOrDefault(fault.object(), fault.object()),
                fault.attribute(),
                fault.location())));
        return renamed;
    }

    private boolean isSchemaChanged(Map<String, Thing> after) {
        return !schemaOf(now()).equals(schemaOf(after));
    }

    private static Map<String, Set<Fact>> schemaOf(Map<String, Thing> things) {
        var objects = new TreeMap<String, Set<Fact>>();
        things.forEach((token, thing) -> {
            if (token.startsWith("sys.")) {
                objects.put(token, thing.facts().keySet());
            }
        });
        return objects;
    }

    /// The next copy, or the open transaction's anew: what stood before keeps its version.
    private void take(Map<String, Thing> after) {
        var before = now();
        var version = open.isPresent() ? head() : head() + 1;
        var copy = new TreeMap<String, Thing>();
        after.forEach((token, thing) -> {
            var old = before.get(token);
            var facts = new LinkedHashMap<Fact, Thing.Held>();
            thing.facts().forEach((fact, held) -> {
                var stood = old == null ? null : old.facts().get(fact);
                facts.put(fact, stood == null ? new Thing.Held(held.literal(), version) : stood);
            });
            copy.put(token, old != null && old.facts().equals(facts) ? old : new Thing(thing.type(), facts));
        });
        tokens.addAll(copy.keySet());
        if (isSchemaChanged(copy)) {
            schema = new ReferenceSchema(copy);
        }
        if (open.isPresent()) {
            var deleted = open.get().deleted();
            before.forEach((token, thing) -> {
                if (!copy.containsKey(token)) {
                    deleted.put(token, thing);
                }
            });
            copies.removeLast();
        }
        copies.add(copy);
    }

    private Set<Verdict.Movement> movements(Write write) {
        var movements = new HashSet<>(movements(write.ifVersion()));
        var since = new HashMap<String, Long>();
        for (var operation : write.operations()) {
            operation
                    .ifVersion()
                    .ifPresent(version -> since.merge(
                            operation.object().text(), version.number(), (one, other) -> Math.min(one, other)));
        }
        since.forEach((token, version) -> {
            if (changed(token, head()) > version) {
                movements.add(movement(token, version));
            }
        });
        return movements;
    }

    private Set<Verdict.Movement> movements(Optional<Version> ifVersion) {
        var movements = new HashSet<Verdict.Movement>();
        ifVersion
                .map(Version::number)
                .filter(version -> version < head())
                .ifPresent(version -> tokens().forEach(token -> {
                    if (changed(token, head()) > version) {
                        movements.add(movement(token, version));
                    }
                }));
        return movements;
    }

    /// The last version up to this one that changed the object in any place; 0: none did.
    long changed(String token, long upTo) {
        return Views.everything(this).changed(token, upTo);
    }

    private Verdict.Movement movement(String token, long since) {
        var then = at(since).getOrDefault(token, NEVER);
        var now = now().getOrDefault(token, NEVER);
        var slots = new TreeMap<String, List<Set<String>>>();
        for (var thing : List.of(then, now)) {
            for (var fact : thing.facts().keySet()) {
                var was = then.slot(fact.definition(), fact.location());
                var is = now.slot(fact.definition(), fact.location());
                if (!was.equals(is)) {
                    slots.put(fact.definition() + "@" + fact.location(), List.of(was, is));
                }
            }
        }
        return new Verdict.Movement(token, !now().containsKey(token), changed(token, head()), slots);
    }
}
