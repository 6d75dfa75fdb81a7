package dev.storemesh.protocol.value;

/// The namespaced name of a constraint, such as `retail.item.barcode.unique`.
public record ConstraintName(String text) implements Comparable<ConstraintName> {
    public ConstraintName {
        Names.dotted("constraint", text);
    }

    @Override
    public int compareTo(ConstraintName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
