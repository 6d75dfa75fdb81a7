package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Remembered;
import java.util.List;
import java.util.Map;

/// What a partition holds of the steps of a version that is not there yet. `beforeDeletion`: what the objects were
/// that a step deleted. `written`: the last step's.
public record StagedImage(
        Version version,
        List<VersionedObject> objects,
        Map<ObjectToken, ObjectState.Live> beforeDeletion,
        Map<IdempotencyKey, Remembered> answers,
        Written written) {
    public StagedImage {
        objects = List.copyOf(objects);
        beforeDeletion = Map.copyOf(beforeDeletion);
        answers = Map.copyOf(answers);
    }
}
