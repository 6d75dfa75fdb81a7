package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Gives one instance for attributes that are the same: names always, whole attributes where that is worth it. Brands
/// and departments repeat in a catalog, barcodes do not, so each definition has a cache of its own. It forgets what
/// another attribute takes the place of, grows only while much is missed, and gives up where hardly anything repeats.
final class SameAttributes {
    private final Map<DefinitionName, Repeats> definitions = new HashMap<>();
    private final Map<Optional<LocationId>, Optional<LocationId>> locations = new HashMap<>();
    private final UnaryOperator<ObjectToken> tokens;
    private long heapBytes;
    private long cacheBytes; // of these

    /// @param tokens the instance of a token that is held already, or the token itself
    SameAttributes(UnaryOperator<ObjectToken> tokens) {
        this.tokens = tokens;
    }

    /// About how many bytes all attributes take that were made here, and the caches.
    long heapBytes() {
        return heapBytes;
    }

    /// All attributes that were made there are held here now.
    void takeOver(SameAttributes other) {
        heapBytes += other.heapBytes - other.cacheBytes;
    }

    /// So much of them is held no more.
    void dropped(long attributes, long ofAll) {
        heapBytes -= heapBytes / Math.max(1, ofAll) * attributes;
    }

    Attribute of(Attribute attribute) {
        var repeats = definitions.computeIfAbsent(attribute.definition(), this::repeats);
        // 12.5 and 12.50 are equal, and each keeps its digits
        return attribute.value() instanceof Value.Decimal ? made(repeats, attribute) : of(repeats, attribute);
    }

    private Repeats repeats(DefinitionName definition) {
        cached(2 * HeapSize.HASHED + (long) HeapSize.REFERENCE * Repeats.FIRST);
        return new Repeats(definition);
    }

    private Attribute of(Repeats repeats, Attribute attribute) {
        var known = repeats.find(attribute);
        if (known.isPresent()) {
            return known.get();
        }
        var made = made(repeats, attribute);
        cached((long) HeapSize.REFERENCE * repeats.keep(made));
        return made;
    }

    private void cached(long bytes) {
        heapBytes += bytes;
        cacheBytes += bytes;
    }

    private Attribute made(Repeats repeats, Attribute attribute) {
        var made = new Attribute(
                repeats.definition,
                locations.computeIfAbsent(attribute.location(), location -> location),
                attribute.value() instanceof Value.Reference(var target)
                        ? new Value.Reference(tokens.apply(target))
                        : attribute.value());
        heapBytes += HeapSize.of(made);
        return made;
    }

    /// The attributes of one definition.
    private static final class Repeats {
        private static final int FIRST = 16;
        private static final int MOST = 8_192;
        private static final int TRIAL = 4_096;

        private final DefinitionName definition;
        private @Nullable Attribute[] slots = new Attribute[FIRST]; // none: given up
        private int missed; // since it grew
        private int looks; // in this trial
        private int hits;

        private Repeats(DefinitionName definition) {
            this.definition = definition;
        }

        private Optional<Attribute> find(Attribute attribute) {
            if (slots.length == 0) {
                return Optional.empty();
            }
            if (++looks == TRIAL) {
                judge();
                return Optional.empty();
            }
            var known = slots[slot(attribute)];
            if (known == null
                    || !known.value().equals(attribute.value())
                    || !known.location().equals(attribute.location())) {
                return Optional.empty();
            }
            hits++;
            return Optional.of(known);
        }

        /// One in eight saves more than the cache takes.
        private void judge() {
            if (hits < TRIAL / 8) {
                slots = new Attribute[0];
            }
            looks = 0;
            hits = 0;
        }

        /// By how many slots the cache grew for it.
        private int keep(Attribute attribute) {
            if (slots.length == 0) {
                return 0;
            }
            var before = slots.length;
            if (++missed > slots.length && slots.length < MOST) {
                grow();
            }
            slots[slot(attribute)] = attribute;
            return slots.length - before;
        }

        private void grow() {
            var before = slots;
            slots = new Attribute[before.length * 4];
            missed = 0;
            Arrays.stream(before).forEach(held -> {
                if (held != null) {
                    slots[slot(held)] = held;
                }
            });
        }

        private int slot(Attribute attribute) {
            var hash = attribute.value().hashCode() * 31 + attribute.location().hashCode();
            return (hash * 0x9E3779B9) >>> Integer.numberOfLeadingZeros(slots.length - 1);
        }
    }
}
