package dev.storemesh.protocol.write;

import dev.storemesh.protocol.constraint.Findings;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the partitions answered so far. `sets` are the objects that a scattered question names; what each partition
/// knows of them is put together.
public record Fetched(
        Map<Lookup, ObjectState> objects,
        Map<IdempotencyKey, Optional<Remembered>> keys,
        Map<Lookup, Set<ObjectToken>> sets,
        Map<Lookup.Examine, Findings> findings) {
    public static final Fetched NOTHING = new Fetched(Map.of(), Map.of(), Map.of(), Map.of());

    public Fetched {
        objects = Map.copyOf(objects);
        keys = Map.copyOf(keys);
        sets = Map.copyOf(sets);
        findings = Map.copyOf(findings);
    }

    /// What several partitions found that were asked this: where none of them knows of an object for a scattered
    /// question, there is none.
    public static Fetched of(Collection<Fetched> parts, Collection<Lookup> asked) {
        var sets = merged(parts, Fetched::sets, Fetched::union);
        asked.stream().filter(Fetched::namesObjects).forEach(lookup -> sets.putIfAbsent(lookup, Set.of()));
        return new Fetched(
                merged(parts, Fetched::objects, (first, second) -> second),
                merged(parts, Fetched::keys, (first, second) -> second),
                sets,
                merged(parts, Fetched::findings, Findings::and));
    }

    private static boolean namesObjects(Lookup lookup) {
        return lookup instanceof Lookup.Holders
                || lookup instanceof Lookup.Referrers
                || lookup instanceof Lookup.ChangedSince;
    }

    public Fetched and(Fetched more) {
        return of(List.of(this, more), List.of());
    }

    private static <K, V> Map<K, V> merged(
            Collection<Fetched> parts, Function<Fetched, Map<K, V>> kind, BinaryOperator<V> merge) {
        var all = new HashMap<K, V>();
        parts.forEach(part -> kind.apply(part).forEach((key, value) -> all.merge(key, value, merge)));
        return all;
    }

    private static Set<ObjectToken> union(Set<ObjectToken> first, Set<ObjectToken> second) {
        var all = new HashSet<>(first);
        all.addAll(second);
        return all;
    }

    /// Begins a round over what was fetched.
    public Round begin() {
        return new Round(this);
    }

    /// What was fetched, and what the writes of this round did on top of it. Used by one decision at a time.
    public static final class Round {
        private final Fetched fetched;
        private final Map<ObjectToken, ObjectState> heads = new LinkedHashMap<>();
        private final Map<IdempotencyKey, Remembered> remembered = new HashMap<>();
        private final Map<Lookup, ObjectState> deleted = new HashMap<>();
        private Optional<Version> first = Optional.empty();

        private Round(Fetched fetched) {
            this.fetched = fetched;
        }

        /// Another one that knows the same: what it accepts, this one does not learn.
        public Round fork() {
            var fork = new Round(fetched);
            fork.heads.putAll(heads);
            fork.remembered.putAll(remembered);
            fork.deleted.putAll(deleted);
            fork.first = first;
            return fork;
        }

        /// The object at the newest version, this round's writes included; empty: look it up.
        public Optional<ObjectState> head(ObjectToken token) {
            return Optional.ofNullable(heads.get(token))
                    .or(() -> Optional.ofNullable(fetched.objects.get(new Lookup.Head(token))));
        }

        /// An object of before the round, or before this round deleted it; empty: look it up.
        public Optional<ObjectState> past(Lookup lookup) {
            return Optional.ofNullable(deleted.get(lookup)).or(() -> Optional.ofNullable(fetched.objects.get(lookup)));
        }

        /// Takes it that there is an object of this type which no partition knows yet.
        public void assume(ObjectToken token, TypeName type) {
            if (fetched.objects.get(new Lookup.Head(token)) instanceof ObjectState.Unknown) {
                heads.put(token, new ObjectState.Live(type, List.of(), Version.NONE));
            }
        }

        /// What a scattered question named before the round; empty: look it up.
        public Optional<Set<ObjectToken>> set(Lookup lookup) {
            return Optional.ofNullable(fetched.sets.get(lookup));
        }

        public Optional<Findings> findings(Lookup.Examine lookup) {
            return Optional.ofNullable(fetched.findings.get(lookup));
        }

        /// The objects that this round's writes changed, as they are after them.
        public Map<ObjectToken, ObjectState> changed() {
            return heads;
        }

        /// Whether this round accepted something: what scattered questions say is of before it.
        public boolean hasChanged() {
            return !heads.isEmpty();
        }

        /// Whether this round made the version, or may yet: what was fetched knows nothing of it.
        public boolean isOfRound(Version version) {
            return first.filter(made -> !made.isAfter(version)).isPresent();
        }

        public boolean knows(IdempotencyKey key) {
            return remembered.containsKey(key) || fetched.keys.containsKey(key);
        }

        public Optional<Remembered> remembered(IdempotencyKey key) {
            return Optional.ofNullable(remembered.get(key)).or(() -> fetched.keys.getOrDefault(key, Optional.empty()));
        }

        /// Lets the rest of the round see what was accepted.
        public void accept(LogEntry entry, Optional<Remembered> answer) {
            first = first.or(() -> Optional.of(entry.version()));
            for (var change : entry.changes()) {
                var before = head(change.object()).orElse(ObjectState.unknown());
                if (change.deleted()) {
                    deleted.put(new Lookup.LastLive(change.object()), before);
                }
                heads.put(change.object(), before.after(entry.version(), change));
            }
            answer.ifPresent(kept -> IdempotencyKey.of(entry.provenance()).ifPresent(key -> remembered.put(key, kept)));
        }

        /// The heads among `tokens` that are not known yet.
        public Set<Lookup> missing(Set<ObjectToken> tokens) {
            return new TreeSet<>(tokens)
                    .stream()
                            .filter(token -> head(token).isEmpty())
                            .<Lookup>map(Lookup.Head::new)
                            .collect(Collectors.toUnmodifiableSet());
        }

        /// A view of the heads for judging one write.
        public Function<ObjectToken, ObjectState> heads() {
            return token -> head(token).orElse(ObjectState.unknown());
        }
    }
}
