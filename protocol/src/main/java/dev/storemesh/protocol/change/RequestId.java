package dev.storemesh.protocol.change;

import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.value.ObjectToken;

/// The name of a change request, made by its store: `cr-` and a ULID. At HQ it is the token of the object that
/// records it.
public record RequestId(String text) implements Comparable<RequestId> {
    public RequestId {
        if (!text.matches("cr-[0-9A-Z]{26}")) {
            throw new IllegalArgumentException(
                    "changeRequest: \"" + Texts.shortened(text, 80) + "\" (expected: cr- and a ULID)");
        }
    }

    public static RequestId ofUlid(String ulid) {
        return new RequestId("cr-" + ulid);
    }

    public ObjectToken token() {
        return new ObjectToken(text);
    }

    @Override
    public int compareTo(RequestId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
