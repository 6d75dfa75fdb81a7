package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Undecided change requests, in the order in which they were made, laid over what HQ knows: as a store's own
/// writes are ([LocalChanges]), which are among them. Each has its place in the list, from 1 on, as its number.
/// Immutable.
public final class PendingChanges {
    private final Map<ObjectToken, List<Numbered>> byObject = new HashMap<>();

    private record Numbered(long number, PendingChange change) {}

    public PendingChanges(List<PendingChange> changes) {
        for (var i = 0; i < changes.size(); i++) {
            var numbered = new Numbered(i + 1L, changes.get(i));
            numbered.change()
                    .objects()
                    .forEach(token -> byObject.computeIfAbsent(token, first -> new ArrayList<>(1))
                            .add(numbered));
        }
    }

    /// The objects of a partition with those laid over them that are about objects of its own.
    ///
    /// @param own which tokens are the partition's
    ReadableObjects over(VersionedObjects base, Version version, Predicate<ObjectToken> own) {
        var laid = new VersionedObjects();
        for (var token : byObject.keySet()) {
            if (own.test(token)) {
                over(base.find(token), token, version).ifPresent(object -> laid.adopt(object));
            }
        }
        return new HeldObjects(base, laid);
    }

    private Optional<VersionedObject> over(Optional<VersionedObject> base, ObjectToken token, Version version) {
        var object = base.map(known -> known.upTo(version));
        var seen = seen(token, version);
        for (var numbered : seen) {
            object = switch (numbered.change().effect(token)) {
                case MAKES -> object.or(() -> made(numbered.change(), token));
                case RESTORES -> object.map(known -> restored(known, numbered.change()));
                case CHANGES, DELETES -> object;
            };
        }
        return object.map(known -> known.under(seen.stream()
                .map(numbered -> numbered.change().numbered(numbered.number()))
                .toList()));
    }

    /// None of them is laid over a version from before it was made.
    private List<Numbered> seen(ObjectToken token, Version version) {
        return byObject.getOrDefault(token, List.of()).stream()
                .filter(numbered -> !numbered.change().base().isAfter(version))
                .toList();
    }

    private static Optional<VersionedObject> made(PendingChange change, ObjectToken token) {
        return Optional.ofNullable(change.made().get(token))
                .map(type -> new VersionedObject(token, type, List.of(begun(change)), List.of(), List.of()));
    }

    /// As it was when it was there last, if that is held.
    private static VersionedObject restored(VersionedObject object, PendingChange change) {
        return object.isLive() || !object.isLastLifeHeld()
                ? object
                : object.lastLive()
                        .map(last -> {
                            var lives = new ArrayList<>(object.lives());
                            lives.add(begun(change));
                            return new VersionedObject(
                                    object.token(), object.type(), lives, last.rows(), object.ended());
                        })
                        .orElse(object);
    }

    private static VersionedObject.Life begun(PendingChange change) {
        return new VersionedObject.Life(change.base(), Optional.empty());
    }

    /// The view of an object at `version`, with what is laid over it.
    public ObjectView.Live marked(ObjectView.Live view, Version version) {
        return view.with(seen(view.object(), version).stream()
                .map(numbered -> new PendingMark(
                        numbered.number(),
                        numbered.change().request(),
                        numbered.change().status(),
                        numbered.change().effect(view.object())))
                .toList());
    }

    /// The same of whatever a page holds.
    public ObjectView marked(ObjectView view, Version version) {
        return view instanceof ObjectView.Live live ? marked(live, version) : view;
    }
}
