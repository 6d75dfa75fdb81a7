package dev.storemesh.protocol.value;

/// The namespaced name of a type of objects, such as `retail.item`. Types under `sys.` are bookkeeping: servers write
/// them, and reads leave them out unless they ask for one.
public record TypeName(String text) {
    public TypeName {
        Names.dotted("type", text);
    }

    public boolean isBookkeeping() {
        return text.startsWith("sys.");
    }

    @Override
    public String toString() {
        return text;
    }
}
