package dev.storemesh.protocol.query;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PageKey;
import dev.storemesh.protocol.object.ReadableObjects;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.SeenObject;
import dev.storemesh.protocol.object.VersionedObject;
import dev.storemesh.protocol.query.Bounded.TooCostly;
import dev.storemesh.protocol.query.Bounded.Within;
import dev.storemesh.protocol.query.Condition.Link;
import dev.storemesh.protocol.query.Part.Ranked;
import dev.storemesh.protocol.query.Query.Facet;
import dev.storemesh.protocol.query.QueryAnswer.Count;
import dev.storemesh.protocol.query.QueryAnswer.Counts;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.ValueOrder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/// Answers queries from the objects of one partition, and makes one answer of the partitions'. Where links are asked
/// for, their targets are found first, since who refers to an object may lie in another partition.
public final class Queries {
    /// Filter nodes that one partition evaluates for one query, times the objects it looks at.
    public static final long MAX_EVALUATIONS = 20_000_000;

    /// Different values of one facet.
    public static final int MAX_FACET_VALUES = 100_000;

    /// Objects that the links of a query lead to.
    public static final int MAX_TARGETS = 100_000;

    private static final int FEW_CANDIDATES = 1_000;
    private static final String EVALUATIONS = "filter nodes, sort keys and facets times objects";
    private final ReadableObjects objects;
    private final Version version;
    private final Scope scope;
    private final long allowed;
    private long left;

    private Queries(ReadableObjects objects, Version version, Scope scope, long evaluations) {
        this.objects = objects;
        this.version = version;
        this.scope = scope;
        this.allowed = evaluations;
        this.left = evaluations;
    }

    /// Whether an index names the few objects that one partition has to look at.
    public static boolean isShort(ReadableObjects objects, Plan plan) {
        return new Candidates(objects.index())
                .of(plan.condition())
                .filter(some -> some.size() <= FEW_CANDIDATES)
                .isPresent();
    }

    /// The answer of one partition at a version.
    ///
    /// @param after the place of the last object of the page before
    public static Bounded<Part> part(ReadableObjects objects, Plan plan, Version version, Optional<Place> after) {
        return part(objects, plan, version, after, plan.evaluations());
    }

    static Bounded<Part> part(
            ReadableObjects objects, Plan plan, Version version, Optional<Place> after, long evaluations) {
        return new Queries(objects, version, plan.scope(), evaluations).part(plan, after);
    }

    private Bounded<Part> part(Plan plan, Optional<Place> after) {
        var gathered = new Gathered(plan, after);
        var from = plan.endsWithPage() ? after.map(Place::key) : Optional.<PageKey>empty();
        look(plan, from, gathered);
        if (left < 0) {
            return new TooCostly<>(EVALUATIONS, allowed);
        }
        return gathered.isTooMany()
                ? new TooCostly<>("different values of a facet", MAX_FACET_VALUES)
                : new Within<>(gathered.part());
    }

    /// Looks at objects in page order: at those that the index names, unless that is most of them anyway.
    private void look(Plan plan, Optional<PageKey> from, Gathered gathered) {
        var candidates =
                new Candidates(objects.index()).of(plan.condition()).filter(some -> some.size() <= objects.size() / 4);
        if (candidates.isPresent()) {
            for (var key : after(candidates.get().inOrder(), from)) {
                var object = objects.find(key); // a link may lead into another partition
                if (object.isPresent() && !goesOn(plan, object.get(), gathered)) {
                    return;
                }
            }
        } else {
            for (var object : objects.inPageOrder(from)) {
                if (!goesOn(plan, object, gathered)) {
                    return;
                }
            }
        }
    }

    /// Whether there is more to look at after this object.
    private boolean goesOn(Plan plan, VersionedObject object, Gathered gathered) {
        if (!plan.considers(object.type())) {
            return true;
        }
        left -= plan.cost();
        if (left < 0) {
            return false;
        }
        var seen = object.seenAt(version, scope);
        if (seen.isPresent() && plan.wants(seen.get())) {
            gathered.take(object, seen.get());
        }
        return !gathered.isComplete() && !gathered.isTooMany();
    }

    private static List<PageKey> after(List<PageKey> keys, Optional<PageKey> from) {
        if (from.isEmpty()) {
            return keys;
        }
        var found = Collections.binarySearch(keys, from.get());
        return keys.subList(found >= 0 ? found + 1 : -found - 1, keys.size());
    }

    /// What was found so far.
    private final class Gathered {
        private final Plan plan;
        private final Optional<Place> after;
        private final PriorityQueue<Found> first; // the last of them on top
        private final List<Map<Value, Long>> facets = new ArrayList<>();
        private long total;

        Gathered(Plan plan, Optional<Place> after) {
            this.plan = plan;
            this.after = after;
            this.first = new PriorityQueue<>((left, right) -> plan.compare(right.place(), left.place()));
            plan.facets().forEach(facet -> facets.add(new HashMap<>()));
        }

        boolean isComplete() {
            return plan.endsWithPage() && first.size() > plan.limit();
        }

        boolean isTooMany() {
            for (var counts : facets) {
                if (counts.size() > MAX_FACET_VALUES) {
                    return true;
                }
            }
            return false;
        }

