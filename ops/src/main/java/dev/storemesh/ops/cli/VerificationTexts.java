package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What came of holding a store against HQ, in words.
final class VerificationTexts {
    private static final long PAUSE_NANOS = 200_000_000;

    private VerificationTexts() {}

    /// The result of an order, as soon as HQ has it.
    ///
    /// @throws CommandFailed if that takes longer, or another order took its place
    static JsonNode await(ApiClient api, String store, String order, Duration timeout)
            throws CommandFailed, ApiException, InterruptedException {
        var until = System.nanoTime() + timeout.toNanos();
        while (true) {
            var answer = api.get(Query.of("stores", store, "verifications")).body();
            for (var one : answer.path("verifications")) {
                if (one.path("order").asText().equals(order)) {
                    return one;
                }
            }
            if (!answer.path("order").path("id").asText().equals(order)) {
                throw new CommandFailed("Another order took the place of this one");
            }
            if (System.nanoTime() > until) {
                throw new CommandFailed("The store has not done it within " + timeout.toSeconds()
                        + " s: it does as soon as it reaches HQ (storemesh store verifications " + store + ")");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    static List<String> lines(JsonNode result) {
        var lines = new ArrayList<String>();
        lines.add(outcome(result)
                + (result.has("version")
                        ? ", at version " + result.path("version").asText()
                        : "")
                + ".");
        if (!result.path("objects").isEmpty()) {
            var table = new TextTable("OBJECT", "DIFFERENCE");
            result.path("objects")
                    .forEach(object ->
                            table.add(TextTable.field(object, "object"), TextTable.field(object, "difference")));
            lines.addAll(table.lines());
        }
        return lines;
    }

    /// Such as `The same: 812 rows`.
    static String outcome(JsonNode result) {
        var mended = result.path("repaired").asBoolean() ? " (loaded anew)" : "";
        return switch (result.path("outcome").asText()) {
            case "same" -> "The same: " + result.path("rows").asText() + " rows" + mended;
            case "different" ->
                "Different, in " + (result.path("more").asBoolean() ? "more than " : "")
                        + result.path("objects").size() + " objects" + mended;
            default -> "Not compared: " + result.path("reason").asText();
        };
    }
}
