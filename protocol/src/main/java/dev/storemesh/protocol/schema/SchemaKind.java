package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The kinds of schema objects: of which type they are, and which attribute names them.
public enum SchemaKind {
    TYPE,
    DEFINITION,
    CONSTRAINT,
    LOCATION,
    APP,
    DECISION_RULE;

    public TypeName type() {
        return switch (this) {
            case TYPE -> StandardSchema.TYPE;
            case DEFINITION -> StandardSchema.DEFINITION;
            case CONSTRAINT -> StandardSchema.CONSTRAINT;
            case LOCATION -> StandardSchema.LOCATION;
            case APP -> StandardSchema.APP;
            case DECISION_RULE -> StandardSchema.DECISION_RULE;
        };
    }

    /// The field that names an object of this kind.
    public String key() {
        return this == LOCATION ? "id" : "name";
    }

    /// The attribute that names an object of this kind.
    public DefinitionName naming() {
        return StandardSchema.name(type(), key());
    }

    /// What an object with these attributes is called; empty where it has no name.
    public String nameIn(Collection<Attribute> attributes) {
        return attributes.stream()
                .filter(attribute -> attribute.definition().equals(naming()))
                .map(attribute -> attribute.value() instanceof Value.Text(var text) ? text : "")
                .findFirst()
                .orElse("");
    }

    /// Such as `type`.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// As a field in JSON: such as `type`, or `decisionRule`.
    public String singular() {
        return this == DECISION_RULE ? "decisionRule" : wireName();
    }

    /// As a field in JSON: such as `types`.
    public String plural() {
        return singular() + "s";
    }

    /// As a segment of a path: such as `types`, or `decision-rules`.
    public String path() {
        return wireName().replace('_', '-') + "s";
    }

    /// For people: such as `type`, or `decision rule`.
    public String words() {
        return wireName().replace('_', ' ');
    }

    /// The attributes of its objects, in order of name.
    public List<Definition> attributes() {
        return StandardSchema.SCHEMA.definitions().stream()
                .filter(definition -> definition.carrier().equals(Optional.of(type())))
                .toList();
    }

    /// The name of one of its attributes as it stands in bodies: `sys.definition.valueType` is `valueType`; one that
    /// holds a set is in the plural.
    String field(Definition attribute) {
        var last = attribute.name().text().substring(type().text().length() + 1);
        return attribute.isSet() ? last + "s" : last;
    }
}
