package dev.storemesh.protocol.bulk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Cuts bytes, as they come, into lines that end in LF; blank ones count, and are passed over. Used by one
/// thread at a time.
public final class LineSplitter {
    private final int maxLineBytes;
    private final long maxBytes;
    private byte[] rest = {}; // of a line that goes on
    private long number;
    private long bytes;

    /// @param maxLineBytes the longest line
    /// @param maxBytes all lines together
    public LineSplitter(int maxLineBytes, long maxBytes) {
        this.maxLineBytes = maxLineBytes;
        this.maxBytes = maxBytes;
    }

    /// One line without its end; `number` counts from 1.
    public static final class Line {
        private final long number;
        private final byte[] utf8;

        Line(long number, byte[] utf8) {
            this.number = number;
            this.utf8 = utf8;
        }

        public long number() {
            return number;
        }

        /// Not a copy, and nobody's to change.
        byte[] utf8() {
            return utf8;
        }

        public int sizeBytes() {
            return utf8.length;
        }
    }

    /// A line, or all of them, beyond what is allowed.
    public static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String what;
        private final long limit;

        TooLarge(String what, long limit) {
            super(what + ": more than " + limit + " bytes", null, false, false);
            this.what = what;
            this.limit = limit;
        }

        public String what() {
            return what;
        }

        public long limit() {
            return limit;
        }
    }

    /// The lines that end in these bytes.
    ///
    /// @throws TooLarge if a line, or all of them, are
    public List<Line> take(byte[] some) {
        bytes += some.length;
        if (bytes > maxBytes) {
            throw new TooLarge("The body", maxBytes);
        }
        var lines = new ArrayList<Line>();
        var from = 0;
        for (var i = 0; i < some.length; i++) {
            if (some[i] == '\n') {
                add(lines, joined(some, from, i));
                from = i + 1;
            }
        }
        rest = joined(some, from, some.length);
        return lines;
    }

    /// The last line, if it had no end.
    public List<Line> end() {
        var lines = new ArrayList<Line>(1);
        if (rest.length > 0) {
            add(lines, rest);
            rest = new byte[0];
        }
        return lines;
    }

    private void add(List<Line> lines, byte[] line) {
        rest = new byte[0];
        number++;
        if (!isBlank(line)) {
            lines.add(new Line(number, line));
        }
    }

    private byte[] joined(byte[] some, int from, int to) {
        var length = rest.length + to - from;
        if (length > maxLineBytes) {
            throw new TooLarge("Line " + (number + 1), maxLineBytes);
        }
        if (rest.length == 0) {
            return Arrays.copyOfRange(some, from, to);
        }
        var joined = Arrays.copyOf(rest, length);
        System.arraycopy(some, from, joined, rest.length, to - from);
        return joined;
    }

    private static boolean isBlank(byte[] line) {
        for (var one : line) {
            if (one != ' ' && one != '\t' && one != '\r') {
                return false;
            }
        }
        return true;
    }
}
