package dev.storemesh.ops.importer;

/// Something about a row that was taken which a person may want to mend.
///
/// @param row as a spreadsheet counts: the header is row 1
/// @param object the token
public record Remark(Kind kind, long row, String object, String detail) {
    /// What is odd.
    public enum Kind {
        MISSING_DEPARTMENT("names a department that is missing; taken without one"),
        NEGATIVE_PRICE("negative price; taken as it is"),
        ZERO_PRICE("price 0; taken as it is"),
        NO_NAME("no description; taken without a name"),
        UNUSABLE_VALUE("a value that cannot be read; left out");

        private final String sentence;

        Kind(String sentence) {
            this.sentence = sentence;
        }

        public String sentence() {
            return sentence;
        }
    }
}
