package dev.storemesh.http.route;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A path with names for some segments: `/api/v1/catalogs/{catalog}`. Written as in the OpenAPI document.
record PathTemplate(String text) {
    private static final Pattern NAMED = Pattern.compile("\\{[a-zA-Z]+}");
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z0-9._-]+");

    PathTemplate {
        for (var segment : segments(text)) {
            if (!NAMED.matcher(segment).matches() && !PLAIN.matcher(segment).matches()) {
                throw new IllegalArgumentException("path template: " + text + " (expected: /plain/{named}/segments)");
            }
        }
    }

    /// The values of the named segments, by name; empty if these decoded segments are not such a path.
    Optional<Map<String, String>> match(List<String> segments) {
        var expected = segments(text);
        if (expected.size() != segments.size()) {
            return Optional.empty();
        }
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < expected.size(); i++) {
            var template = expected.get(i);
            var segment = segments.get(i);
            if (template.startsWith("{") && !segment.isEmpty()) {
                values.put(template.substring(1, template.length() - 1), segment);
            } else if (!template.equals(segment)) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }
}
