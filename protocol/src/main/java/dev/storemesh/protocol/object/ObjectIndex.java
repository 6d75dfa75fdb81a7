package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/// Finds objects of one partition by what they hold. What nobody asks for takes no memory: each part is built when it
/// is first asked for, and kept up from then on.
///
/// It names candidates: objects for which the thing is true or *ever was*, at any location. So one index serves all
/// versions and scopes, and whoever asks looks at the object's view. Many threads may ask at a time, while nobody
/// changes
/// the objects: only one of them builds.
public final class ObjectIndex implements ObjectFinder {
    private final SortedTable<PageKey, VersionedObject> objects;
    private final Map<DefinitionName, ValueIndex> values = new HashMap<>();
    private final Map<DefinitionName, WordIndex> words = new HashMap<>();
    private final Map<TypeName, Postings> types = new HashMap<>();
    private final List<ValueIndex> references = new ArrayList<>(1); // of all definitions; none until asked for
    private boolean typed;
    private final AtomicLong heapBytes = new AtomicLong();

    /// @param objects as they are now and will be: read when a part is built
    ObjectIndex(SortedTable<PageKey, VersionedObject> objects) {
        this.objects = objects;
    }

    /// About how many bytes all parts take that were built.
    long heapBytes() {
        return heapBytes.get();
    }

    @Override
    public Postings holding(DefinitionName definition, Value value) {
        return valuesOf(definition).holding(value);
    }

    @Override
    public Postings withPrefix(DefinitionName definition, String folded) {
        return valuesOf(definition).withPrefix(folded);
    }

    @Override
    public Postings withWord(DefinitionName definition, String word) {
        return wordsOf(definition).holding(word);
    }

    @Override
    public Postings referring(ObjectToken target) {
        return allReferences().holding(new Value.Reference(target));
    }

    @Override
    public Collection<Map.Entry<Value, Postings>> references(Optional<DefinitionName> definition) {
        return definition.map(this::valuesOf).orElseGet(this::allReferences).entries();
    }

    @Override
    public synchronized Postings ofType(TypeName type) {
        if (!typed) {
            typed = true;
            objects.forEach((key, object) -> add(key, object.type()));
        }
        return types.getOrDefault(type, Postings.NONE);
    }

    private void add(PageKey key, TypeName type) {
        heapBytes.addAndGet(types.getOrDefault(type, Postings.NONE).growth());
        types.merge(type, key, (held, one) -> held.and(key));
    }

    private synchronized ValueIndex valuesOf(DefinitionName definition) {
        var index = values.get(definition);
        if (index == null) {
            index = new ValueIndex();
            build(definition, index::add);
            heapBytes.addAndGet(HeapSize.HASHED + index.heapBytes());
            values.put(definition, index);
        }
        return index;
    }

    private synchronized WordIndex wordsOf(DefinitionName definition) {
        var index = words.get(definition);
        if (index == null) {
            index = new WordIndex();
            build(definition, index::add);
            heapBytes.addAndGet(HeapSize.HASHED + index.heapBytes());
            words.put(definition, index);
        }
        return index;
    }

    private synchronized ValueIndex allReferences() {
        if (references.isEmpty()) {
            var index = new ValueIndex();
            build((name, value) -> value instanceof Value.Reference, index::add);
            heapBytes.addAndGet(index.heapBytes());
            references.add(index);
        }
        return references.getFirst();
    }

    private void build(DefinitionName definition, BiConsumer<PageKey, Value> add) {
        build((name, value) -> name.equals(definition), add);
    }

    private void build(BiPredicate<DefinitionName, Value> wanted, BiConsumer<PageKey, Value> add) {
        objects.forEach((key, object) -> object.forEachEver(attribute -> {
            if (wanted.test(attribute.definition(), attribute.value())) {
                add.accept(key, attribute.value());
            }
        }));
    }

    /// An object was made.
    void made(PageKey key, TypeName type) {
        if (typed) {
            add(key, type);
        }
    }

    /// An object was given this attribute.
    void set(PageKey key, Attribute attribute) {
        var byValue = values.get(attribute.definition());
        if (byValue != null) {
            add(byValue, key, attribute.value());
        }
        var byWord = words.get(attribute.definition());
        if (byWord != null) {
            var before = byWord.heapBytes();
            byWord.add(key, attribute.value());
            heapBytes.addAndGet(byWord.heapBytes() - before);
        }
        if (attribute.value() instanceof Value.Reference) {
            references.forEach(index -> add(index, key, attribute.value()));
        }
    }

    private void add(ValueIndex index, PageKey key, Value value) {
        var before = index.heapBytes();
        index.add(key, value);
        heapBytes.addAndGet(index.heapBytes() - before);
    }

    /// All objects were replaced.
    void forget() {
        values.clear();
        words.clear();
        types.clear();
        references.clear();
        typed = false;
        heapBytes.set(0);
    }
}
