package dev.storemesh.protocol.query;

import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.query.Fault.Code;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.LocationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Says whether a report makes sense where a schema holds, and makes a plan for each location of its group; or says
/// all that is wrong. The plans share what one query may cost, and what they count has a bound.
public final class ReportCompiler {
    public static final int MAX_LOCATIONS = 1_000;
    /// Values that the facets of an answer list, of all locations.
    public static final int MAX_COUNTS = 100_000;

    private static final int SHOWN = 80;

    private ReportCompiler() {}

    /// What a report comes to.
    public sealed interface Compiled {
        /// At least one plan; in the order of the locations.
        record Ready(Map<LocationId, Plan> plans) implements Compiled {
            public Ready {
                plans = new TreeMap<>(plans);
            }
        }

        /// The first of its faults; at least one.
        record Invalid(List<Fault> faults) implements Compiled {
            public Invalid {
                faults = List.copyOf(faults);
            }
        }
    }

    public static Compiled compile(Report report, Schema schema) {
        var locations = schema.locations(Optional.of(report.group()));
        var faults = new ArrayList<>(faults(report, locations.size()));
        return switch (QueryCompiler.compile(report.query(), schema)) {
            case QueryCompiler.Compiled.Invalid(var others) -> {
                faults.addAll(others);
                yield new Compiled.Invalid(faults);
            }
            case QueryCompiler.Compiled.Ready(var plan) ->
                faults.isEmpty() ? new Compiled.Ready(plans(plan, locations)) : new Compiled.Invalid(faults);
        };
    }

    private static List<Fault> faults(Report report, int locations) {
        if (locations == 0) {
            return List.of(new Fault(
                    "/group",
                    Code.UNKNOWN_GROUP,
                    "group: no location is in \"" + Texts.shortened(report.group(), SHOWN) + "\" here"));
        }
        if (locations > MAX_LOCATIONS) {
            return List.of(new Fault(
                    "/group", Code.TOO_MANY, locations + " locations (expected: at most " + MAX_LOCATIONS + ")"));
        }
        var counts = report.facets().stream().mapToLong(Query.Facet::limit).sum() * locations;
        return counts > MAX_COUNTS
                ? List.of(new Fault(
                        "/facets",
                        Code.TOO_MANY,
                        counts + " values of " + locations + " locations (expected: at most " + MAX_COUNTS + ")"))
                : List.of();
    }

    private static Map<LocationId, Plan> plans(Plan plan, List<LocationId> locations) {
        var share = Queries.MAX_EVALUATIONS / locations.size();
        return locations.stream()
                .collect(Collectors.toMap(location -> location, location -> plan.seenFrom(location, share)));
    }
}
