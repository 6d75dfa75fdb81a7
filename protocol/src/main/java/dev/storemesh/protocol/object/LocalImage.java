package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import java.util.List;
import java.util.Optional;

/// What a partition holds of its store's own writes, in order of their numbers. `forgotten`: those that ended at
/// this version or earlier are left out.
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

    /// What is left of it over other objects, which are the state at a version: what HQ has not decided. What was
    /// made at a later version of what was held lies over these from the beginning.
    LocalImage over(Version version) {
        var standing = changes.stream()
                .filter(kept -> kept.ended().isEmpty())
                .map(kept -> new Kept(kept.change().from(version), Optional.empty()))
                .toList();
        return changes.isEmpty() ? EMPTY : new LocalImage(standing, version);
    }

    LocalImage within(HashRange range) {
        return new LocalImage(
                changes.stream().flatMap(kept -> kept.within(range).stream()).toList(), forgotten);
    }
}
