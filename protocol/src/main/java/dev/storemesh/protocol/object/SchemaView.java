package dev.storemesh.protocol.object;

import dev.storemesh.protocol.schema.SchemaKind;
import dev.storemesh.protocol.schema.SchemaObject;
import java.util.List;
import java.util.Optional;

/// A catalog's own schema objects as they stood at one version; what is standard is not among them.
public record SchemaView(List<ObjectView.Live> objects) {
    public SchemaView {
        objects = List.copyOf(objects);
    }

    public List<ObjectView.Live> of(SchemaKind kind) {
        return objects.stream()
                .filter(object -> object.type().equals(kind.type()))
                .toList();
    }

    public Optional<ObjectView.Live> find(SchemaKind kind, String name) {
        return of(kind).stream()
                .filter(object -> kind.nameIn(schemaObject(object).attributes()).equals(name))
                .findFirst();
    }

    public List<SchemaObject> schemaObjects() {
        return objects.stream().map(SchemaView::schemaObject).toList();
    }

    public static SchemaObject schemaObject(ObjectView.Live object) {
        return new SchemaObject(
                object.object(),
                object.type(),
                object.rows().stream().map(row -> row.attribute()).toList());
    }
}
