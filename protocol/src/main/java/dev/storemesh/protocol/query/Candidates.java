package dev.storemesh.protocol.query;

import dev.storemesh.protocol.object.ObjectFinder;
import dev.storemesh.protocol.object.Postings;
import dev.storemesh.protocol.query.Condition.AllOf;
import dev.storemesh.protocol.query.Condition.AnyOf;
import dev.storemesh.protocol.query.Condition.Holds;
import dev.storemesh.protocol.query.Condition.Linked;
import dev.storemesh.protocol.query.Condition.Not;
import dev.storemesh.protocol.query.Condition.OfType;
import dev.storemesh.protocol.query.Condition.References;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which objects a condition can hold for at all, as far as an index tells.
final class Candidates {
    private static final int FEW_TARGETS = 1_000;
    private final ObjectFinder index;

    Candidates(ObjectFinder index) {
        this.index = index;
    }

    /// A superset of the objects for which the condition holds, at any version; empty: the index does not tell.
    Optional<Postings> of(Condition condition) {
        return switch (condition) {
            case AllOf(var parts) ->
                parts.stream().flatMap(part -> of(part).stream()).min(Comparator.comparingInt(Postings::size));
            case AnyOf(var parts) -> any(parts);
            case OfType(var type) -> Optional.of(index.ofType(type));
            case Holds(var definition, var criterion) -> of(definition, criterion);
            case References(var definition, var object) ->
                Optional.of(definition
                        .map(name -> index.holding(name, new Value.Reference(object)))
                        .orElseGet(() -> index.referring(object)));
            case Linked(var link, var targets) ->
                targets.size() > FEW_TARGETS ? Optional.empty() : Optional.of(Postings.of(targets));
            case Not not -> Optional.empty();
        };
    }

    private Optional<Postings> any(List<Condition> parts) {
        var all = new ArrayList<Postings>();
        for (var part : parts) {
            var some = of(part);
            if (some.isEmpty()) {
                return Optional.empty();
            }
            all.add(some.get());
        }
        return Optional.of(Postings.union(all));
    }

    private Optional<Postings> of(DefinitionName definition, Criterion criterion) {
        return switch (criterion) {
            case Criterion.Equal(var key) -> Optional.of(index.holding(definition, key));
            case Criterion.OneOf(var keys) ->
                Optional.of(Postings.union(
                        keys.stream().map(key -> index.holding(definition, key)).toList()));
            case Criterion.HasWords(var words) ->
                words.stream()
                        .map(word -> index.withWord(definition, word))
                        .min(Comparator.comparingInt(Postings::size));
            case Criterion.BeginsWith(var folded) ->
                folded.isEmpty() ? Optional.empty() : Optional.of(index.withPrefix(definition, folded));
            case Criterion.Within within -> Optional.empty();
            case Criterion.Exists exists -> Optional.empty();
        };
    }
}
