package dev.storemesh.protocol.query;

import dev.storemesh.protocol.value.Folded;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.Value.Money;
import dev.storemesh.protocol.value.Value.Text;
import dev.storemesh.protocol.value.ValueOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What one value must be. Texts in it are folded, values are [Folded#key]s.
sealed interface Criterion {
    boolean passes(Value value);

    record Equal(Value key) implements Criterion {
        @Override
        public boolean passes(Value value) {
            return key instanceof Text(var folded) && value instanceof Text(var text)
                    ? Folded.equals(text, folded)
                    : key.equals(value);
        }
    }

    record OneOf(Set<Value> keys) implements Criterion {
        public OneOf {
            keys = Set.copyOf(keys);
        }

        @Override
        public boolean passes(Value value) {
            return keys.contains(Folded.key(value));
        }
    }

    record Within(Optional<Value> min, Optional<Value> max) implements Criterion {
        @Override
        public boolean passes(Value value) {
            return min.map(least -> comparable(value, least) && order(least, value) <= 0)
                            .orElse(true)
                    && max.map(most -> comparable(value, most) && order(value, most) <= 0)
                            .orElse(true);
        }

        private static boolean comparable(Value value, Value bound) {
            return value.type() == bound.type()
                    && (!(value instanceof Money money)
                            || !(bound instanceof Money other)
                            || money.currency().equals(other.currency()));
        }

        private static int order(Value left, Value right) {
            return left instanceof Text(var text) && right instanceof Text(var other)
                    ? Folded.compareFolded(text, other)
                    : ValueOrder.PLAIN.compare(left, right);
        }
    }

    record BeginsWith(String folded) implements Criterion {
        @Override
        public boolean passes(Value value) {
            return value instanceof Text(var text) && Folded.startsWith(text, folded);
        }
    }

    record HasWords(List<String> words) implements Criterion {
        public HasWords {
            words = List.copyOf(words);
        }

        @Override
        public boolean passes(Value value) {
            if (!(value instanceof Text(var text))) {
                return false;
            }
            var folded = Folded.of(text);
            for (var word : words) {
                if (!Folded.hasWord(folded, word)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// There is a value.
    record Exists() implements Criterion {
        @Override
        public boolean passes(Value value) {
            return true;
        }
    }
}
