package dev.storemesh.protocol.value;

/// The namespaced name of a decision rule, such as `com.acme.small_price_changes`.
public record RuleName(String text) implements Comparable<RuleName> {
    public RuleName {
        Names.dotted("decision rule", text);
    }

    @Override
    public int compareTo(RuleName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
