package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;

/// What an [ObjectView.Live] shows, without the versions: all that a filter and an order look at, and made with less
/// work. Its attributes are in order of definition, then location (global first).
public record SeenObject(ObjectToken object, TypeName type, List<Attribute> attributes) {
    public SeenObject {
        attributes = List.copyOf(attributes);
    }

    public static SeenObject of(ObjectView.Live view) {
        return new SeenObject(
                view.object(),
                view.type(),
                view.rows().stream().map(Row::attribute).toList());
    }
}
