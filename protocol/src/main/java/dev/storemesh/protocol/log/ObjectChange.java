package dev.storemesh.protocol.log;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.stream.Stream;

/// What one version did to one object: the attributes it set and the rows it ended, each with the version that had
/// written it. A change to an object that is not there (or was deleted) makes it; `deleted` ends it, and `ended`
/// names all its rows.
public record ObjectChange(ObjectToken object, TypeName type, boolean deleted, List<Attribute> set, List<Row> ended) {
    public ObjectChange {
        set = List.copyOf(set);
        ended = List.copyOf(ended);
    }

    /// This and another change of other rows of the same object.
    public ObjectChange and(ObjectChange other) {
        return new ObjectChange(
                object,
                type,
                deleted || other.deleted,
                Stream.concat(set.stream(), other.set.stream()).toList(),
                Stream.concat(ended.stream(), other.ended.stream()).toList());
    }
}
