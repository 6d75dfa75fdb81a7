package dev.storemesh.protocol.query;

import dev.storemesh.protocol.query.Condition.Link;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What the links of a query lead to, as far as one partition or all of them know.
public final class Targets {
    public static final Targets NONE = new Targets(Map.of());
    private final Map<Link, Set<ObjectToken>> byLink;

    Targets(Map<Link, Set<ObjectToken>> byLink) {
        this.byLink = byLink.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, link -> Set.copyOf(link.getValue())));
    }

    Map<Link, Set<ObjectToken>> byLink() {
        return byLink;
    }

    public Targets and(Targets other) {
        var all = new HashMap<Link, Set<ObjectToken>>();
        byLink.forEach((link, targets) -> all.put(link, new HashSet<>(targets)));
        other.byLink.forEach((link, targets) ->
                all.computeIfAbsent(link, any -> new HashSet<>()).addAll(targets));
        return new Targets(all);
    }
}
