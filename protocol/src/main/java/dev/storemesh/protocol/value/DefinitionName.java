package dev.storemesh.protocol.value;

/// The namespaced name of what an attribute means, such as `retail.item.price`.
public record DefinitionName(String text) implements Comparable<DefinitionName> {
    public DefinitionName {
        Names.dotted("attribute", text);
    }

    @Override
    public int compareTo(DefinitionName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
