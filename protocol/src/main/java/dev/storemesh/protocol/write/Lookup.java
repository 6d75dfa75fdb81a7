package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a decider must know before it can decide; the partitions answer.
public sealed interface Lookup {
    /// The text whose hash says which partition to ask; empty: all of them, each for its own objects.
    default Optional<String> routedBy() {
        return Optional.empty();
    }

    /// An object at the newest version.
    record Head(ObjectToken object) implements Lookup {
        @Override
        public Optional<String> routedBy() {
            return Optional.of(object.text());
        }
    }

    /// An object as it was at an earlier version.
    record AsOf(ObjectToken object, Version version) implements Lookup {
        @Override
        public Optional<String> routedBy() {
            return Optional.of(object.text());
        }
    }

    /// A deleted object as it was before that.
    record LastLive(ObjectToken object) implements Lookup {
        @Override
        public Optional<String> routedBy() {
            return Optional.of(object.text());
        }
    }

    /// What was answered to an accepted write.
    record Key(IdempotencyKey key) implements Lookup {
        @Override
        public Optional<String> routedBy() {
            return Optional.of(key.text());
        }
    }

    /// The objects that have this value at the newest version, at any place.
    record Holders(DefinitionName definition, Value value) implements Lookup {}

    /// The objects that refer to `target` at the newest version.
    record Referrers(ObjectToken target) implements Lookup {}

    /// The objects, no bookkeeping ones, that changed after `version`: more than `limit` of them where there are
    /// more.
    record ChangedSince(Version version, int limit) implements Lookup {}

    /// How all objects that the write does not touch stand under a schema that is to change.
    ///
    /// @param touched the type of each object that the write touches, as it leaves it; empty: it is gone then
    /// @param known the types of others that a partition found referred to and could not find; empty: it is gone
    record Examine(
            Schema before,
            Schema after,
            Map<ObjectToken, Optional<TypeName>> touched,
            Map<ObjectToken, Optional<TypeName>> known)
            implements Lookup {
        /// So many of those at most are asked for at once.
        public static final int MAX_ELSEWHERE = 10_000;

        public Examine {
            touched = Map.copyOf(touched);
            known = Map.copyOf(known);
        }

        public Examine(Schema before, Schema after, Map<ObjectToken, Optional<TypeName>> touched) {
            this(before, after, touched, Map.of());
        }

        /// The same question by somebody who knows more.
        public Examine knowing(Map<ObjectToken, Optional<TypeName>> more) {
            var all = new HashMap<>(known);
            all.putAll(more);
            return new Examine(before, after, touched, all);
        }
    }
}
