package dev.storemesh.protocol.model;

/// What an attribute means. `carrier` and `target` are empty where there is none.
record Def(String name, String carrier, String valueType, boolean many, boolean varies, String target, long maxBytes) {
    boolean isCarriedBy(String type) {
        return carrier.isEmpty() ? !type.startsWith("sys.") : carrier.equals(type);
    }

    boolean isReference() {
        return valueType.equals("reference");
    }
}
