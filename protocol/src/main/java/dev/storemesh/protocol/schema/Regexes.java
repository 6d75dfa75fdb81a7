package dev.storemesh.protocol.schema;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The regular expressions of `pattern` constraints: the subset that RE2 and ECMAScript (flag `u`) share, with the
/// meaning of ECMAScript, run by RE2/J in time linear in the value. `docs/schema.md` describes it.
public final class Regexes {
    /// The bound of (instructions of the program) × (bytes of the longest value): the worst patterns that were found
    /// take about 90 ns for each, so 10 ms are not exceeded.
    public static final long MAX_WORK = 100_000;

    private static final int CACHED = 256;
    /// Larger programs are rare, and compiled anew, so that the cache stays small.
    private static final int CACHED_SIZE = 5_000;
    private static final Map<String, Pattern> CACHE =
            Collections.synchronizedMap(new LinkedHashMap<>(CACHED, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Pattern> eldest) {
                    return size() > CACHED;
                }
            });

    private Regexes() {}

    /// What is wrong with an expression; `at` is the index of the UTF-16 code unit where the offence begins, from 0.
    public record Fault(int at, String message) {}

    /// Empty: it is of the subset.
    public static Optional<Fault> fault(String regex) {
        try {
            RegexParser.translate(regex);
            return Optional.empty();
        } catch (RegexFault e) {
            return Optional.of(new Fault(e.at(), String.valueOf(e.getMessage())));
        }
    }

    /// The number of instructions that run for each character of a value.
    ///
    /// @throws IllegalArgumentException if it is not of the subset
    public static int programSize(String regex) {
        return compiled(regex).programSize();
    }

    /// Whether the whole of `text` matches. What is longer than the bound allows does not: it is never run.
    ///
    /// @throws IllegalArgumentException if `regex` is not of the subset
    public static boolean matches(String regex, String text) {
        var pattern = compiled(regex);
        var affordable = MAX_WORK / pattern.programSize();
        return (text.length() <= affordable / 3 || text.getBytes(StandardCharsets.UTF_8).length <= affordable)
                && pattern.matches(text);
    }

    private static Pattern compiled(String regex) {
        var known = CACHE.get(regex);
        if (known != null) {
            return known;
        }
        var made = compile(regex);
        if (made.programSize() <= CACHED_SIZE) {
            CACHE.put(regex, made);
        }
        return made;
    }

    private static Pattern compile(String regex) {
        try {
            return Pattern.compile(RegexParser.translate(regex).re2());
        } catch (RegexFault e) {
            throw new IllegalArgumentException(
                    "pattern: at " + e.at() + " " + e.getMessage() + " (expected: of the subset)", e);
        }
    }
}
