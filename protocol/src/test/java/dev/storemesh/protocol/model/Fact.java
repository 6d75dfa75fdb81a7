package dev.storemesh.protocol.model;

/// One value of one object: `location` is empty for a global one; `meaning` is its type and what it means, so that
/// `12.5` and `12.50` are the same decimal.
record Fact(String definition, String location, String meaning) {
    boolean isAt(String place) {
        return location.equals(place);
    }
}
