package dev.storemesh.protocol.object;

import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;

/// A sorted map that only grows, in a fifth of the memory of a [java.util.TreeMap]: entries lie in short arrays, in
/// order, and the arrays in a list. To read it in order is to walk through arrays; to add an entry moves the rest of
/// one of them. What it gives out is a view, good until the next entry. Many threads may read it, or one change it.
final class SortedTable<K, V> {
    private static final int FIRST = 4;
    private static final int MOST = 256; // entries of an array: a binary search and a move of 1 KB at most

    private final Comparator<? super K> order;
    private final List<Part<K, V>> parts = new ArrayList<>(1); // in order; only a single one may be empty
    private int size;

    SortedTable(Comparator<? super K> order) {
        this.order = order;
        parts.add(new Part<>());
    }

    @SuppressWarnings("unchecked") // what lies below `size` is of these types
    private static final class Part<K, V> {
        private Object[] keys = new Object[FIRST];
        private Object[] values = new Object[FIRST];
        private int size;

        private K key(int index) {
            return (K) keys[index];
        }

        private V value(int index) {
            return (V) values[index];
        }

        /// Where the key is, or as [Arrays#binarySearch(Object[], Object)] says it.
        private int find(K key, Comparator<? super K> order) {
            var low = 0;
            var high = size - 1;
            while (low <= high) {
                var middle = (low + high) >>> 1;
                var compared = order.compare(key(middle), key);
                if (compared == 0) {
                    return middle;
                }
                if (compared < 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return -low - 1;
        }

        private void insert(int index, K key, V value) {
            if (size == keys.length) {
                var more = Math.clamp(size + (size >> 1), FIRST, MOST);
                keys = Arrays.copyOf(keys, more);
                values = Arrays.copyOf(values, more);
            }
            System.arraycopy(keys, index, keys, index + 1, size - index);
            System.arraycopy(values, index, values, index + 1, size - index);
            keys[index] = key;
            values[index] = value;
            size++;
        }

        /// Leaves the entries before `from`, and gives the others.
        private Part<K, V> split(int from) {
            var rest = new Part<K, V>();
            rest.keys = Arrays.copyOfRange(keys, from, size);
            rest.values = Arrays.copyOfRange(values, from, size);
            rest.size = size - from;
            keys = Arrays.copyOf(keys, from);
            values = Arrays.copyOf(values, from);
            size = from;
            return rest;
        }
    }

    int size() {
        return size;
    }

    Optional<V> find(K key) {
        var part = parts.get(partOf(key));
        var index = part.find(key, order);
        return index < 0 ? Optional.empty() : Optional.of(part.value(index));
    }

    /// Puts a value in place of the one that is there, if any: then the key that is there stays.
    void put(K key, V value) {
        merge(key, value, (held, one) -> one);
    }

    /// Puts a value, or what becomes of the one that is there and this one.
    void merge(K key, V value, BinaryOperator<V> merged) {
        var at = partOf(key);
        var part = parts.get(at);
        var index = part.find(key, order);
        if (index >= 0) {
            part.values[index] = merged.apply(part.value(index), value);
            return;
        }
        var place = -index - 1;
        if (part.size == MOST) {
            // who adds in order leaves full arrays behind
            var from = at == parts.size() - 1 && place == MOST ? MOST - 1 : MOST / 2;
            var rest = part.split(from);
            parts.add(at + 1, rest);
            if (place > from) {
                part = rest;
                place -= from;
            }
        }
        part.insert(place, key, value);
        size++;
    }

    /// The last part that begins at or before this key; the first where none does.
    private int partOf(K key) {
        var low = 1;
        var high = parts.size() - 1;
        while (low <= high) {
            var middle = (low + high) >>> 1;
            if (order.compare(parts.get(middle).key(0), key) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low - 1;
    }

    void forEach(BiConsumer<? super K, ? super V> each) {
        for (var part : parts) {
            for (var i = 0; i < part.size; i++) {
                each.accept(part.key(i), part.value(i));
            }
        }
    }

    /// All values, in order.
    Collection<V> values() {
        return new Values(0, 0, size);
    }

    /// The values of the keys after this one, in order.
    Collection<V> valuesAfter(K key) {
        var at = partOf(key);
        var index = parts.get(at).find(key, order);
        var first = index < 0 ? -index - 1 : index + 1;
        var before = first;
        for (var part : parts.subList(0, at)) {
            before += part.size;
        }
        return new Values(at, first, size - before);
    }

    private final class Values extends AbstractCollection<V> {
        private final int part;
        private final int index;
        private final int count;

        private Values(int part, int index, int count) {
            this.part = part;
            this.index = index;
            this.count = count;
        }

        @Override
        public Iterator<V> iterator() {
            var entries = new Entries(part, index);
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return entries.hasNext();
                }

                @Override
                public V next() {
                    entries.step();
                    return entries.current.value(entries.index - 1);
                }
            };
        }

        @Override
        public int size() {
            return count;
        }
    }

    /// All entries, in order.
    Collection<Map.Entry<K, V>> entries() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new Entries(0, 0);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /// The entries of this key and those after it, in order.
    Iterable<Map.Entry<K, V>> entriesFrom(K key) {
        var at = partOf(key);
        var index = parts.get(at).find(key, order);
        return () -> new Entries(at, index < 0 ? -index - 1 : index);
    }

    private final class Entries implements Iterator<Map.Entry<K, V>> {
        private int at;
        private Part<K, V> current;
        private int index;

        private Entries(int at, int index) {
            this.at = at;
            this.index = index;
            current = parts.get(at);
        }

        @Override
        public boolean hasNext() {
            if (index < current.size) {
                return true;
            }
            if (at + 1 == parts.size()) {
                return false;
            }
            current = parts.get(++at);
            index = 0;
            return true; // none is empty but a single one
        }

        private void step() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            index++;
        }

        @Override
        public Map.Entry<K, V> next() {
            step();
            return Map.entry(current.key(index - 1), current.value(index - 1));
        }
    }
}
