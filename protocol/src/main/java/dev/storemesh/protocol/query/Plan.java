package dev.storemesh.protocol.query;

import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PageKey;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.SeenObject;
import dev.storemesh.protocol.query.Condition.AllOf;
import dev.storemesh.protocol.query.Condition.AnyOf;
import dev.storemesh.protocol.query.Condition.Link;
import dev.storemesh.protocol.query.Condition.Linked;
import dev.storemesh.protocol.query.Condition.Not;
import dev.storemesh.protocol.query.Query.Facet;
import dev.storemesh.protocol.query.Query.Sort;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.ValueOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A query that makes sense, as every partition is asked it: the same for all, immutable. Made by [QueryCompiler].
public final class Plan {
    private final Query query;
    private final Condition condition;
    private final Set<TypeName> named;
    private final int cost;
    private final Optional<Set<DefinitionName>> shown;
    private final long evaluations;

    Plan(Query query, Condition condition, Set<TypeName> named, int nodes) {
        this(
                query,
                condition,
                Set.copyOf(named),
                nodes + query.sort().size() + query.facets().size(),
                query.attributes().map(Set::copyOf),
                Queries.MAX_EVALUATIONS);
    }

    private Plan(
            Query query,
            Condition condition,
            Set<TypeName> named,
            int cost,
            Optional<Set<DefinitionName>> shown,
            long evaluations) {
        this.query = query;
        this.condition = condition;
        this.named = named;
        this.cost = cost;
        this.shown = shown;
        this.evaluations = evaluations;
    }

    /// The same seen from a location, for which one partition may evaluate so much.
    Plan seenFrom(LocationId location, long most) {
        return new Plan(query.seenFrom(location), condition, named, cost, shown, most);
    }

    public Scope scope() {
        return Scope.of(query.location());
    }

    /// Whether [Queries#targets] must be asked for before, and given to [#with].
    public boolean isLinked() {
        return !links().isEmpty();
    }

    Set<Link> links() {
        var links = new HashSet<Link>();
        links(condition, links);
        return links;
    }

    private static void links(Condition condition, Set<Link> links) {
        switch (condition) {
            case AllOf(var parts) -> parts.forEach(part -> links(part, links));
            case AnyOf(var parts) -> parts.forEach(part -> links(part, links));
            case Not(var part) -> links(part, links);
            case Linked linked -> links.add(linked.link());
            case Condition.OfType type -> {}
            case Condition.Holds holds -> {}
            case Condition.References references -> {}
        }
    }

    /// The same, knowing what its links lead to.
    public Plan with(Targets targets) {
        return new Plan(query, with(condition, targets.byLink()), named, cost, shown, evaluations);
    }

    private static Condition with(Condition condition, Map<Link, Set<ObjectToken>> targets) {
        return switch (condition) {
            case AllOf(var parts) ->
                new AllOf(parts.stream().map(part -> with(part, targets)).toList());
            case AnyOf(var parts) ->
                new AnyOf(parts.stream().map(part -> with(part, targets)).toList());
            case Not(var part) -> new Not(with(part, targets));
            case Linked(var link, var unknown) -> new Linked(link, targets.getOrDefault(link, Set.of()));
            case Condition.OfType type -> type;
            case Condition.Holds holds -> holds;
            case Condition.References references -> references;
        };
    }

    Condition condition() {
        return condition;
    }

    int limit() {
        return query.limit();
    }

    List<Facet> facets() {
        return query.facets();
    }

    boolean countsAll() {
        return query.total();
    }

    /// Whether the answer is complete with the first objects that match.
    boolean endsWithPage() {
        return query.sort().isEmpty() && query.facets().isEmpty() && !query.total();
    }

    /// Node evaluations that one partition may make.
    long evaluations() {
        return evaluations;
    }

    /// Node evaluations for one object.
    int cost() {
        return cost;
    }

    /// The servers' own objects are left out unless the filter names their type.
    boolean considers(TypeName type) {
        return !type.isBookkeeping() && !type.isSchema() || named.contains(type);
    }

    boolean wants(SeenObject object) {
        return condition.holds(object);
    }

    /// Where an object stands in the answer. The first page goes from the first place; others from after the last
    /// object of the page before, as it was at the version of both.
    public Place place(ObjectView.Live view) {
        return new Place(values(SeenObject.of(view)), PageKey.of(view.object()));
    }

    /// The values that it is sorted by.
    List<Optional<Value>> values(SeenObject object) {
        var sort = query.sort();
        if (sort.size() == 1) { // nearly all that have an order; every object that matches passes here
            return List.of(first(sort.getFirst(), object));
        }
        return sort.stream().map(by -> first(by, object)).toList();
    }

    private static Optional<Value> first(Sort by, SeenObject object) {
        Optional<Value> first = Optional.empty();
        for (var attribute : object.attributes()) {
            if (attribute.definition().equals(by.attribute())
                    && (first.isEmpty() || precedes(by, attribute.value(), first.get()))) {
                first = Optional.of(attribute.value());
            }
        }
        return first;
    }

    private static boolean precedes(Sort by, Value value, Value other) {
        var order = ValueOrder.READING.compare(value, other);
        return by.descending() ? order > 0 : order < 0;
    }

    /// In the order of the answer; ties in page order.
    int compare(Place left, Place right) {
        var order = compare(left.values(), right.values());
        return order != 0 ? order : left.key().compareTo(right.key());
    }

    /// In the order of the answer, ties apart.
    int compare(List<Optional<Value>> left, List<Optional<Value>> right) {
        for (var i = 0; i < query.sort().size(); i++) {
            var order = compare(query.sort().get(i).descending(), left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compare(boolean descending, Optional<Value> left, Optional<Value> right) {
        if (left.isEmpty() || right.isEmpty()) {
            return Boolean.compare(left.isEmpty(), right.isEmpty()); // without a value: last
        }
        var order = ValueOrder.READING.compare(left.get(), right.get());
        return descending ? -order : order;
    }

    /// What the answer shows of an object.
    ObjectView.Live shown(ObjectView.Live view) {
        return shown.map(attributes -> new ObjectView.Live(
                        view.object(),
                        view.type(),
                        view.version(),
                        view.rows().stream()
                                .filter(row ->
                                        attributes.contains(row.attribute().definition()))
                                .toList()))
                .orElse(view);
    }
}
