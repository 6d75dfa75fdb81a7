package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.SchemaObject;
import dev.storemesh.protocol.schema.SchemaRules;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// The schema of a catalog at every version: its schema objects with their history. Immutable. Compares by the
/// objects.
public final class SchemaHistory {
    public static final SchemaHistory EMPTY = new SchemaHistory(new TreeMap<>(), StandardSchema.SCHEMA, Version.NONE);

    private final SortedMap<ObjectToken, VersionedObject> objects; // never changed
    private final Schema newest;
    private final Version changed;
    private final long heapBytes;

    private SchemaHistory(SortedMap<ObjectToken, VersionedObject> objects, Schema newest, Version changed) {
        this.objects = objects;
        this.newest = newest;
        this.changed = changed;
        this.heapBytes = objects.values().stream()
                .mapToLong(object -> 3 * object.heapBytes() + 3L * object.live().size() * HeapSize.HASHED)
                .sum();
    }

    /// About how many bytes of the heap it takes, with the schema that is read from it.
    public long heapBytes() {
        return heapBytes;
    }

    /// Puts back what [#objects] gave.
    public static SchemaHistory of(Collection<VersionedObject> objects) {
        var all = new TreeMap<ObjectToken, VersionedObject>();
        objects.forEach(object -> all.put(object.token(), object));
        return made(all);
    }

    private static SchemaHistory made(SortedMap<ObjectToken, VersionedObject> objects) {
        var changed = objects.values().stream()
                .map(VersionedObject::changed)
                .max(Version::compareTo)
                .orElse(Version.NONE);
        return new SchemaHistory(objects, SchemaRules.read(at(objects, changed)), changed);
    }

    public List<VersionedObject> objects() {
        return List.copyOf(objects.values());
    }

    /// The schema at the newest version.
    public Schema now() {
        return newest;
    }

    /// The version that changed the schema last.
    public Version changed() {
        return changed;
    }

    /// The schema objects at the newest version.
    public List<SchemaObject> objectsNow() {
        return at(objects, changed);
    }

    /// The schema as it was at `version`.
    public Schema at(Version version) {
        return version.isAfter(changed) || version.equals(changed) ? newest : SchemaRules.read(at(objects, version));
    }

    /// The schema objects as they stood at `version`, with the versions that changed them last.
    public SchemaView view(Version version) {
        return view(objects, version);
    }

    private static List<SchemaObject> at(Map<ObjectToken, VersionedObject> objects, Version version) {
        return view(objects, version).schemaObjects();
    }

    private static SchemaView view(Map<ObjectToken, VersionedObject> objects, Version version) {
        return new SchemaView(objects.values().stream()
                .flatMap(object -> object.at(version, Scope.all()).stream())
                .toList());
    }

    /// The history after one more version.
    public SchemaHistory after(LogEntry entry) {
        if (entry.isVoid()
                || entry.changes().stream().noneMatch(change -> change.type().isSchema())) {
            return this;
        }
        var all = new TreeMap<>(objects);
        for (var change : entry.changes()) {
            if (change.type().isSchema()) {
                var before = all.getOrDefault(change.object(), VersionedObject.unborn(change.object(), change.type()));
                var after = before.after(entry.version(), change);
                if (after.lives().isEmpty()) {
                    all.remove(change.object()); // a transaction made and deleted it
                } else {
                    all.put(change.object(), after);
                }
            }
        }
        return made(all);
    }

    /// The history after more versions.
    public SchemaHistory after(List<LogEntry> entries) {
        var history = this;
        for (var entry : entries) {
            history = history.after(entry);
        }
        return history;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SchemaHistory history && objects.equals(history.objects);
    }

    @Override
    public int hashCode() {
        return Objects.hash(objects);
    }
}
