package dev.storemesh.node.site;

/// How far two names are apart, to suggest the one that was meant.
final class Spelling {
    private Spelling() {}

    /// Levenshtein's distance: insertions, deletions and replacements of one character (Wagner and Fischer, 1974).
    static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (var column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (var line = 1; line <= one.length(); line++) {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column < row.length; column++) {
                var replaced = diagonal + (one.charAt(line - 1) == other.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, Math.min(row[column], row[column - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
