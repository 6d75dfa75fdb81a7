package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.ObjectToken;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// The objects that one entry of an index names. They only ever grow, since an index serves every version: who reads
/// them looks at the objects.
///
/// Most entries name one object: such an entry is that object's key itself. Longer ones take a reference each and are
/// put into order only when they are read.
public sealed interface Postings permits Postings.None, Postings.Many, PageKey {
    Postings NONE = new None();

    /// At least how many objects they name: an object that came back to a value may be counted twice.
    int size();

    /// About how many bytes another one takes.
    int growth();

    /// In page order, each once. Good until the next one is added.
    List<PageKey> inOrder();

    /// These and another one; may be the same instance, changed.
    Postings and(PageKey key);

    static Postings of(Collection<ObjectToken> tokens) {
        return new Many(tokens.stream().map(PageKey::of).toList());
    }

    /// All that are named in one of several entries.
    static Postings union(List<Postings> entries) {
        return entries.size() == 1
                ? entries.getFirst()
                : new Many(entries.stream()
                        .flatMap(entry -> entry.inOrder().stream())
                        .toList());
    }

    record None() implements Postings {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public int growth() {
            return 0;
        }

        @Override
        public List<PageKey> inOrder() {
            return List.of();
        }

        @Override
        public Postings and(PageKey key) {
            return key;
        }
    }

    /// Several. Many threads may read them at a time, while nobody adds one.
    final class Many implements Postings {
        private PageKey[] keys;
        private int size;
        private int ordered; // so many from the first on are in order, each once

        Many(List<PageKey> keys) {
            this.keys = keys.toArray(PageKey[]::new);
            this.size = keys.size();
        }

        @Override
        public synchronized int size() {
            return size;
        }

        @Override
        public int growth() {
            return HeapSize.REFERENCE + HeapSize.REFERENCE / 4;
        }

        @Override
        public synchronized List<PageKey> inOrder() {
            order();
            return Arrays.asList(keys).subList(0, size);
        }

        @Override
        public Postings and(PageKey key) {
            if (size == keys.length) {
                order(); // those that came twice make room
                keys = Arrays.copyOf(keys, Math.max(4, size + (size >> 1)));
            }
            keys[size++] = key;
            return this;
        }

        private void order() {
            if (ordered == size) {
                return;
            }
            Arrays.sort(keys, 0, size);
            var kept = 0;
            for (var i = 0; i < size; i++) {
                if (kept == 0 || !keys[i].equals(keys[kept - 1])) {
                    keys[kept++] = keys[i];
                }
            }
            size = kept;
            ordered = kept;
        }
    }
}
