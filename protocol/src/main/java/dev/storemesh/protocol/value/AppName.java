package dev.storemesh.protocol.value;

/// The name of a program that works on catalogs, such as `com.acme.loyalty`; formed as namespaces are.
public record AppName(String text) implements Comparable<AppName> {
    public AppName {
        Names.dotted("app", text);
    }

    @Override
    public int compareTo(AppName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
