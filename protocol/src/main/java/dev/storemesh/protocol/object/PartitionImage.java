package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Remembered;
import java.util.List;
import java.util.Map;

/// All that a partition holds after the row at `position`: what a checkpoint keeps. Objects in page order.
public record PartitionImage(
        Position position, List<VersionedObject> objects, Map<IdempotencyKey, Remembered> answers) {
    public static final PartitionImage EMPTY = new PartitionImage(Position.START, List.of(), Map.of());

    public PartitionImage {
        objects = List.copyOf(objects);
        answers = Map.copyOf(answers);
    }
}
