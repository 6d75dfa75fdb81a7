package dev.storemesh.ops.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Builds a path with its query, escaping every part.
public final class Query {
    private final StringBuilder text;
    private char separator = '?';

    private Query(String path) {
        this.text = new StringBuilder(path);
    }

    /// `segments` follow `/api/v1`, one path segment each.
    public static Query of(String... segments) {
        var path = new StringBuilder("/api/v1");
        for (var segment : segments) {
            path.append('/').append(escape(segment));
        }
        return new Query(path.toString());
    }

    public Query with(String name, String value) {
        text.append(separator).append(name).append('=').append(escape(value));
        separator = '&';
        return this;
    }

    public Query with(String name, Optional<String> value) {
        value.ifPresent(present -> with(name, present));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String escape(String raw) {
        return URLEncoder.encode(raw, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
