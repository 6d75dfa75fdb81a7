package dev.storemesh.protocol.schema;

/// Reads a regular expression of the subset that is described in `docs/schema.md` by recursive descent, and writes it
/// so that RE2/J gives it the meaning that ECMAScript gives it with the flag `u`. The depth is bounded.
final class RegexParser {
    static final int MAX_DEPTH = 100;
    static final int MAX_REPEAT = 1000;
    /// No program has more instructions, however short the values are.
    static final int MAX_SIZE = 5_000;

    private final RegexCursor cursor;
    private final StringBuilder out = new StringBuilder();
    private final RegexCharacters characters;

    /// `size` is about the number of instructions of the program, known before it is compiled.
    record Translation(String re2, long size) {}

    private RegexParser(String regex) {
        cursor = new RegexCursor(regex);
        characters = new RegexCharacters(cursor, out);
    }

    /// @throws RegexFault at the first offence
    static Translation translate(String regex) {
        var parser = new RegexParser(regex);
        var size = parser.alternatives(0);
        if (!parser.cursor.isAtEnd()) {
            throw new RegexFault(parser.cursor.at(), "a ) without a (");
        }
        return new Translation(parser.out.toString(), size);
    }

    private long alternatives(int depth) {
        var size = sequence(depth);
        while (cursor.take("|")) {
            out.append('|');
            size = bounded(size + 1 + sequence(depth), cursor.at());
        }
        return size;
    }

    private long sequence(int depth) {
        var size = 0L;
        while (!cursor.isAtEnd() && !cursor.isAt("|") && !cursor.isAt(")")) {
            var at = cursor.at();
            size = bounded(size + term(depth), at);
        }
        return Math.max(size, 1);
    }

    private long term(int depth) {
        if (cursor.take("^")) {
            return assertion("\\A");
        }
        if (cursor.take("$")) {
            return assertion("\\z");
        }
        if (isQuantifier()) {
            throw new RegexFault(cursor.at(), "a repetition of nothing");
        }
        return repeated(cursor.isAt("(") ? group(depth + 1) : single());
    }

    private long assertion(String re2) {
        if (isQuantifier()) {
            throw new RegexFault(cursor.at(), "a repetition of a place");
        }
        out.append(re2);
        return 1;
    }

    private long single() {
        characters.single();
        return 1;
    }

    private long group(int depth) {
        var opened = cursor.at();
        if (depth > MAX_DEPTH) {
            throw new RegexFault(opened, "groups more than " + MAX_DEPTH + " deep");
        }
        if (!cursor.take("(?:") && cursor.take("(") && cursor.isAt("?")) {
            throw new RegexFault(opened, "a group of another kind than (…) and (?:…)");
        }
        out.append("(?:");
        var size = alternatives(depth);
        if (!cursor.take(")")) {
            throw new RegexFault(opened, "a ( without a )");
        }
        out.append(')');
        return size;
    }

    private boolean isQuantifier() {
        return cursor.isAt("*") || cursor.isAt("+") || cursor.isAt("?") || cursor.isAt("{");
    }

    private long repeated(long size) {
        if (!isQuantifier()) {
            return size;
        }
        var at = cursor.at();
        var after = bounded(cursor.take("{") ? counted(size, at) : starred(size), at);
        cursor.take("?"); // the lazy form: the same values match
        if (isQuantifier()) {
            throw new RegexFault(cursor.at(), "a repetition of a repetition");
        }
        return after;
    }

    private long starred(long size) {
        out.appendCodePoint(cursor.take());
        return size + 2;
    }

    /// `{n}`, `{n,}` or `{n,m}`, of which the brace is read.
    private long counted(long size, int at) {
        var min = cursor.number(MAX_REPEAT);
        var endless = cursor.isAt(",}");
        var max = cursor.take(",") && !endless ? cursor.number(MAX_REPEAT) : min;
        if (min < 0 || max < 0 || !cursor.take("}")) {
            throw new RegexFault(at, "a bare { (expected: {n}, {n,}, {n,m}, or a \\ before it)");
        }
        if (max > MAX_REPEAT || min > max) {
            throw new RegexFault(at, "a repetition that is none (expected: at most " + MAX_REPEAT + " times)");
        }
        out.append('{').append(min).append(',').append(endless ? "" : max).append('}');
        return endless ? (min + 1) * size + 2 : max * size + (max - min) + 1;
    }

    private static long bounded(long size, int at) {
        if (size > MAX_SIZE) {
            throw new RegexFault(at, "more than can be compiled (expected: at most " + MAX_SIZE + " steps)");
        }
        return size;
    }
}
