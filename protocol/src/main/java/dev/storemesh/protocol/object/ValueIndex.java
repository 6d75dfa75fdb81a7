package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.Folded;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.ValueOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;

/// For each value, the objects that hold it or ever held it, at any location. Strings by their folded text.
final class ValueIndex {
    private final SortedTable<Value, Postings> entries = new SortedTable<>(ValueIndex::compare);
    private ValueFilter filter = new ValueFilter(0); // most questions are for values that nobody has
    private long heapBytes = HeapSize.array(0) + filter.heapBytes();

    /// So an entry's key can be the value of an object, as it was written: no folded text has to be kept.
    private static int compare(Value left, Value right) {
        return left instanceof Value.Text(var text) && right instanceof Value.Text(var other)
                ? Folded.compareFolded(text, other)
                : ValueOrder.PLAIN.compare(left, right);
    }

    /// The same for all values that are one to [#compare].
    private static int hash(Value value) {
        return value instanceof Value.Text(var text) ? Folded.of(text).hashCode() : value.hashCode();
    }

    void add(PageKey object, Value value) {
        var before = entries.size();
        entries.merge(value, object, (held, one) -> {
            heapBytes += held.growth();
            return held.and(object);
        });
        if (entries.size() > before) {
            heapBytes += HeapSize.SORTED;
            filter.add(hash(value));
            if (filter.isFull()) {
                widen();
            }
        }
    }

    private void widen() {
        heapBytes -= filter.heapBytes();
        var wider = new ValueFilter(entries.size());
        entries.forEach((value, objects) -> wider.add(hash(value)));
        filter = wider;
        heapBytes += filter.heapBytes();
    }

    /// About how many bytes it takes, values and keys left out: they are the objects'.
    long heapBytes() {
        return heapBytes;
    }

    Postings holding(Value value) {
        return filter.mayHold(hash(value)) ? entries.find(value).orElse(Postings.NONE) : Postings.NONE;
    }

    /// Those with a string that begins so; `folded` is not empty.
    Postings withPrefix(String folded) {
        var found = new ArrayList<Postings>();
        for (var entry : entries.entriesFrom(new Value.Text(folded))) {
            if (!(entry.getKey() instanceof Value.Text(var text)) || !Folded.startsWith(text, folded)) {
                break;
            }
            found.add(entry.getValue());
        }
        return Postings.union(found);
    }

    /// Strings as some object has them written.
    Collection<Map.Entry<Value, Postings>> entries() {
        return entries.entries();
    }
}
