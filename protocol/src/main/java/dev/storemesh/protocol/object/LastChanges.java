package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import java.util.Arrays;
import java.util.List;

/// Which version changed which object, in the order of versions. Only ever added to, so what an object's later change
/// made out of date is there, too, until somebody asks to drop it. Many threads may read it, or one change it.
final class LastChanges {
    private static final int FIRST = 16;

    private long[] versions = new long[FIRST];
    private PageKey[] keys = new PageKey[FIRST];
    private int size;

    /// Whether this is still the last change of its object.
    @FunctionalInterface
    interface Standing {
        boolean holds(long version, PageKey key);
    }

    int size() {
        return size;
    }

    void add(Version version, PageKey key) {
        if (size == versions.length) {
            var more = size + (size >> 2);
            versions = Arrays.copyOf(versions, more);
            keys = Arrays.copyOf(keys, more);
        }
        var place = size > 0 && versions[size - 1] > version.number() ? firstAfter(version) : size;
        System.arraycopy(versions, place, versions, place + 1, size - place);
        System.arraycopy(keys, place, keys, place + 1, size - place);
        versions[place] = version.number();
        keys[place] = key;
        size++;
    }

    /// Those that changed after `version`, each at least once.
    List<PageKey> after(Version version) {
        return Arrays.asList(keys).subList(firstAfter(version), size);
    }

    private int firstAfter(Version version) {
        var low = 0;
        var high = size;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (versions[middle] > version.number()) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// Drops what is out of date.
    void keep(Standing standing) {
        var kept = 0;
        for (var i = 0; i < size; i++) {
            if (standing.holds(versions[i], keys[i])) {
                versions[kept] = versions[i];
                keys[kept] = keys[i];
                kept++;
            }
        }
        versions = Arrays.copyOf(versions, Math.max(FIRST, kept + (kept >> 2)));
        keys = Arrays.copyOf(Arrays.copyOf(keys, kept), versions.length);
        size = kept;
    }
}
