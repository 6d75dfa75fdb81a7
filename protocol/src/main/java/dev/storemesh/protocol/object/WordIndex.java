package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.Folded;
import dev.storemesh.protocol.value.Value;
import java.util.HashMap;
import java.util.Map;

/// For each word, the objects with a string that holds it or ever held it, at any location.
final class WordIndex {
    private final Map<String, Postings> entries = new HashMap<>();

    void add(PageKey object, Value value) {
        if (value instanceof Value.Text(var text)) {
            Folded.words(Folded.of(text)).forEach(word -> entries.merge(word, object, (held, one) -> held.and(object)));
        }
    }

    /// `word` is folded.
    Postings holding(String word) {
        return entries.getOrDefault(word, Postings.NONE);
    }
}
