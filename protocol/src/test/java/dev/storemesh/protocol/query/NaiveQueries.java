package dev.storemesh.protocol.query;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PageKey;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Folded;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What queries mean, written down without regard to cost: every view is looked at, and the filter is judged as it
/// was asked.
final class NaiveQueries {
    private final List<ObjectView.Live> views;

    NaiveQueries(List<VersionedObjects> partitions, Version version, Scope scope) {
        this.views = partitions.stream()
                .flatMap(objects -> objects.inPageOrder(Optional.empty()).stream())
                .flatMap(object -> object.at(version, scope).stream())
                .toList();
    }

    /// All objects that match, in order.
    List<ObjectView.Live> answer(Query query) {
        var named = named(query.filter());
        Comparator<ObjectView.Live> order = Comparator.comparing(view -> PageKey.of(view.object()));
        for (var sort : query.sort().reversed()) {
            Comparator<ObjectView.Live> by = (left, right) -> compare(sort, left, right);
            order = by.thenComparing(order);
        }
        return views.stream()
                .filter(view -> !view.type().text().startsWith("sys.") || named.contains(view.type()))
                .filter(view -> holds(query.filter(), view))
                .sorted(order)
                .toList();
    }

    private static int compare(Query.Sort sort, ObjectView.Live left, ObjectView.Live right) {
        var values = Stream.of(left, right)
                .map(view -> values(view, sort.attribute())
                        .sorted(NaiveQueries::compare)
                        .toList())
                .toList();
        var first = values.get(0);
        var second = values.get(1);
        if (first.isEmpty() || second.isEmpty()) {
            return (first.isEmpty() ? 1 : 0) - (second.isEmpty() ? 1 : 0);
        }
        return sort.descending()
                ? compare(second.getLast(), first.getLast())
                : compare(first.getFirst(), second.getFirst());
    }

    private static int compare(Value left, Value right) {
        return switch (left) {
            case Value.Text(var text) -> {
                var other = ((Value.Text) right).text();
                var order = Folded.of(text).compareTo(Folded.of(other));
                yield order != 0 ? order : text.compareTo(other);
            }
            case Value.Whole(var number) -> Long.compare(number, ((Value.Whole) right).number());
            case Value.Decimal(var number) -> number.compareTo(((Value.Decimal) right).number());
            case Value.Flag(var flag) -> Boolean.compare(flag, ((Value.Flag) right).flag());
            case Value.Moment(var instant) -> instant.compareTo(((Value.Moment) right).instant());
            case Value.Money money -> {
                var other = (Value.Money) right;
                var order = money.currency().compareTo(other.currency());
                yield order != 0 ? order : Long.compare(money.amount(), other.amount());
            }
            case Value.Reference(var target) -> target.compareTo(((Value.Reference) right).target());
        };
    }

    private static Stream<Value> values(ObjectView.Live view, DefinitionName definition) {
        return view.rows().stream()
                .map(row -> row.attribute())
                .filter(attribute -> attribute.definition().equals(definition))
                .map(attribute -> attribute.value());
    }

    private static Set<TypeName> named(Filter filter) {
        var named = new HashSet<TypeName>();
        switch (filter) {
            case Filter.And(var parts) -> parts.forEach(part -> named.addAll(named(part)));
            case Filter.Or(var parts) -> parts.forEach(part -> named.addAll(named(part)));
            case Filter.Not(var part) -> named.addAll(named(part));
            case Filter.OfType(var type) -> named.add(type);
            case Filter.Attribute attribute -> {}
            case Filter.References references -> {}
            case Filter.ReferencedBy by -> {}
        }
        return named;
    }

    private boolean holds(Filter filter, ObjectView.Live view) {
        return switch (filter) {
            case Filter.And(var parts) -> parts.stream().allMatch(part -> holds(part, view));
            case Filter.Or(var parts) -> parts.stream().anyMatch(part -> holds(part, view));
            case Filter.Not(var part) -> !holds(part, view);
            case Filter.OfType(var type) -> view.type().equals(type);
            case Filter.Attribute(var name, Filter.Match.Exists(var wanted)) ->
                values(view, name).findAny().isPresent() == wanted;
            case Filter.Attribute(var name, var match) -> values(view, name).anyMatch(value -> matches(match, value));
            case Filter.References(var name, var object) -> refers(view, name, new Value.Reference(object));
            case Filter.ReferencedBy(var name, var object) ->
                views.stream()
                        .filter(by -> object.isEmpty() || object.get().equals(by.object()))
                        .anyMatch(by -> refers(by, name, new Value.Reference(view.object())));
        };
    }

    private static boolean refers(ObjectView.Live view, Optional<DefinitionName> name, Value.Reference target) {
        return view.rows().stream()
                .map(row -> row.attribute())
                .filter(attribute -> name.isEmpty() || name.get().equals(attribute.definition()))
                .anyMatch(attribute -> attribute.value().equals(target));
    }

    private static boolean matches(Filter.Match match, Value value) {
        return switch (match) {
            case Filter.Match.Equal(var literal) -> equal(value, literal);
            case Filter.Match.In(var literals) -> literals.stream().anyMatch(literal -> equal(value, literal));
            case Filter.Match.Range(var min, var max) ->
                min.map(least -> isAtMost(read(value, least), value)).orElse(true)
                        && max.map(most -> isAtMost(value, read(value, most))).orElse(true);
            case Filter.Match.Prefix(var text) -> folded(value).startsWith(Folded.of(text));
            case Filter.Match.Word(var text) -> words(folded(value)).containsAll(words(Folded.of(text)));
            case Filter.Match.Exists exists -> true;
        };
    }

    private static boolean equal(Value value, Literal literal) {
        var other = read(value, literal);
        return value instanceof Value.Text ? folded(value).equals(folded(other)) : compare(value, other) == 0;
    }

    private static Value read(Value value, Literal literal) {
        return Value.read(value.type(), literal);
    }

    private static boolean isAtMost(Value left, Value right) {
        if (left instanceof Value.Money money && right instanceof Value.Money other) {
            return money.currency().equals(other.currency()) && money.amount() <= other.amount();
        }
        return left instanceof Value.Text ? folded(left).compareTo(folded(right)) <= 0 : compare(left, right) <= 0;
    }

    private static String folded(Value value) {
        return Folded.of(((Value.Text) value).text());
    }

    private static List<String> words(String folded) {
        return Arrays.stream(folded.split("[^\\p{L}\\p{Nd}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /// How many of these objects have which value, most first.
    static List<Map.Entry<Value, Long>> counts(List<ObjectView.Live> views, DefinitionName definition) {
        var counts = new TreeMap<Value, Long>(NaiveQueries::compare);
        views.forEach(view -> {
            var seen = new ArrayList<Value>();
            values(view, definition).forEach(value -> {
                if (seen.stream().noneMatch(other -> compare(other, value) == 0)) {
                    seen.add(value);
                    counts.merge(value, 1L, Long::sum);
                }
            });
        });
        return counts.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<Value, Long> entry) -> -entry.getValue()))
                .toList();
    }
}
