package dev.storemesh.protocol.schema;

/// A regular expression is not of the subset. `at` is the place of the offence: an index of UTF-16 code units from 0.
final class RegexFault extends RuntimeException {
    private final int at;

    RegexFault(int at, String message) {
        super(message, null, false, false); // it is caught at once, and may be made of hostile input
        this.at = at;
    }

    int at() {
        return at;
    }
}
