package dev.storemesh.protocol.query;

import java.util.Locale;

/// One thing that makes a question senseless, where it stands (a JSON pointer into the body, RFC 6901, or a
/// parameter's name) and what was expected.
public record Fault(String pointer, Code code, String message) {
    /// The stable names; in JSON in lower case.
    public enum Code {
        UNKNOWN_ATTRIBUTE,
        UNKNOWN_TYPE,
        UNKNOWN_LOCATION,
        UNKNOWN_GROUP,
        WRONG_VALUE_TYPE,
        INVALID_VALUE,
        TOO_DEEP,
        TOO_MANY,
        NOT_UNIQUE_ATTRIBUTE;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
