package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.Folded;
import dev.storemesh.protocol.value.Value;
import java.util.HashMap;
import java.util.Map;

/// For each word, the objects with a string that holds it or ever held it, at any location.
final class WordIndex {
    private final Map<String, Postings> entries = new HashMap<>();
    private long heapBytes = HeapSize.array(0);

    void add(PageKey object, Value value) {
        if (value instanceof Value.Text(var text)) {
            Folded.words(Folded.of(text)).forEach(word -> add(object, word));
        }
    }

    private void add(PageKey object, String word) {
        var held = entries.get(word);
        heapBytes += held == null ? HeapSize.HASHED + HeapSize.of(word) : held.growth();
        entries.put(word, held == null ? object : held.and(object));
    }

    /// About how many bytes it takes, keys left out: they are the objects'.
    long heapBytes() {
        return heapBytes;
    }

    /// `word` is folded.
    Postings holding(String word) {
        return entries.getOrDefault(word, Postings.NONE);
    }
}
