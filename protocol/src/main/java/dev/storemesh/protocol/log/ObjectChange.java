package dev.storemesh.protocol.log;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;

/// What one version did to one object: the attributes it set and the rows it ended, each with the version that had
/// written it. A change to an object that is not there (or was deleted) makes it; `deleted` ends it, and `ended`
/// names all its rows.
public record ObjectChange(ObjectToken object, TypeName type, boolean deleted, List<Attribute> set, List<Row> ended) {
    public ObjectChange {
        set = List.copyOf(set);
        ended = List.copyOf(ended);
    }
}
