package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Who wrote each version, when and why, in the order of versions. A version takes 20 bytes here, since a partition
/// keeps all that touched its objects: provenances that repeat are held once. Owned by one thread at a time, until it
/// is frozen.
public final class WrittenVersions {
    private static final int MAX_KNOWN = 4_096;

    private long[] versions;
    private long[] millis;
    private Provenance[] provenances;
    private int size;
    private boolean frozen;
    private long provenanceBytes;
    private final Map<Provenance, Provenance> known = new HashMap<>();

    public WrittenVersions() {
        this(new long[16], new long[16], new Provenance[16], 0);
    }

    private WrittenVersions(long[] versions, long[] millis, Provenance[] provenances, int size) {
        this.versions = versions;
        this.millis = millis;
        this.provenances = provenances;
        this.size = size;
    }

    /// Adds a version after all that are there.
    public void add(Version version, Written written) {
        if (frozen || size > 0 && version.number() <= versions[size - 1]) {
            throw new IllegalArgumentException("version: " + version + " (expected: one after the last)");
        }
        if (size == versions.length) {
            var more = size + (size >> 1);
            versions = Arrays.copyOf(versions, more);
            millis = Arrays.copyOf(millis, more);
            provenances = Arrays.copyOf(provenances, more);
        }
        versions[size] = version.number();
        millis[size] = written.at().toEpochMilli();
        provenances[size] = interned(written.provenance());
        size++;
    }

    /// Reasons seldom repeat, and what stands around them nearly always does.
    private Provenance interned(Provenance provenance) {
        var same = known.get(provenance);
        if (same != null) {
            return same;
        }
        provenanceBytes += HeapSize.of(provenance);
        var withoutReason = provenance.withReason(Optional.empty());
        var shared = known.getOrDefault(withoutReason, withoutReason).withReason(provenance.reason());
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        known.put(withoutReason, shared.withReason(Optional.empty()));
        known.put(shared, shared);
        return shared;
    }

    public int size() {
        return size;
    }

    /// About how many bytes it takes.
    long heapBytes() {
        return provenanceBytes + (2L * Long.BYTES + HeapSize.REFERENCE) * versions.length;
    }

    /// Who wrote `version`; empty where it is not one of these.
    public Optional<Written> of(Version version) {
        var index = Arrays.binarySearch(versions, 0, size, version.number());
        return index < 0 ? Optional.empty() : Optional.of(written(index));
    }

    private Written written(int index) {
        return new Written(Instant.ofEpochMilli(millis[index]), provenances[index]);
    }

    /// All of them, in the order of versions.
    public void forEach(BiConsumer<Version, Written> each) {
        for (var i = 0; i < size; i++) {
            each.accept(new Version(versions[i]), written(i));
        }
    }

    /// Those that these objects tell of.
    WrittenVersions toldBy(Collection<VersionedObject> objects) {
        var told = objects.stream()
                .flatMapToLong(VersionedObject::versions)
                .sorted()
                .distinct()
                .toArray();
        var own = new WrittenVersions();
        for (var i = 0; i < size; i++) {
            if (Arrays.binarySearch(told, versions[i]) >= 0) {
                own.add(new Version(versions[i]), written(i));
            }
        }
        return own;
    }

    /// The same, to go on with.
    WrittenVersions copy() {
        var copy = new WrittenVersions(
                Arrays.copyOf(versions, Math.max(size, 16)),
                Arrays.copyOf(millis, Math.max(size, 16)),
                Arrays.copyOf(provenances, Math.max(size, 16)),
                size);
        copy.provenanceBytes = provenanceBytes;
        return copy;
    }

    /// The same for good: nothing can be added, and every thread may read it.
    WrittenVersions frozen() {
        if (frozen) {
            return this;
        }
        var copy = copy();
        copy.frozen = true;
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WrittenVersions written
                && Arrays.equals(versions, 0, size, written.versions, 0, written.size)
                && Arrays.equals(millis, 0, size, written.millis, 0, written.size)
                && Arrays.equals(provenances, 0, size, written.provenances, 0, written.size);
    }

    @Override
    public int hashCode() {
        var hash = size;
        for (var i = 0; i < size; i++) {
            hash = 31 * hash + Long.hashCode(versions[i]);
        }
        return hash;
    }
}
