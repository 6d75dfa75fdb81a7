package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import java.util.List;
import java.util.Optional;

/// What a partition holds of its store's own writes, in order of their numbers. `forgotten`: those that ended at this
/// version or earlier are left out.
public record LocalImage(List<Kept> changes, Version forgotten) {
    public static final LocalImage EMPTY = new LocalImage(List.of(), Version.NONE);

    /// A write, and the version in which HQ decided it, if it has.
    public record Kept(LocalChange change, Optional<Version> ended) {
        private Optional<Kept> within(HashRange range) {
            return change.within(range).map(own -> new Kept(own, ended));
        }
    }

    public LocalImage {
        changes = List.copyOf(changes);
    }

    LocalImage within(HashRange range) {
        return new LocalImage(
                changes.stream().flatMap(kept -> kept.within(range).stream()).toList(), forgotten);
    }
}
