package dev.storemesh.protocol.bulk;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Lines for tests, of nodes that refer to others.
final class Lines {
    private Lines() {}

    static List<LineSplitter.Line> cut(String text) {
        var splitter = new LineSplitter(1_000, 100_000);
        var lines = new java.util.ArrayList<>(splitter.take(text.getBytes(StandardCharsets.UTF_8)));
        lines.addAll(splitter.end());
        return lines;
    }

    static BulkReader.Parsed read(String line) {
        return new BulkReader().read(cut(line.replace('\'', '"')).getFirst());
    }

    /// `a -> b c`: line 1 about `a`, which mentions the others.
    static BulkLine line(long number, String object, String... mentioned) {
        var attributes = new StringBuilder();
        for (var other : mentioned) {
            attributes
                    .append(attributes.isEmpty() ? "" : ",")
                    .append("{'attribute':'com.acme.node.next','value':'")
                    .append(other)
                    .append("'}");
        }
        if (read("{'object':'" + object + "','type':'com.acme.node','attributes':[" + attributes + "]}")
                instanceof BulkLine line) {
            return new BulkLine(number, line.object(), line.type(), line.set(), line.sizeBytes());
        }
        throw new AssertionError("not a line: " + object);
    }

    static List<String> names(List<BulkLine> lines) {
        return lines.stream().map(line -> line.object().text()).toList();
    }
}
