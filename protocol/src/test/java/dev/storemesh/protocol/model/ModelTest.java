package dev.storemesh.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The decider and a partition beside the model: the same answers, the same violations, the same reads.
class ModelTest {
    private static final int STEPS = 25;
    private static final int RESTARTS = 4;

    @Seeds(1000)
    void doesWhatTheModelDoes(long seed) {
        new ModelRun(new BareCatalog(), seed, RESTARTS).run(STEPS);
    }

    /// What everybody sees a store shows as well, whatever pages the log comes down in.
    @Seeds(300)
    void isFollowedAsTheModelHasIt(long seed) {
        new ModelRun(new FollowedBareCatalog(seed), seed, RESTARTS).run(STEPS);
    }

    /// The random wishes are worth something: many are accepted, and the others are refused for every reason there
    /// is.
    @Test
    void meetsEveryRule() {
        var seen = new HashMap<String, Integer>();
        for (var seed = 1L; seed <= 300; seed++) {
            var run = new ModelRun(new BareCatalog(), seed, RESTARTS).run(STEPS);
            run.seen().forEach((what, times) -> seen.merge(what, times, Integer::sum));
        }
        assertThat(often(seen, "Accepted")).isGreaterThan(often(seen, "Unsound"));
        for (var what : List.of(
                "KeyReused",
                "NotYetSeen",
                "UnknownObject",
                "Moved",
                "BrokenSchema",
                "Opened",
                "Ended",
                "Locked",
                "Over")) {
            assertThat(often(seen, what)).as(what).isPositive();
        }
        for (var code : CODES) {
            assertThat(often(seen, code)).as(code).isPositive();
        }
    }

    private static int often(Map<String, Integer> seen, String what) {
        return seen.getOrDefault(what, 0);
    }

    /// All codes of violations but `namespace_owned`: the model knows no apps.
    private static final List<String> CODES = List.of(
            "unknown_object",
            "object_exists",
            "not_deleted",
            "reserved_token",
            "reserved_type",
            "unknown_type",
            "type_missing",
            "type_changed",
            "unknown_attribute",
            "attribute_not_of_type",
            "unknown_location",
            "location_not_allowed",
            "duplicate_slot",
            "wrong_value_type",
            "invalid_value",
            "required",
            "cardinality",
            "range",
            "length",
            "pattern",
            "one_of",
            "not_unique",
            "unknown_reference",
            "wrong_reference_type",
            "referenced",
            "global_only",
            "invalid_schema",
            "invalid_constraint",
            "immutable",
            "name_taken",
            "standard_name",
            "definition_in_use",
            "type_in_use",
            "location_in_use");
}
