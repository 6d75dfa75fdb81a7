package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Remembered;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What one partition owns, as of a position of the log: objects, and the answers to keyed writes. Owned by one
/// thread at a time.
public final class PartitionContents {
    private final VersionedObjects objects = new VersionedObjects();
    private final Map<IdempotencyKey, Remembered> answers = new HashMap<>();
    private Position position;
    private long weight;

    private PartitionContents(PartitionImage image) {
        position = image.position();
        objects.restore(image.objects());
        answers.putAll(image.answers());
        weight = image.objects().stream().mapToLong(Weight::of).sum();
    }

    public static PartitionContents of(PartitionImage image) {
        return new PartitionContents(image);
    }

    public PartitionImage image() {
        return new PartitionImage(position, objects.image(), answers);
    }

    public Position position() {
        return position;
    }

    /// About how many bytes all of it takes.
    public long weight() {
        return weight;
    }

    public VersionedObjects objects() {
        return objects;
    }

    /// Takes over a row; one that was taken over before does nothing.
    public void apply(LogRow row) {
        if (!row.position().isAfter(position)) {
            return;
        }
        for (var step : row.steps()) {
            objects.apply(step.entry());
            step.answer()
                    .ifPresent(answer ->
                            IdempotencyKey.of(step.entry().provenance()).ifPresent(key -> answers.put(key, answer)));
        }
        position = row.position();
        weight += row.weight();
    }

    public Fetched fetch(Collection<Lookup> lookups) {
        var states = new HashMap<Lookup, ObjectState>();
        var keys = new HashMap<IdempotencyKey, Optional<Remembered>>();
        for (var lookup : lookups) {
            switch (lookup) {
                case Lookup.Head head -> states.put(head, head(head));
                case Lookup.AsOf asOf -> states.put(asOf, asOf(asOf));
                case Lookup.Key(var key) -> keys.put(key, Optional.ofNullable(answers.get(key)));
            }
        }
        return new Fetched(states, keys);
    }

    private ObjectState head(Lookup.Head lookup) {
        return objects.find(lookup.object())
                .<ObjectState>map(object -> object.isLive()
                        ? new ObjectState.Live(object.type(), object.live())
                        : new ObjectState.Deleted(object.type()))
                .orElse(ObjectState.unknown());
    }

    private ObjectState asOf(Lookup.AsOf lookup) {
        Version version = lookup.version();
        return objects.find(lookup.object())
                .<ObjectState>flatMap(object ->
                        object.at(version, Scope.all()).map(view -> new ObjectState.Live(view.type(), view.rows())))
                .orElse(ObjectState.unknown());
    }
}
