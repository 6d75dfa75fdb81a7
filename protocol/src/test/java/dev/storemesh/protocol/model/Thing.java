package dev.storemesh.protocol.model;

import dev.storemesh.protocol.value.Literal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// An object in one copy of the catalog: its facts as they were written, and by which version. Never changed once it
/// is in a copy.
record Thing(String type, Map<Fact, Held> facts) {
    /// As written, and since which version.
    record Held(Literal literal, long since) {}

    static Thing bare(String type) {
        return new Thing(type, new LinkedHashMap<>());
    }

    Thing copy() {
        return new Thing(type, new LinkedHashMap<>(facts));
    }

    /// The places where it has facts of a definition; the global one is the empty text.
    Set<String> places(String definition) {
        var places = new TreeSet<String>();
        for (var fact : facts.keySet()) {
            if (fact.definition().equals(definition)) {
                places.add(fact.location());
            }
        }
        return places;
    }

    /// What stands in one slot.
    Set<String> slot(String definition, String place) {
        var meanings = new TreeSet<String>();
        for (var fact : facts.keySet()) {
            if (fact.definition().equals(definition) && fact.isAt(place)) {
                meanings.add(fact.meaning());
            }
        }
        return meanings;
    }

    /// What one place shows: its own values, or else the global ones.
    Set<String> shown(String definition, String place) {
        var own = slot(definition, place);
        return own.isEmpty() ? slot(definition, "") : own;
    }
}
