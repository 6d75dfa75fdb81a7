package dev.storemesh.protocol.log;

import dev.storemesh.protocol.json.Texts;

/// The identity of one history of a catalog: made when the catalog is. A follower that finds another one
/// has not followed this log.
public record HistoryId(String text) {
    public HistoryId {
        if (!text.matches("[0-9A-Z]{26}")) {
            throw new IllegalArgumentException("history: \"" + Texts.shortened(text, 80) + "\" (expected: a ULID)");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
