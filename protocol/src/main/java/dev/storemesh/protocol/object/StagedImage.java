package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Remembered;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a partition holds of the steps of a version that is not there yet. `beforeDeletion`: what the objects were
/// that a step deleted. `written`: the last step's.
public record StagedImage(
        Version version,
        List<VersionedObject> objects,
        Map<ObjectToken, ObjectState.Live> beforeDeletion,
        Map<IdempotencyKey, Remembered> answers,
        Written written) {
    /// The part of it that lies in a range; empty where no step touched it.
    Optional<StagedImage> within(HashRange range) {
        var own = new StagedImage(
                version,
                objects.stream().filter(object -> range.holds(object.key())).toList(),
                beforeDeletion.entrySet().stream()
                        .filter(deleted -> range.holds(deleted.getKey().text()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                PartitionImage.within(range, answers),
                written);
        return own.objects.isEmpty() && own.answers.isEmpty() ? Optional.empty() : Optional.of(own);
    }

    /// The same of objects that were made of these.
    public StagedImage with(List<VersionedObject> others) {
        return new StagedImage(version, others, beforeDeletion, answers, written);
    }

    public StagedImage {
        objects = List.copyOf(objects);
        beforeDeletion = Map.copyOf(beforeDeletion);
        answers = Map.copyOf(answers);
    }
}