        void take(VersionedObject object, SeenObject seen) {
            total++;
            for (var i = 0; i < facets.size(); i++) {
                count(facets.get(i), plan.facets().get(i), seen);
            }
            var values = plan.values(seen);
            if (first.size() > plan.limit()
                    && plan.compare(values, first.element().place().values()) > 0) {
                return; // most are seen to be too late without their place among equals
            }
            var place = new Place(values, object.key());
            if (after.isPresent() && plan.compare(place, after.get()) <= 0) {
                return;
            }
            if (first.size() > plan.limit()) {
                if (plan.compare(place, first.element().place()) >= 0) {
                    return;
                }
                first.remove();
            }
            first.add(new Found(place, object));
        }

        /// Each object once for each of its values; of equal decimals the shortest one is shown.
        private static void count(Map<Value, Long> counts, Facet facet, SeenObject seen) {
            seen.attributes().stream()
                    .filter(attribute -> attribute.definition().equals(facet.attribute()))
                    .map(attribute -> shown(attribute.value()))
                    .distinct()
                    .forEach(value -> counts.merge(value, 1L, Long::sum));
        }

        private static Value shown(Value value) {
            return value instanceof Value.Decimal(var number) && number.scale() > 0
                    ? new Value.Decimal(withoutZeros(number))
                    : value;
        }

        private static BigDecimal withoutZeros(BigDecimal number) {
            var bare = number.stripTrailingZeros();
            return bare.scale() < 0 ? bare.setScale(0) : bare;
        }

        Part part() {
            var ranked = first.stream()
                    .flatMap(found -> found.object().at(version, scope).stream()
                            .map(view -> new Ranked(found.place(), plan.shown(view))))
                    .sorted(order(plan))
                    .toList();
            return new Part(ranked, total, facets);
        }
    }

    /// An object among the first so far. What it shows is made only when the first are known.
    private record Found(Place place, VersionedObject object) {}

    private static Comparator<Ranked> order(Plan plan) {
        return (left, right) -> plan.compare(left.place(), right.place());
    }

    /// One answer of all partitions' parts.
    public static QueryAnswer merge(Plan plan, List<Part> parts) {
        var ranked = parts.stream()
                .flatMap(part -> part.first().stream())
                .sorted(order(plan))
                .limit(plan.limit() + 1L)
                .toList();
        var facets = new ArrayList<Counts>();
        for (var i = 0; i < plan.facets().size(); i++) {
            facets.add(counts(plan.facets().get(i), parts, i));
        }
        return new QueryAnswer(
                ranked.stream().limit(plan.limit()).map(Ranked::view).toList(),
                ranked.size() > plan.limit(),
                plan.countsAll()
                        ? Optional.of(parts.stream().mapToLong(Part::total).sum())
                        : Optional.empty(),
                facets);
    }

    private static Counts counts(Facet facet, List<Part> parts, int number) {
        var sums = new HashMap<Value, Long>();
        parts.forEach(
                part -> part.facets().get(number).forEach((value, objects) -> sums.merge(value, objects, Long::sum)));
        var most = sums.entrySet().stream()
                .map(entry -> new Count(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Count::objects)
                        .reversed()
                        .thenComparing(Count::value, ValueOrder.READING))
                .limit(facet.limit())
                .toList();
        return new Counts(facet.attribute(), most, sums.size() > most.size());
    }

    /// What the links of a plan lead to, as far as the objects of one partition refer to them.
    public static Bounded<Targets> targets(ReadableObjects objects, Plan plan, Version version) {
        return new Queries(objects, version, plan.scope(), plan.evaluations()).targets(plan);
    }

    private Bounded<Targets> targets(Plan plan) {
        var byLink = new HashMap<Link, Set<ObjectToken>>();
        for (var link : plan.links()) {
            var targets = new HashSet<ObjectToken>();
            if (link.from().isPresent()) {
                objects.object(link.from().get(), version, scope)
                        .ifPresent(view ->
                                view.rows().forEach(row -> link.target(row).ifPresent(targets::add)));
            } else {
                targets(link, targets);
            }
            if (left < 0) {
                return new TooCostly<>(EVALUATIONS, allowed);
            }
            if (targets.size() > MAX_TARGETS) {
                return new TooCostly<>("objects that are referred to", MAX_TARGETS);
            }
            byLink.put(link, targets);
        }
        return new Within<>(new Targets(byLink));
    }

    private void targets(Link link, Set<ObjectToken> targets) {
        for (var entry : objects.index().references(link.definition())) {
            if (entry.getKey() instanceof Value.Reference(var target)
                    && left >= 0
                    && targets.size() <= MAX_TARGETS
                    && entry.getValue().inOrder().stream().anyMatch(key -> refers(key, link, target))) {
                targets.add(target);
            }
        }
    }

    private boolean refers(PageKey key, Link link, ObjectToken target) {
        left--;
        return objects.find(key)
                .flatMap(object -> object.at(version, scope))
                .filter(view -> view.rows().stream()
                        .anyMatch(row -> link.target(row).filter(target::equals).isPresent()))
                .isPresent();
    }

    /// The first object, in page order, that shows this value of a definition.
    public static Optional<ObjectView.Live> holder(
            ReadableObjects objects, DefinitionName definition, Value exact, Version version, Scope scope) {
        return objects.index().holding(definition, exact).inOrder().stream()
                .flatMap(key -> objects.find(key).stream())
                .flatMap(object -> object.at(version, scope).stream())
                .filter(view -> view.rows().stream()
                        .map(row -> row.attribute())
                        .anyMatch(attribute -> attribute.definition().equals(definition)
                                && attribute.value().equals(exact)))
                .findFirst();
    }
}
