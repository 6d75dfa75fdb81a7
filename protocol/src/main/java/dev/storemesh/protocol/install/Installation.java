package dev.storemesh.protocol.install;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Declaration;
import dev.storemesh.protocol.schema.SchemaKind;
import dev.storemesh.protocol.schema.SchemaObject;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What stands in a catalog of the apps that are installed in it, and what must be written to install a package or to
/// take an app away. An app owns what lies in the namespace of its name, except what lies in that of another
/// installed app within it.
public final class Installation {
    static final DefinitionName VERSION = StandardSchema.name(StandardSchema.APP, "version");

    private final Map<SchemaKind, Map<String, SchemaObject>> present;
    private final Optional<Version> ifVersion;

    /// What installing or uninstalling comes to.
    public sealed interface Plan {}

    /// All stands as it should.
    public record Nothing() implements Plan {}

    /// Write these.
    public record Change(List<Operation> operations) implements Plan {
        public Change {
            operations = List.copyOf(operations);
        }
    }

    /// Version `installed` is there, which is newer.
    public record Newer(long installed) implements Plan {}

    /// These names are another installed app's.
    public record Foreign(List<Violation> violations) implements Plan {
        public Foreign {
            violations = List.copyOf(violations);
        }
    }

    /// The app is not installed.
    public record Unknown() implements Plan {}

    /// Looks at what stands.
    ///
    /// @param objects the schema objects of the catalog
    /// @param ifVersion only if no object that a plan touches changed after it
    public Installation(Collection<SchemaObject> objects, Optional<Version> ifVersion) {
        this.present = Stream.of(SchemaKind.values())
                .collect(Collectors.toMap(Function.identity(), kind -> byName(kind, objects)));
        this.ifVersion = ifVersion;
    }

    private static Map<String, SchemaObject> byName(SchemaKind kind, Collection<SchemaObject> objects) {
        return objects.stream()
                .filter(object -> object.type().equals(kind.type()))
                .collect(Collectors.toMap(
                        object -> kind.nameIn(object.attributes()),
                        Function.identity(),
                        (first, second) -> first,
                        TreeMap::new));
    }

    /// What it takes to have the package, the whole of it, and no more of the app.
    ///
    /// @param downgrade whether an older version may take the place of a newer one
    public Plan install(AppPackage wanted, boolean downgrade) {
        var foreign = wanted.declarations().stream()
                .filter(declaration -> !isOwn(wanted.app(), declaration.name()))
                .map(declaration -> Violation.of(
                        Violation.Code.NAMESPACE_OWNED,
                        SchemaWrites.temporary(declaration.kind(), declaration.name())
                                .text(),
                        "The name " + declaration.name() + " lies in the namespace of another app that is installed."))
                .toList();
        if (!foreign.isEmpty()) {
            return new Foreign(foreign);
        }
        var installed = version(wanted.app()).filter(version -> version > wanted.version() && !downgrade);
        if (installed.isPresent()) {
            return new Newer(installed.get());
        }
        var all = Stream.concat(Stream.of(wanted.itself()), wanted.declarations().stream())
                .toList();
        var operations = new ArrayList<Operation>();
        all.stream().filter(this::isNews).map(this::put).forEach(operations::add);
        operations.addAll(deletes(wanted.app(), all));
        return operations.isEmpty() ? new Nothing() : new Change(operations);
    }

    /// Takes the app's record and all that it owns away.
    public Plan uninstall(AppName app) {
        return find(SchemaKind.APP, app.text()).isPresent() ? new Change(deletes(app, List.of())) : new Unknown();
    }

    private Optional<SchemaObject> find(SchemaKind kind, String name) {
        return Optional.ofNullable(present.getOrDefault(kind, Map.of()).get(name));
    }

    private Optional<Long> version(AppName app) {
        return find(SchemaKind.APP, app.text()).flatMap(Installation::versionIn);
    }

    /// Which version of its app an app's record names.
    public static Optional<Long> versionIn(SchemaObject record) {
        return record.attributes().stream()
                .filter(attribute -> attribute.definition().equals(VERSION))
                .flatMap(attribute ->
                        attribute.value() instanceof Value.Whole(var number) ? Stream.of(number) : Stream.empty())
                .findFirst();
    }

    /// Whether no other installed app has a namespace of its own around the name and within this app's.
    private boolean isOwn(AppName app, String name) {
        var owner = Stream.concat(
                        Stream.of(app.text()), present.getOrDefault(SchemaKind.APP, Map.of()).keySet().stream())
                .filter(candidate -> new Namespace(candidate).contains(name))
                .max(Comparator.comparingInt(String::length));
        return owner.filter(app.text()::equalsIgnoreCase).isPresent();
    }

    /// Whether it differs from what stands. A value that is none is left to the rules of writes.
    private boolean isNews(Declaration declaration) {
        return find(declaration.kind(), declaration.name())
                .map(object -> !values(declaration).equals(Optional.of(Set.copyOf(object.attributes()))))
                .orElse(true);
    }

    private static Optional<Set<Attribute>> values(Declaration declaration) {
        var values = new HashSet<Attribute>();
        for (var definition : declaration.kind().attributes()) {
            for (var literal : declaration.values().getOrDefault(definition.name(), List.<Literal>of())) {
                try {
                    values.add(new Attribute(definition.name(), Optional.empty(), definition.read(literal)));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(values);
    }

    private Operation put(Declaration declaration) {
        return SchemaWrites.replacing(
                declaration, find(declaration.kind(), declaration.name()).map(SchemaObject::token), ifVersion);
    }

    /// Of all that the app owns but these.
    private List<Operation> deletes(AppName app, List<Declaration> kept) {
        var names = kept.stream()
                .map(declaration ->
                        declaration.kind() + " " + declaration.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        return Stream.of(SchemaKind.values())
                .filter(kind -> kind != SchemaKind.LOCATION)
                .flatMap(kind -> present.getOrDefault(kind, Map.of()).entrySet().stream()
                        .filter(entry -> owns(app, kind, entry.getKey()))
                        .filter(entry ->
                                !names.contains(kind + " " + entry.getKey().toLowerCase(Locale.ROOT)))
                        .map(entry -> (Operation) new Operation.Delete(
                                new ObjectRef.Known(entry.getValue().token()), ifVersion)))
                .toList();
    }

    private boolean owns(AppName app, SchemaKind kind, String name) {
        return kind == SchemaKind.APP
                ? name.equals(app.text())
                : new Namespace(app.text()).contains(name) && isOwn(app, name);
    }
}
