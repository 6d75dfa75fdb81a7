package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the partitions answered so far.
public record Fetched(Map<Lookup, ObjectState> objects, Map<IdempotencyKey, Optional<Remembered>> keys) {
    public static final Fetched NOTHING = new Fetched(Map.of(), Map.of());

    public Fetched {
        objects = Map.copyOf(objects);
        keys = Map.copyOf(keys);
    }

    public Fetched and(Fetched more) {
        var allObjects = new HashMap<>(objects);
        allObjects.putAll(more.objects);
        var allKeys = new HashMap<>(keys);
        allKeys.putAll(more.keys);
        return new Fetched(allObjects, allKeys);
    }

    /// Begins a round over what was fetched.
    public Round begin() {
        return new Round(this);
    }

    /// What was fetched, and what the writes of this round did on top of it. Used by one decision at a time.
    public static final class Round {
        private final Fetched fetched;
        private final Map<ObjectToken, ObjectState> heads = new HashMap<>();
        private final Map<IdempotencyKey, Remembered> remembered = new HashMap<>();

        private Round(Fetched fetched) {
            this.fetched = fetched;
        }

        /// The object at the newest version, this round's writes included; empty: look it up.
        public Optional<ObjectState> head(ObjectToken token) {
            return Optional.ofNullable(heads.get(token))
                    .or(() -> Optional.ofNullable(fetched.objects.get(new Lookup.Head(token))));
        }

        public Optional<ObjectState> asOf(Lookup.AsOf lookup) {
            return Optional.ofNullable(fetched.objects.get(lookup));
        }

        public boolean knows(IdempotencyKey key) {
            return remembered.containsKey(key) || fetched.keys.containsKey(key);
        }

        public Optional<Remembered> remembered(IdempotencyKey key) {
            return Optional.ofNullable(remembered.get(key)).or(() -> fetched.keys.getOrDefault(key, Optional.empty()));
        }

        /// Lets the rest of the round see what was accepted.
        public void accept(LogEntry entry, Optional<Remembered> answer) {
            entry.changes()
                    .forEach(change -> heads.put(
                            change.object(),
                            head(change.object()).orElse(ObjectState.unknown()).after(entry.version(), change)));
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
