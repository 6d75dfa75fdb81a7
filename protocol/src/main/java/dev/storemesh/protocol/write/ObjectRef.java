package dev.storemesh.protocol.write;

import dev.storemesh.protocol.value.ObjectToken;

/// The object an operation is about: its token, or a temporary name (`#tea`) that holds inside one write.
public sealed interface ObjectRef {
    record Known(ObjectToken token) implements ObjectRef {
        @Override
        public String text() {
            return token.text();
        }
    }

    /// The name with its `#`.
    record Temporary(String name) implements ObjectRef {
        public Temporary {
            new ObjectToken(checked(name).substring(1));
        }

        private static String checked(String name) {
            if (!isTemporary(name)) {
                throw new IllegalArgumentException("object: \"" + name + "\" (expected: # and a name)");
            }
            return name;
        }

        @Override
        public String text() {
            return name;
        }
    }

    /// As it stands in JSON.
    String text();

    static boolean isTemporary(String text) {
        return text.startsWith("#");
    }

    /// Reads what [#text] writes.
    ///
    /// @throws IllegalArgumentException if it is neither a token nor a temporary name
    static ObjectRef parse(String text) {
        return isTemporary(text) ? new Temporary(text) : new Known(new ObjectToken(text));
    }
}
