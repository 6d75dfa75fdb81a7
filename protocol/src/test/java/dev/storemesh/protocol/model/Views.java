package dev.storemesh.protocol.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a reader sees of the model's copies: everything, or what one location shows.
final class Views {
    private final ReferenceCatalog catalog;
    private final boolean whole;
    private final String location;

    private Views(ReferenceCatalog catalog, boolean whole, String location) {
        this.catalog = catalog;
        this.whole = whole;
        this.location = location;
    }

    static Views everything(ReferenceCatalog catalog) {
        return new Views(catalog, true, "");
    }

    static Views at(ReferenceCatalog catalog, String location) {
        return new Views(catalog, false, location);
    }

    /// An object as it is read: its facts with what was written, and the version that changed it last in this view.
    record Seen(String type, long changed, Map<Fact, Thing.Held> facts) {}

    /// What `changes` says of an object: what it is now, or why it is gone.
    record Change(String type, long changed, Map<Fact, Thing.Held> facts, String gone) {}

    /// The objects that are there at a version.
    Map<String, Seen> at(long version) {
        var seen = new TreeMap<String, Seen>();
        catalog.at(version).forEach((token, thing) -> {
            if (isEnabled(thing)) {
                seen.put(token, new Seen(thing.type(), changed(token, version), facts(thing)));
            }
        });
        return seen;
    }

    private boolean isEnabled(Thing thing) {
        return whole || !thing.shown("sys.enabled", location).contains("boolean:false");
    }

    private Map<Fact, Thing.Held> facts(Thing thing) {
        var facts = new LinkedHashMap<Fact, Thing.Held>();
        thing.facts().forEach((fact, held) -> {
            var hidden =
                    fact.isAt("") && !thing.slot(fact.definition(), location).isEmpty() && !location.isEmpty();
            if (whole || fact.isAt(location) || fact.isAt("") && !hidden) {
                facts.put(fact, held);
            }
        });
        return facts;
    }

    /// The last version up to this one that changed the object here: whether it is there, a global fact, or a local
    /// one.
    long changed(String token, long upTo) {
        for (var version = upTo; version > 0; version--) {
            var same = Objects.equals(
                    catalog.at(version).get(token), catalog.at(version - 1).get(token));
            if (!same && !concerns(token, version).equals(concerns(token, version - 1))) {
                return version;
            }
        }
        return 0;
    }

    private Map<Fact, Long> concerns(String token, long version) {
        var thing = catalog.at(version).get(token);
        if (thing == null) {
            return Map.of();
        }
        var concerns = new LinkedHashMap<Fact, Long>();
        concerns.put(new Fact("", "", "it is there"), 0L);
        thing.facts().forEach((fact, held) -> {
            if (whole || fact.isAt("") || fact.isAt(location)) {
                concerns.put(fact, held.since());
            }
        });
        return concerns;
    }

    /// What a follower that was complete at `since` must be told.
    Map<String, Change> changes(long since, long version) {
        var then = at(since);
        var now = at(version);
        var changes = new TreeMap<String, Change>();
        for (var token : catalog.tokens()) {
            var changed = changed(token, version);
            if (changed <= since) {
                continue;
            }
            var seen = now.get(token);
            var was = then.get(token);
            if (seen != null) {
                changes.put(token, new Change(seen.type(), changed, seen.facts(), ""));
            } else if (was != null) {
                var gone = catalog.at(version).containsKey(token) ? "disabled" : "deleted";
                changes.put(token, new Change(was.type(), changed, Map.of(), gone));
            }
        }
        return changes;
    }

    /// What one version did to an object: facts with the version that set them.
    record Step(long version, boolean deleted, Map<Fact, Thing.Held> set, Map<Fact, Thing.Held> ended) {}

    /// What happened to an object up to a version, or to one attribute of it: an empty name stands for all.
    List<Step> history(String token, String attribute, long upTo) {
        var steps = new ArrayList<Step>();
        for (var version = 1L; version <= upTo; version++) {
            var was = catalog.at(version - 1).get(token);
            var is = catalog.at(version).get(token);
            var set = beyond(is, was, attribute);
            var ended = beyond(was, is, attribute);
            var bare = attribute.isEmpty() && (was == null) != (is == null);
            if (bare || !set.isEmpty() || !ended.isEmpty()) {
                steps.add(new Step(version, was != null && is == null, set, ended));
            }
        }
        return steps;
    }

    /// The facts of one that the other has not got, whether or not they are hidden.
    private Map<Fact, Thing.Held> beyond(@Nullable Thing one, @Nullable Thing other, String attribute) {
        var facts = new LinkedHashMap<Fact, Thing.Held>();
        if (one != null) {
            one.facts().forEach((fact, held) -> {
                var wanted = (whole || fact.isAt("") || fact.isAt(location))
                        && (attribute.isEmpty() || fact.definition().equals(attribute));
                if (wanted && (other == null || !held.equals(other.facts().get(fact)))) {
                    facts.put(fact, held);
                }
            });
        }
        return facts;
    }

    /// How an object differs between two versions, as it is seen.
    record Difference(String type, String kind, Set<Fact> set, Set<Fact> ended) {}

    Map<String, Difference> differences(long from, long to) {
        var then = at(from);
        var now = at(to);
        var differences = new TreeMap<String, Difference>();
        for (var token : catalog.tokens()) {
            var was = then.get(token);
            var is = now.get(token);
            var set = new HashSet<>(is == null ? Set.<Fact>of() : is.facts().keySet());
            var ended = new HashSet<>(was == null ? Set.<Fact>of() : was.facts().keySet());
            var both = new HashSet<>(set);
            both.retainAll(ended);
            set.removeAll(both);
            ended.removeAll(both);
            if (was == null && is != null) {
                differences.put(token, new Difference(is.type(), "created", set, ended));
            } else if (was != null && is == null) {
                differences.put(token, new Difference(was.type(), "deleted", set, ended));
            } else if (is != null && !(set.isEmpty() && ended.isEmpty())) {
                differences.put(token, new Difference(is.type(), "changed", set, ended));
            }
        }
        return differences;
    }
}
