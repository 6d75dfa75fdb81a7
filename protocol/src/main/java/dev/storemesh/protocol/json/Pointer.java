package dev.storemesh.protocol.json;

import org.jspecify.annotations.Nullable;

/// Where a value stands in a body: a JSON pointer (RFC 6901), which is written only where somebody is told.
public final class Pointer {
    /// The whole body.
    public static final Pointer ROOT = new Pointer(null, "", 0);

    private final @Nullable Pointer parent;
    private final @Nullable String name; // else an element
    private final int index;

    private Pointer(@Nullable Pointer parent, @Nullable String name, int index) {
        this.parent = parent;
        this.name = name;
        this.index = index;
    }

    /// A field of the object here.
    public Pointer field(String field) {
        return new Pointer(this, field, 0);
    }

    /// An element of the array here, from 0.
    public Pointer element(int element) {
        return new Pointer(this, null, element);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        write(text);
        return text.toString();
    }

    private void write(StringBuilder text) {
        if (parent != null) {
            parent.write(text);
            text.append('/');
            if (name == null) {
                text.append(index);
            } else {
                text.append(name.replace("~", "~0").replace("/", "~1"));
            }
        }
    }
}
