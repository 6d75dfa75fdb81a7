package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.VersionedObject.EndedRow;
import dev.storemesh.protocol.object.VersionedObject.Life;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Optional;

/// An object as a site takes it over that begins with the state at one version: with all that is seen of it at that
/// version and later, and without the rows that ended before. Deleted ones are among them: they may come back.
public record LoadedObject(
        ObjectToken object, TypeName type, List<Life> lives, List<Row> rows, List<EndedRow> ended, Dropped dropped) {
    public LoadedObject {
        lives = List.copyOf(lives);
        rows = List.copyOf(rows);
        ended = List.copyOf(ended);
    }

    public LoadedObject(VersionedObject object) {
        this(object.token(), object.type(), object.lives(), object.live(), object.ended(), object.dropped());
    }

    /// What is seen of an object at `version` and later; empty: it was never there by then.
    public static Optional<LoadedObject> of(VersionedObject object, Version version) {
        var then = object.upTo(version).without(version);
        return then.lives().isEmpty() ? Optional.empty() : Optional.of(new LoadedObject(then));
    }

    /// The same to hold.
    public VersionedObject held() {
        return new VersionedObject(object, type, lives, rows, ended).lacking(dropped);
    }

    /// What made it that at once.
    public ObjectChange change() {
        return new ObjectChange(
                object, type, false, rows.stream().map(Row::attribute).toList(), List.of());
    }

    /// About how many bytes it takes.
    public long weight() {
        return Weight.of(this);
    }
}
