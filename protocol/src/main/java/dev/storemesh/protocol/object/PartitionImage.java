package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Remembered;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// All that a partition holds after the row at `position`: what a checkpoint keeps. Objects in page order.
/// `written` is empty in checkpoints that were made before partitions kept who wrote what; such a one is of no
/// use any more.
public record PartitionImage(
        Position position,
        List<VersionedObject> objects,
        Map<IdempotencyKey, Remembered> answers,
        Optional<WrittenVersions> written,
        Optional<StagedImage> staged,
        LocalImage locals,
        LoadImage load) {
    public static final PartitionImage EMPTY =
            new PartitionImage(Position.START, List.of(), Map.of(), Optional.of(new WrittenVersions()));

    /// One of a site that takes over no copy.
    public PartitionImage(
            Position position,
            List<VersionedObject> objects,
            Map<IdempotencyKey, Remembered> answers,
            Optional<WrittenVersions> written,
            Optional<StagedImage> staged,
            LocalImage locals) {
        this(position, objects, answers, written, staged, locals, LoadImage.EMPTY);
    }

    /// One of a site that lays nothing over the catalog.
    public PartitionImage(
            Position position,
            List<VersionedObject> objects,
            Map<IdempotencyKey, Remembered> answers,
            Optional<WrittenVersions> written,
            Optional<StagedImage> staged) {
        this(position, objects, answers, written, staged, LocalImage.EMPTY);
    }

    /// One with no transaction open.
    public PartitionImage(
            Position position,
            List<VersionedObject> objects,
            Map<IdempotencyKey, Remembered> answers,
            Optional<WrittenVersions> written) {
        this(position, objects, answers, written, Optional.empty());
    }

    /// The part of it that lies in a range: what the partition would hold that has always owned just that.
    public PartitionImage within(HashRange range) {
        if (range.isWhole()) {
            return this;
        }
        var own = objects.stream().filter(object -> range.holds(object.key())).toList();
        return new PartitionImage(
                position,
                own,
                within(range, answers),
                written.map(versions -> versions.toldBy(own)),
                staged.flatMap(steps -> steps.within(range)),
                locals.within(range),
                load.within(range));
    }

    static Map<IdempotencyKey, Remembered> within(HashRange range, Map<IdempotencyKey, Remembered> answers) {
        return answers.entrySet().stream()
                .filter(answer -> range.holds(answer.getKey().text()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    public PartitionImage {
        objects = List.copyOf(objects);
        answers = Map.copyOf(answers);
        written = written.map(WrittenVersions::frozen);
    }
}
