package dev.storemesh.protocol.model;

import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.replica.Replica.Following;
import dev.storemesh.protocol.replica.ReplicaDecider;
import dev.storemesh.protocol.replica.ReplicaDecider.Fits;
import dev.storemesh.protocol.replica.ReplicaEvent;
import dev.storemesh.protocol.replica.ReplicaRound;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// HQ and a store without actors: what is visible is read at the store, which follows the log as JSON in pages of
/// random length; only the holder of a transaction reads at HQ.
final class FollowedBareCatalog implements ModelledCatalog {
    private final BareCatalog hq = new BareCatalog();
    private final Dice dice;
    private Replica replica = Replica.unenrolled(Samples.DEMO);
    private PartitionContents partition = PartitionContents.of(PartitionImage.EMPTY);
    private int followed;

    FollowedBareCatalog(long seed) {
        dice = new Dice(seed);
        journal(new ReplicaEvent.Enrolled(Samples.NOON, Samples.STORE, Samples.HISTORY, 1));
        follow();
    }

    @Override
    public List<Answer> ask(List<Wish> wishes) {
        var answers = hq.ask(wishes);
        follow();
        return answers;
    }

    private void follow() {
        var log = hq.log();
        while (followed < log.size()) {
            var end = Math.min(log.size(), followed + 1 + dice.below(4));
            var known = Math.max(0, followed - dice.below(2)); // some come twice
            if (!(ReplicaDecider.judge(following(), Samples.HISTORY, read(log, known, end))
                    instanceof Fits(var entries))) {
                throw new AssertionError("the store takes HQ's log for another: " + log.subList(known, end));
            }
            if (!entries.equals(log.subList(followed, end))) {
                throw new AssertionError("of " + log.subList(known, end) + " the store takes " + entries);
            }
            journal(new ReplicaEvent.Followed(Samples.NOON, entries));
            followed = end;
        }
        if (following().staged().isPresent()) {
            throw new AssertionError(
                    "the log ends between two steps: " + following().staged());
        }
    }

    /// As a link reads them: what the store holds already it reads by what it knows now.
    private List<LogEntry> read(List<LogEntry> log, int from, int to) {
        var schemas = following()
                .staged()
                .map(StagedVersion::schemas)
                .orElse(following().schemas());
        var entries = new ArrayList<LogEntry>();
        for (var i = from; i < to; i++) {
            var entry = i < followed ? log.get(i) : Samples.reread(log.get(i), schemas);
            schemas = i < followed ? schemas : schemas.after(entry);
            entries.add(entry);
        }
        return entries;
    }

    private void journal(ReplicaEvent event) {
        var round = ReplicaRound.of(event);
        replica = ReplicaDecider.evolve(replica, round);
        partition.apply(round.row(replica.position()));
        if (dice.percent(10)) {
            partition = PartitionContents.of(partition.image());
        }
    }

    private Following following() {
        if (replica instanceof Following following) {
            return following;
        }
        throw new AssertionError("not enrolled");
    }

    @Override
    public void restart() {
        hq.restart();
        partition = PartitionContents.of(partition.image());
    }

    @Override
    public boolean expires() {
        return true;
    }

    @Override
    public Version head() {
        return following().head();
    }

    @Override
    public long count() {
        return partition.objects().liveCount();
    }

    private boolean isHere(Version version) {
        return !version.isAfter(head());
    }

    @Override
    public Optional<ObjectView.Live> object(ObjectToken token, Version version, Scope scope) {
        return isHere(version)
                ? partition.objectsAt(version).object(token, version, scope)
                : hq.object(token, version, scope);
    }

    @Override
    public Slice page(Selection selection, Version version, Optional<ObjectToken> after, int limit) {
        return isHere(version)
                ? partition.objectsAt(version).page(selection, version, Order.PAGE_KEY, after, limit)
                : hq.page(selection, version, after, limit);
    }

    @Override
    public Slice changes(Selection selection, Version since, Version version, Optional<ObjectToken> after, int limit) {
        return isHere(version)
                ? partition.objectsAt(version).changes(selection, since, version, after, limit)
                : hq.changes(selection, since, version, after, limit);
    }

    @Override
    public Optional<ObjectHistory> history(ObjectToken token, ObjectHistory.Query query) {
        return isHere(query.upTo()) ? partition.history(token, query) : hq.history(token, query);
    }

    @Override
    public ObjectDifference.Slice differences(
            Selection selection, Version from, Version to, Optional<ObjectToken> after, int limit) {
        return isHere(from) && isHere(to)
                ? partition.objects().differences(selection, from, to, after, limit)
                : hq.differences(selection, from, to, after, limit);
    }
}
