package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/// How stores stand, in words; `-` where HQ does not know.
final class FleetTexts {
    private FleetTexts() {}

    /// How far behind: `-`, `0`, or `12 (4 min)`.
    static String behind(JsonNode store) {
        if (!store.has("lagVersions")) {
            return store.path("link").asText("-").equals("diverged") ? "diverged" : "-";
        }
        var versions = store.path("lagVersions").asLong();
        return versions == 0
                ? "0"
                : versions + " ("
                        + span(Duration.ofSeconds(store.path("lagSeconds").asLong())) + ")";
    }

    /// Whether a clock is right: `-`, `ok`, or `42 s ahead!`.
    static String clock(JsonNode site) {
        if (!site.has("clockOffsetMillis")) {
            return "-";
        }
        var offset = Duration.ofMillis(site.path("clockOffsetMillis").asLong());
        return site.path("clockAlarm").asBoolean()
                ? span(offset.abs()) + (offset.isNegative() ? " behind!" : " ahead!")
                : "ok";
    }

    static String arrived(JsonNode store) {
        return store.has("arrived") ? store.path("arrived").asBoolean() ? "yes" : "no" : "?";
    }

    /// In the largest unit that it has two of.
    static String span(Duration span) {
        if (span.toDays() >= 2) {
            return span.toDays() + " d";
        }
        if (span.toHours() >= 2) {
            return span.toHours() + " h";
        }
        return span.toMinutes() >= 2 ? span.toMinutes() + " min" : span.toSeconds() + " s";
    }
}
