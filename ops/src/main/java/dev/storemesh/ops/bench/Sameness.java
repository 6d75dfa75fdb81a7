package dev.storemesh.ops.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// That both sides answer the same bytes. Only the page tokens may differ, which each side signs with a key of its
/// own.
final class Sameness {
    private static final Pattern NEXT = Pattern.compile("\"next\":\"[^\"]+\"}$");
    private static final int SHOWN = 160;
    private static final long ENOUGH_BYTES = 20_000_000;

    private Sameness() {}

    /// What came of one scenario. `missing`: Storemesh has no such route.
    record Result(boolean missing, int bodies, long bytes) {}

    /// Sends the first requests of a scenario to both; fewer where the bodies are large.
    ///
    /// @throws IOException if a body differs, or a side does not answer 200
    static Result of(Scenario scenario, int requests, Wire storemesh, Wire eav) throws IOException {
        var bodies = 0;
        var bytes = 0L;
        for (var number = 0; number < requests && bytes < ENOUGH_BYTES; number++) {
            var ours = answers(scenario, number, storemesh);
            var theirs = answers(scenario, number, eav);
            if (ours.getFirst().status() == 404 && ours.getFirst().text().contains("unknown_route")) {
                check(scenario, number, "the hand-built side", theirs);
                return new Result(true, 0, 0);
            }
            check(scenario, number, "Storemesh", ours);
            check(scenario, number, "the hand-built side", theirs);
            if (ours.size() != theirs.size()) {
                throw new IOException(scenario.name() + ", request " + number + ": " + ours.size() + " pages against "
                        + theirs.size());
            }
            for (var i = 0; i < ours.size(); i++) {
                compare(scenario, number, ours.get(i).text(), theirs.get(i).text());
                bytes += ours.get(i).body().length;
            }
            bodies += ours.size();
        }
        return new Result(false, bodies, bytes);
    }

    private static List<Wire.Answer> answers(Scenario scenario, long number, Wire wire) throws IOException {
        var answers = new ArrayList<Wire.Answer>();
        scenario.request().send(wire, number, answers::add);
        return answers;
    }

    private static void check(Scenario scenario, long number, String side, List<Wire.Answer> answers)
            throws IOException {
        for (var answer : answers) {
            if (answer.status() != 200) {
                throw new IOException(scenario.name() + ", request " + number + ": " + side + " answered "
                        + answer.status() + ": " + answer.text());
            }
        }
    }

    private static void compare(Scenario scenario, long number, String ours, String theirs) throws IOException {
        var left = NEXT.matcher(ours).replaceFirst("\"next\":…}");
        var right = NEXT.matcher(theirs).replaceFirst("\"next\":…}");
        if (!left.equals(right)) {
            var at = 0;
            while (at < Math.min(left.length(), right.length()) && left.charAt(at) == right.charAt(at)) {
                at++;
            }
            throw new IOException(scenario.name() + ", request " + number + ": the bodies differ from character " + at
                    + " on.\n  Storemesh:  " + around(left, at) + "\n  hand-built: " + around(right, at));
        }
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - SHOWN / 2), Math.min(text.length(), at + SHOWN));
    }
}
