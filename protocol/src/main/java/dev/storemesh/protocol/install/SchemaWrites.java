package dev.storemesh.protocol.install;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Declaration;
import dev.storemesh.protocol.schema.SchemaKind;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Operation.Unsetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The one operation that makes a schema object what was declared, or adds to it.
public final class SchemaWrites {
    /// What a token may be long, less the `#`.
    private static final int TEMPORARY_LENGTH = 64;

    private SchemaWrites() {}

    /// Makes the object, or leaves it with just what is declared.
    ///
    /// @param present the object of that kind and name; without one it is made
    /// @param ifVersion only if the object did not change after it
    public static Put replacing(Declaration declaration, Optional<ObjectToken> present, Optional<Version> ifVersion) {
        return put(declaration, present, true, ifVersion);
    }

    /// Makes the object, or sets what is declared and leaves its other attributes alone.
    public static Put adding(Declaration declaration, Optional<ObjectToken> present, Optional<Version> ifVersion) {
        return put(declaration, present, false, ifVersion);
    }

    private static Put put(
            Declaration declaration, Optional<ObjectToken> present, boolean whole, Optional<Version> ifVersion) {
        var kind = declaration.kind();
        var set = new ArrayList<Setting>();
        declaration.values().forEach((attribute, literals) -> {
            if (present.isEmpty() || !attribute.equals(kind.naming())) {
                literals.forEach(literal -> set.add(new Setting(global(attribute), literal)));
            }
        });
        return new Put(
                present.<ObjectRef>map(ObjectRef.Known::new).orElseGet(() -> temporary(kind, declaration.name())),
                false,
                present.isEmpty() ? Optional.of(kind.type()) : Optional.empty(),
                set,
                present.isEmpty() ? List.of() : ended(declaration, whole),
                ifVersion);
    }

    /// A set is declared as a whole, so it ends before it is set.
    private static List<Unsetting> ended(Declaration declaration, boolean whole) {
        return declaration.kind().attributes().stream()
                .filter(attribute -> declaration.values().containsKey(attribute.name()) ? attribute.isSet() : whole)
                .map(attribute -> new Unsetting(global(attribute.name()), Optional.empty()))
                .toList();
    }

    private static Slot global(DefinitionName attribute) {
        return new Slot(attribute, Optional.empty());
    }

    /// The name by which a write's answer and its violations call the object before it has a token:
    /// `#definition.com.acme.points`.
    public static ObjectRef temporary(SchemaKind kind, String name) {
        var text = kind.wireName() + "." + name.replaceAll("[^A-Za-z0-9._~-]", "_");
        return new ObjectRef.Temporary("#"
                + (text.length() <= TEMPORARY_LENGTH
                        ? text
                        : text.substring(0, TEMPORARY_LENGTH - 9) + "~" + Integer.toHexString(text.hashCode())));
    }
}
