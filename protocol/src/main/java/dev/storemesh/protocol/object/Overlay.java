package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Remembered;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// What an open transaction's steps did to one partition, beside what everybody sees of it, which stays as it is:
/// each object that they touched, with its history before them. So a void transaction is forgotten at once, and a
/// committed one moves in.
final class Overlay {
    private final Version version;
    private final VersionedObjects staged = new VersionedObjects();
    private final Map<ObjectToken, ObjectState.Live> beforeDeletion = new HashMap<>();
    private final Map<IdempotencyKey, Remembered> answers = new HashMap<>();
    private Written written;
    private int made; // of the objects, those that are not there yet

    Overlay(LogEntry first) {
        this.version = first.version();
        this.written = writtenBy(first);
    }

    Overlay(StagedImage image, VersionedObjects base) {
        this.version = image.version();
        this.written = image.written();
        staged.restore(image.objects());
        beforeDeletion.putAll(image.beforeDeletion());
        answers.putAll(image.answers());
        made = (int) image.objects().stream()
                .filter(object -> base.find(object.key()).isEmpty())
                .count();
    }

    StagedImage image() {
        return new StagedImage(version, staged.image(), beforeDeletion, answers, written);
    }

    Version version() {
        return version;
    }

    /// How many objects there are that only the steps made.
    int made() {
        return made;
    }

    /// About how many bytes of the heap it takes.
    long heapBytes() {
        return HeapSize.EMPTY_CONTENTS
                + staged.heapBytes()
                + staged.index().heapBytes()
                + HeapSize.HASHED * (5L * beforeDeletion.size() + 10L * answers.size());
    }

    /// Of the last step that touched the partition.
    Written written() {
        return written;
    }

    /// The objects of `base` with the steps on top.
    ReadableObjects over(VersionedObjects base) {
        return new HeldObjects(base, staged);
    }

    Optional<Remembered> answer(IdempotencyKey key) {
        return Optional.ofNullable(answers.get(key));
    }

    /// A deleted object as it was before a step deleted it.
    Optional<ObjectState.Live> lastLive(ObjectToken token) {
        return Optional.ofNullable(beforeDeletion.get(token));
    }

    void apply(LogRow.Step step, VersionedObjects base) {
        var entry = step.entry();
        entry.changes().forEach(change -> prepare(change, base));
        staged.apply(entry);
        written = writtenBy(entry);
        step.answer()
                .ifPresent(answer -> IdempotencyKey.of(entry.provenance()).ifPresent(key -> answers.put(key, answer)));
    }

    private void prepare(ObjectChange change, VersionedObjects base) {
        var token = change.object();
        if (staged.find(token).isEmpty()) {
            var before = base.find(token);
            before.ifPresent(staged::borrow);
            made += before.isEmpty() ? 1 : 0;
        }
        if (!change.deleted()) {
            beforeDeletion.remove(token);
        } else {
            staged.find(token)
                    .filter(VersionedObject::isLive)
                    .ifPresent(object -> beforeDeletion.put(
                            token, new ObjectState.Live(object.type(), object.live(), object.changed())));
        }
    }

    /// Moves all into what everybody sees. What the version made and deleted again was never there.
    ///
    /// @return about how many bytes of objects that was
    long moveInto(VersionedObjects base, BiConsumer<IdempotencyKey, Remembered> kept) {
        var there = staged.inPageOrder(Optional.empty()).stream()
                .filter(object -> !object.lives().isEmpty())
                .toList();
        base.adopt(there, staged, version);
        answers.forEach((key, answer) -> kept.accept(key, answer.ofVersion()));
        return there.stream().mapToLong(Weight::of).sum();
    }

    private static Written writtenBy(LogEntry entry) {
        return new Written(entry.at(), entry.provenance());
    }
}
