package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the holder of a transaction meets: what everybody does, and in place of each object that a step touched
/// what the steps left of it; or what is seen at a store: in place of each object that its own writes touched what
/// these left of it. A view, good until the next entry.
final class HeldObjects implements ReadableObjects {
    private final VersionedObjects base;
    private final VersionedObjects staged;
    private final Finder finder = new Finder();

    HeldObjects(VersionedObjects base, VersionedObjects staged) {
        this.base = base;
        this.staged = staged;
    }

    @Override
    public Optional<VersionedObject> find(ObjectToken token) {
        return find(PageKey.of(token));
    }

    @Override
    public Optional<VersionedObject> find(PageKey key) {
        return staged.find(key).or(() -> base.find(key));
    }

    @Override
    public Iterable<VersionedObject> inPageOrder(Optional<PageKey> after) {
        return () -> new Merged<>(
                base.inPageOrder(after).iterator(),
                staged.inPageOrder(after).iterator(),
                Comparator.comparing(VersionedObject::key));
    }

    @Override
    public Stream<ObjectToken> inTokenOrder(TypeName type, Optional<ObjectToken> after) {
        var merged = new ArrayList<ObjectToken>();
        new Merged<>(
                        base.inTokenOrder(type, after).iterator(),
                        staged.inTokenOrder(type, after).iterator(),
                        Comparator.<ObjectToken>naturalOrder())
                .forEachRemaining(merged::add);
        return merged.stream();
    }

    @Override
    public Stream<PageKey> changedAfter(Version version) {
        return Stream.concat(
                base.changedAfter(version).filter(key -> staged.find(key).isEmpty()), staged.changedAfter(version));
    }

    @Override
    public int size() {
        return base.size() + staged.size();
    }

    @Override
    public Stream<VersionedObject> live() {
        return Stream.concat(
                base.live().filter(object -> staged.find(object.token()).isEmpty()), staged.live());
    }

    @Override
    public ObjectFinder index() {
        return finder;
    }

    /// The candidates of both.
    final class Finder implements ObjectFinder {
        private Postings both(Function<ObjectIndex, Postings> question) {
            var below = question.apply(base.index());
            var above = question.apply(staged.index());
            if (below instanceof Postings.None) {
                return above;
            }
            return above instanceof Postings.None ? below : Postings.union(List.of(below, above));
        }

        @Override
        public Postings holding(DefinitionName definition, Value value) {
            return both(index -> index.holding(definition, value));
        }

        @Override
        public Postings withPrefix(DefinitionName definition, String folded) {
            return both(index -> index.withPrefix(definition, folded));
        }

        @Override
        public Postings withWord(DefinitionName definition, String word) {
            return both(index -> index.withWord(definition, word));
        }

        @Override
        public Postings referring(ObjectToken target) {
            return both(index -> index.referring(target));
        }

        @Override
        public Collection<Map.Entry<Value, Postings>> references(Optional<DefinitionName> definition) {
            return Stream.concat(
                            base.index().references(definition).stream(),
                            staged.index().references(definition).stream())
                    .toList();
        }

        @Override
        public Postings ofType(TypeName type) {
            return both(index -> index.ofType(type));
        }
    }

    /// Two sorted sequences as one; of equals the second's.
    private static final class Merged<T> implements Iterator<T> {
        private final Iterator<T> below;
        private final Iterator<T> above;
        private final Comparator<T> order;
        private @Nullable T nextBelow;
        private @Nullable T nextAbove;

        private Merged(Iterator<T> below, Iterator<T> above, Comparator<T> order) {
            this.below = below;
            this.above = above;
            this.order = order;
            this.nextBelow = after(below);
            this.nextAbove = after(above);
        }

        private static <T> @Nullable T after(Iterator<T> iterator) {
            return iterator.hasNext() ? iterator.next() : null;
        }

        @Override
        public boolean hasNext() {
            return nextBelow != null || nextAbove != null;
        }

        @Override
        public T next() {
            var low = nextBelow;
            var high = nextAbove;
            if (high == null) {
                if (low == null) {
                    throw new NoSuchElementException("the end of both");
                }
                nextBelow = after(below);
                return low;
            }
            var compared = low == null ? 1 : order.compare(low, high);
            if (low != null && compared < 0) {
                nextBelow = after(below);
                return low;
            }
            if (low != null && compared == 0) {
                nextBelow = after(below);
            }
            nextAbove = after(above);
            return high;
        }
    }
}
