package dev.storemesh.http.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What a client prefers, by RFC 7240: of `Prefer` only `wait` is known, and whatever else it says is passed over.
final class Preferences {
    static final Duration MAX_WAIT = Duration.ofSeconds(30);

    private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*([0-9]{1,9})");

    private Preferences() {}

    /// How long the client waits for its answer; of several the first counts, and no more than we let it.
    static Duration wait(List<String> headers) {
        return headers.stream()
                .flatMap(header -> preferences(header).stream())
                .map(preference -> WAIT.matcher(preference.strip().toLowerCase(Locale.ROOT)))
                .filter(preference -> preference.matches())
                .findFirst()
                .map(preference -> Duration.ofSeconds(Long.parseLong(preference.group(1))))
                .map(asked -> asked.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : asked)
                .orElse(Duration.ZERO);
    }

    /// The preferences of one header, without their parameters and without quotes.
    private static List<String> preferences(String header) {
        var all = new ArrayList<String>();
        var preference = new StringBuilder();
        var quoted = false;
        var parameter = false;
        for (var i = 0; i < header.length(); i++) {
            var c = header.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                all.add(preference.toString());
                preference.setLength(0);
                parameter = false;
            } else {
                parameter |= c == ';' && !quoted;
                i += c == '\\' && quoted ? 1 : 0; // the next one stands for itself, and in no number
                if (!parameter) {
                    preference.append(c);
                }
            }
        }
        all.add(preference.toString());
        return all;
    }

    /// The value of `Preference-Applied`.
    static String applied(Duration patience) {
        return "wait=" + patience.toSeconds();
    }
}
