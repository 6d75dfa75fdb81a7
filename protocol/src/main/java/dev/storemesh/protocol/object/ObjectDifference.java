package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Locale;

/// How an object at one version differs from itself at another: the rows that are there only at the second (`set`)
/// and those that are there only at the first (`ended`). Rows are the same where attribute, location and value are.
public record ObjectDifference(ObjectToken object, TypeName type, Kind kind, List<Row> set, List<Row> ended) {
    public ObjectDifference {
        set = List.copyOf(set);
        ended = List.copyOf(ended);
    }

    /// In JSON in lower case. Going back in versions, what was deleted is created.
    public enum Kind {
        CREATED,
        CHANGED,
        DELETED;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Some differences, in page order, and whether there are more after the last of them.
    public record Slice(List<ObjectDifference> objects, boolean more) {
        public Slice {
            objects = List.copyOf(objects);
        }
    }
}
