package dev.storemesh.protocol.object;

import dev.storemesh.protocol.constraint.Audit;
import dev.storemesh.protocol.constraint.Findings;
import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Remembered;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one partition owns, as of a position of the log: objects, and the answers to keyed writes. Owned by one
/// thread at a time.
public final class PartitionContents {
    private final VersionedObjects objects = new VersionedObjects();
    private final Map<IdempotencyKey, Remembered> answers = new HashMap<>();
    private final WrittenVersions written;
    private Position position;
    private long weight;

    private PartitionContents(PartitionImage image, WrittenVersions written) {
        this.written = written;
        position = image.position();
        objects.restore(image.objects());
        answers.putAll(image.answers());
        weight = image.objects().stream().mapToLong(Weight::of).sum();
    }

    /// Those of an image; of one that does not say who wrote what, none: then the log is to be read anew.
    public static PartitionContents of(PartitionImage image) {
        return image.written()
                .map(written -> new PartitionContents(image, written.copy()))
                .orElseGet(() -> of(PartitionImage.EMPTY));
    }

    public PartitionImage image() {
        return new PartitionImage(position, objects.image(), answers, Optional.of(written));
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
            keepWriter(step.entry());
            step.answer()
                    .ifPresent(answer ->
                            IdempotencyKey.of(step.entry().provenance()).ifPresent(key -> answers.put(key, answer)));
        }
        position = row.position();
        weight += row.weight();
    }

    private void keepWriter(LogEntry entry) {
        if (!entry.isVoid() && !entry.changes().isEmpty()) {
            written.add(entry.version(), new Written(entry.at(), entry.provenance()));
        }
    }

    /// What happened to an object; empty where there was none at the version that `query` goes up to.
    public Optional<ObjectHistory> history(ObjectToken token, ObjectHistory.Query query) {
        return objects.find(token)
                .filter(object ->
                        object.lives().stream().anyMatch(life -> !life.made().isAfter(query.upTo())))
                .map(object -> history(object, query));
    }

    private ObjectHistory history(VersionedObject object, ObjectHistory.Query query) {
        var steps = object.steps(query);
        var entries = steps.stream()
                .limit(query.limit())
                .map(step -> new ObjectHistory.Entry(writerOf(step.version()), step))
                .toList();
        return new ObjectHistory(object.token(), object.type(), entries, steps.size() > query.limit());
    }

    private Written writerOf(Version version) {
        return written.of(version)
                .orElseThrow(() -> new IllegalStateException("nobody wrote version " + version + " of this partition"));
    }

    public Fetched fetch(Collection<Lookup> lookups) {
        var states = new HashMap<Lookup, ObjectState>();
        var keys = new HashMap<IdempotencyKey, Optional<Remembered>>();
        var sets = new HashMap<Lookup, Set<ObjectToken>>();
        var findings = new HashMap<Lookup.Examine, Findings>();
        for (var lookup : lookups) {
            switch (lookup) {
                case Lookup.Head head -> states.put(head, head(head.object()));
                case Lookup.AsOf asOf -> states.put(asOf, state(asOf));
                case Lookup.LastLive last -> states.put(last, lastLive(last.object()));
                case Lookup.Key(var key) -> keys.put(key, Optional.ofNullable(answers.get(key)));
                case Lookup.Holders(var definition, var value) -> sets.put(lookup, objects.holders(definition, value));
                case Lookup.Referrers(var target) -> sets.put(lookup, objects.referrers(target));
                case Lookup.ChangedSince(var version, var limit) ->
                    sets.put(lookup, objects.changedSince(version, limit));
                case Lookup.Examine examine -> findings.put(examine, examine(examine));
            }
        }
        return new Fetched(states, keys, sets, findings);
    }

    private ObjectState head(ObjectToken token) {
        return objects.find(token)
                .<ObjectState>map(object -> object.isLive()
                        ? new ObjectState.Live(object.type(), object.live(), object.changed())
                        : new ObjectState.Deleted(object.type(), object.changed()))
                .orElse(ObjectState.unknown());
    }

    private ObjectState state(Lookup.AsOf lookup) {
        Version version = lookup.version();
        return objects.find(lookup.object())
                .<ObjectState>flatMap(object -> object.at(version, Scope.all()).map(PartitionContents::live))
                .orElse(ObjectState.unknown());
    }

    private ObjectState lastLive(ObjectToken token) {
        return objects.find(token)
                .flatMap(VersionedObject::lastLive)
                .<ObjectState>map(PartitionContents::live)
                .orElse(ObjectState.unknown());
    }

    private static ObjectState.Live live(ObjectView.Live view) {
        return new ObjectState.Live(view.type(), view.rows(), view.version());
    }

    private Findings examine(Lookup.Examine lookup) {
        return Audit.examine(
                lookup.before(),
                lookup.after(),
                objects.live()
                        .filter(object -> !lookup.touched().containsKey(object.token()))
                        .map(PartitionContents::standing),
                token -> lookup.touched().containsKey(token)
                        ? lookup.touched().get(token)
                        : objects.find(token).filter(VersionedObject::isLive).map(VersionedObject::type));
    }

    private static Standing standing(VersionedObject object) {
        return new Standing(
                object.token(),
                object.type(),
                object.live().stream().map(row -> row.attribute()).toList());
    }
}
