package dev.storemesh.protocol.write;

import dev.storemesh.protocol.constraint.Surroundings;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// All objects as they are at the end of a write: the drafts over what this round's writes did before it, over what
/// was fetched. What it does not know it notes as missing.
final class EndState implements Surroundings {
    private final Fetched.Round round;
    private final Map<ObjectToken, Draft> drafts;
    private final Set<Lookup> missing;
    private final Map<DefinitionName, Map<Value, Set<ObjectToken>>> held = new HashMap<>();
    private Optional<Map<Value, Set<ObjectToken>>> referring = Optional.empty();

    /// @param missing takes the look-ups that would have to be made
    EndState(Fetched.Round round, Map<ObjectToken, Draft> drafts, Set<Lookup> missing) {
        this.round = round;
        this.drafts = drafts;
        this.missing = missing;
    }

    @Override
    public Optional<Standing> object(ObjectToken token) {
        var draft = drafts.get(token);
        if (draft != null) {
            return draft.standing();
        }
        var head = round.head(token);
        if (head.isEmpty()) {
            missing.add(new Lookup.Head(token));
        }
        return head.flatMap(state -> standing(token, state));
    }

    private static Optional<Standing> standing(ObjectToken token, ObjectState state) {
        return state instanceof ObjectState.Live live
                ? Optional.of(new Standing(
                        token,
                        live.type(),
                        live.rows().stream().map(row -> row.attribute()).toList()))
                : Optional.empty();
    }

    @Override
    public Set<ObjectToken> holders(DefinitionName definition, Value value) {
        var index = held.computeIfAbsent(
                definition,
                name -> index(
                        attribute -> attribute.definition().equals(name) ? Stream.of(attribute.value()) : Stream.of()));
        return union(new Lookup.Holders(definition, value), index.getOrDefault(value, Set.of()));
    }

    @Override
    public Set<ObjectToken> referrers(ObjectToken target) {
        var index = referring.orElseGet(
                () -> index(attribute -> Stream.of(attribute.value()).filter(Value.Reference.class::isInstance)));
        referring = Optional.of(index);
        return union(new Lookup.Referrers(target), index.getOrDefault(new Value.Reference(target), Set.of()));
    }

    /// The drafts changed: what was indexed of them is to be forgotten.
    void changed() {
        held.clear();
        referring = Optional.empty();
    }

    private Set<ObjectToken> union(Lookup lookup, Set<ObjectToken> here) {
        var before = round.set(lookup);
        if (before.isEmpty()) {
            missing.add(lookup);
        }
        var all = new LinkedHashSet<>(here);
        before.orElse(Set.of()).stream()
                .filter(token -> !drafts.containsKey(token) && !round.changed().containsKey(token))
                .forEach(all::add);
        return all;
    }

    /// What the drafts and the objects that this round changed hold, as `values` sees it.
    private Map<Value, Set<ObjectToken>> index(Function<Attribute, Stream<Value>> values) {
        var index = new HashMap<Value, Set<ObjectToken>>();
        drafts.values().forEach(draft -> draft.standing().ifPresent(standing -> add(index, standing, values)));
        round.changed().forEach((token, state) -> {
            if (!drafts.containsKey(token)) {
                standing(token, state).ifPresent(standing -> add(index, standing, values));
            }
        });
        return index;
    }

    private static void add(
            Map<Value, Set<ObjectToken>> index, Standing standing, Function<Attribute, Stream<Value>> values) {
        List<Attribute> attributes = standing.attributes();
        attributes.stream()
                .flatMap(values)
                .forEach(value ->
                        index.computeIfAbsent(value, unused -> new HashSet<>()).add(standing.object()));
    }
}
