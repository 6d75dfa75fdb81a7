package dev.storemesh.protocol.access;

import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Value.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What a store's link says of its store, in a header of each poll: it costs no request of its own, and comes whenever
/// something was applied. In the header it is `applied=41, queued=3, link=reachable, node=0.1.0, clock=2026-…Z`; parts
/// of other names are a newer program's, and passed over.
///
/// @param applied the newest version that the store holds whole
/// @param queued its change requests that HQ has not recorded, as far as it knows
/// @param link how its link stood before this poll: `reachable` or `diverged`; a newer program may know more
/// @param node the version of its program
/// @param clock what its clock said when the poll was sent
public record StoreReport(Version applied, long queued, String link, String node, Instant clock) {
    public static final String HEADER = "Storemesh-Report";

    /// In which HQ answers how many milliseconds the store's clock is ahead of its own; negative: behind.
    public static final String OFFSET_HEADER = "Storemesh-Clock-Offset";

    /// Clocks that are further apart are somebody's business.
    public static final Duration CLOCK_ALARM = Duration.ofSeconds(30);

    /// The link of a store that applies nothing more from HQ.
    public static final String DIVERGED = "diverged";

    private static final int LONGEST = 1_000;
    private static final Pattern LINK = Pattern.compile("[a-z_]{1,20}");
    private static final Pattern NODE = Pattern.compile("[0-9A-Za-z.+_-]{1,64}");

    public StoreReport {
        if (queued < 0) {
            throw new IllegalArgumentException("queued: " + queued + " (expected: >= 0)");
        }
        if (!LINK.matcher(link).matches()) {
            throw wrong("link", link, "1 to 20 of a-z _");
        }
        if (!NODE.matcher(node).matches()) {
            throw wrong("node", node, "1 to 64 of 0-9 A-Z a-z . + _ -");
        }
    }

    private static IllegalArgumentException wrong(String name, String text, String expected) {
        return new IllegalArgumentException(
                name + ": \"" + Texts.shortened(text, 80) + "\" (expected: " + expected + ")");
    }

    /// Whether clocks so far apart are an alarm.
    public static boolean isAlarm(Duration offset) {
        return offset.abs().compareTo(CLOCK_ALARM) > 0;
    }

    /// As it stands in the header.
    public String text() {
        return "applied=" + applied + ", queued=" + queued + ", link=" + link + ", node=" + node + ", clock="
                + Moment.format(clock);
    }

    /// Reads the header.
    ///
    /// @throws IllegalArgumentException if it says too little, or not in this form
    public static StoreReport parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("too long (expected: at most " + LONGEST + " characters)");
        }
        var parts = new HashMap<String, String>();
        for (var part : text.split(",", -1)) {
            var equals = part.indexOf('=');
            if (equals < 0
                    || parts.put(
                                    part.substring(0, equals).strip(),
                                    part.substring(equals + 1).strip())
                            != null) {
                throw wrong("part", part, "NAME=VALUE, each name once");
            }
        }
        return new StoreReport(
                part(parts, "applied", number -> new Version(whole("applied", number))),
                part(parts, "queued", number -> whole("queued", number)),
                part(parts, "link", link -> link),
                part(parts, "node", node -> node),
                part(parts, "clock", Moment::parse));
    }

    private static <T> T part(Map<String, String> parts, String name, Function<String, T> constructor) {
        return constructor.apply(Optional.ofNullable(parts.get(name))
                .orElseThrow(() -> new IllegalArgumentException(name + ": missing (expected: " + name + "=…)")));
    }

    private static long whole(String name, String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw wrong(name, text, "a whole number from 0 on");
        }
        return Long.parseLong(text);
    }
}
