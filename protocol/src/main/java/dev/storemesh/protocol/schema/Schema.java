package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.TypeName;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The types and definitions that a catalog knows.
public final class Schema {
    private final Set<TypeName> types;
    private final Map<DefinitionName, Definition> definitions;

    public Schema(Set<TypeName> types, Collection<Definition> definitions) {
        this.types = Set.copyOf(types);
        this.definitions =
                definitions.stream().collect(Collectors.toUnmodifiableMap(Definition::name, Function.identity()));
    }

    public boolean hasType(TypeName type) {
        return types.contains(type);
    }

    public Optional<Definition> definition(DefinitionName name) {
        return Optional.ofNullable(definitions.get(name));
    }

    public Set<TypeName> types() {
        return types;
    }

    public Collection<Definition> definitions() {
        return definitions.values();
    }
}
