package dev.storemesh.protocol.write;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;

/// What a decider must know before it can decide; the partition that owns it answers.
public sealed interface Lookup {
    /// The text whose hash says which partition to ask.
    String routedBy();

    /// An object at the newest version.
    record Head(ObjectToken object) implements Lookup {
        @Override
        public String routedBy() {
            return object.text();
        }
    }

    /// An object as it was at an earlier version.
    record AsOf(ObjectToken object, Version version) implements Lookup {
        @Override
        public String routedBy() {
            return object.text();
        }
    }

    /// What was answered to an accepted write.
    record Key(IdempotencyKey key) implements Lookup {
        @Override
        public String routedBy() {
            return key.text();
        }
    }
}
