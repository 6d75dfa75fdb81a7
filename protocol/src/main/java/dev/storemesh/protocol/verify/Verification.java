package dev.storemesh.protocol.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value.Moment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What came of holding a store's copy of a catalog against HQ's, both at the version that the store had.
/// Tells no values.
///
/// @param order the one that it answers; empty: the store did it by itself
/// @param startedAt by the store's clock; two of one store never begin at the same time
/// @param repaired whether the store was found to differ, loaded its copy anew, and this is what came of it
/// then
public record Verification(Optional<String> order, Cause cause, Instant startedAt, Outcome outcome, boolean repaired) {
    /// So many objects are named at most.
    public static final int MAX_OBJECTS = 50;

    public Verification {
        startedAt = startedAt.truncatedTo(ChronoUnit.MILLIS); // what rows can hold
        if (!order.map(VerificationOrder::isId).orElse(true)) {
            throw new IllegalArgumentException("order: not an id (expected: 1 to 40 letters and digits)");
        }
    }

    /// Yes, no, or "cannot tell".
    public sealed interface Outcome {
        /// Whether the store should take HQ's state over anew: it holds something else, or follows another log.
        default boolean isMendedByLoading() {
            return switch (this) {
                case Same same -> false;
                case Different different -> true;
                case NotCompared(var reason) -> reason.equals(NotCompared.DIVERGED);
            };
        }
    }

    /// Nothing differs.
    ///
    /// @param rows so many values and objects were summed up
    public record Same(Version version, long rows) implements Outcome {}

    /// Something differs.
    ///
    /// @param rows so many the store has
    /// @param objects those that differ, at most [#MAX_OBJECTS]
    /// @param more whether there are more of them
    public record Different(Version version, long rows, List<Difference> objects, boolean more) implements Outcome {
        public Different {
            objects = List.copyOf(objects);
            if (objects.size() > MAX_OBJECTS) {
                throw new IllegalArgumentException(
                        "objects: " + objects.size() + " (expected: at most " + MAX_OBJECTS + ")");
            }
        }
    }

    /// Nothing could be compared.
    ///
    /// @param reason a word for programs, such as `diverged`
    public record NotCompared(String reason) implements Outcome {
        /// HQ's log is not the one that the store follows.
        public static final String DIVERGED = "diverged";

        private static final Pattern REASON = Pattern.compile("[a-z_]{1,40}");

        public NotCompared {
            if (!REASON.matcher(reason).matches()) {
                throw new IllegalArgumentException("reason: not a word (expected: 1 to 40 of a-z _)");
            }
        }
    }

    /// One object that is not the same at both.
    public record Difference(ObjectToken object, Kind kind) {}

    /// How an object differs.
    public enum Kind {
        DIFFERS,
        MISSING_AT_STORE,
        MISSING_AT_HQ;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind parse(String wireName) {
            return Arrays.stream(values())
                    .filter(kind -> kind.wireName().equals(wireName))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "difference: \"" + wireName + "\" (expected: differs, missing_at_store or missing_at_hq)"));
        }
    }

    public boolean isSame() {
        return outcome instanceof Same;
    }

    /// `{"cause": …, "startedAt": …, "outcome": "same", "version": 7, "rows": 30, …}`
    public ObjectNode write() {
        var json = Json.object();
        order.ifPresent(id -> json.put("order", id));
        json.put("cause", cause.wireName()).put("startedAt", Moment.format(startedAt));
        switch (outcome) {
            case Same(var version, var rows) ->
                json.put("outcome", "same").put("version", version.number()).put("rows", rows);
            case Different(var version, var rows, var objects, var more) -> {
                json.put("outcome", "different")
                        .put("version", version.number())
                        .put("rows", rows);
                var array = json.putArray("objects");
                objects.forEach(one -> array.addObject()
                        .put("object", one.object().text())
                        .put("difference", one.kind().wireName()));
                json.put("more", more);
            }
            case NotCompared(var reason) -> json.put("outcome", "not_compared").put("reason", reason);
        }
        return json.put("repaired", repaired);
    }

    /// Reads what [#write()] wrote.
    ///
    /// @throws IllegalArgumentException if it is not of the form
    public static Verification read(Fields fields) {
        return new Verification(
                fields.optionalText("order"),
                fields.parsed("cause", Cause::parse),
                fields.parsed("startedAt", Moment::parse),
                outcome(fields),
                fields.flag("repaired", false));
    }

    private static Outcome outcome(Fields fields) {
        var word = fields.text("outcome");
        return switch (word) {
            case "same" -> new Same(version(fields), rows(fields));
            case "different" ->
                new Different(
                        version(fields),
                        rows(fields),
                        fields.list("objects", (node, pointer) -> difference(Fields.of(node, pointer))),
                        fields.flag("more", false));
            case "not_compared" -> new NotCompared(fields.text("reason"));
            default -> throw fields.wrong("outcome", "same, different or not_compared");
        };
    }

    private static Version version(Fields fields) {
        var number = fields.number("version");
        if (number < 1) {
            throw fields.wrong("version", "a version");
        }
        return new Version(number);
    }

    private static long rows(Fields fields) {
        var rows = fields.number("rows");
        if (rows < 0) {
            throw fields.wrong("rows", "0 or more");
        }
        return rows;
    }

    private static Difference difference(Fields fields) {
        var difference =
                new Difference(fields.parsed("object", ObjectToken::new), fields.parsed("difference", Kind::parse));
        fields.end();
        return difference;
    }
}
