package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.replica.Copy;
import dev.storemesh.protocol.replica.OwnWrites;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.replica.ReplicaEvent;
import dev.storemesh.protocol.replica.ReplicaEvent.CopyAsked;
import dev.storemesh.protocol.replica.ReplicaEvent.Enrolled;
import dev.storemesh.protocol.replica.ReplicaEvent.EpochOpened;
import dev.storemesh.protocol.replica.ReplicaEvent.Followed;
import dev.storemesh.protocol.replica.ReplicaEvent.LoadBegun;
import dev.storemesh.protocol.replica.ReplicaEvent.Loaded;
import dev.storemesh.protocol.replica.ReplicaEvent.Opened;
import dev.storemesh.protocol.replica.ReplicaEvent.OwnDecided;
import dev.storemesh.protocol.replica.ReplicaEvent.PageLoaded;
import dev.storemesh.protocol.replica.ReplicaEvent.Repartitioned;
import dev.storemesh.protocol.replica.ReplicaEvent.RequestQueued;
import dev.storemesh.protocol.replica.ReplicaEvent.RequestsOffered;
import dev.storemesh.protocol.replica.ReplicaEvent.RequestsQueuedAgain;
import dev.storemesh.protocol.replica.ReplicaEvent.ScopeAsked;
import dev.storemesh.protocol.replica.ReplicaRound;
import dev.storemesh.protocol.replica.RequestQueue;
import dev.storemesh.protocol.replica.RequestQueue.KeptAnswer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The rows of a store's copy of a catalog, and the snapshot of who keeps it.
final class ReplicaCodec {
    private ReplicaCodec() {}

    static void write(RowWriter out, ReplicaRound round) {
        out.list(round.events(), event -> write(out, event));
    }

    static ReplicaRound round(RowReader in) {
        return new ReplicaRound(in.list(() -> event(in)));
    }

    private static void write(RowWriter out, ReplicaEvent event) {
        switch (event) {
            case Opened(var at) -> {
                out.tag(Tags.ReplicaEvents.OPENED);
                out.instant(at);
            }
            case Enrolled(var at, var store, var history, var epoch) -> {
                out.tag(Tags.ReplicaEvents.ENROLLED);
                out.instant(at);
                ValueCodec.write(out, store);
                LogCodec.write(out, history);
                out.number(epoch);
            }
            case Followed(var at, var entries) -> {
                var areWhole = entries.stream().allMatch(entry -> entry.part() instanceof LogEntry.Part.Whole);
                out.tag(areWhole ? Tags.ReplicaEvents.FOLLOWED : Tags.ReplicaEvents.PARTS_FOLLOWED);
                out.instant(at);
                out.list(entries, entry -> {
                    if (areWhole) {
                        LogCodec.write(out, entry);
                    } else {
                        TransactionCodec.writePart(out, entry);
                    }
                });
            }
            case Repartitioned(var at, var generation, var partitions) -> {
                out.tag(Tags.ReplicaEvents.REPARTITIONED);
                out.instant(at);
                out.number(generation);
                out.number(partitions);
            }
            case RequestQueued(var request, var own) -> {
                out.tag(own.isPresent() ? Tags.ReplicaEvents.OWN_REQUEST_ASKED : Tags.ReplicaEvents.REQUEST_ASKED);
                WriteCodec.write(out, request);
                own.ifPresent(change -> LocalCodec.write(out, change));
            }
            case OwnDecided(var at, var decided) -> {
                out.tag(Tags.ReplicaEvents.OWN_DECIDED);
                out.instant(at);
                out.list(decided, end -> LocalCodec.write(out, end));
            }
            case CopyAsked(var at) -> {
                out.tag(Tags.ReplicaEvents.COPY_ASKED);
                out.instant(at);
            }
            case ScopeAsked(var at, var location) -> {
                out.tag(Tags.ReplicaEvents.SCOPE_ASKED);
                out.instant(at);
                ValueCodec.writeLocation(out, location);
            }
            case LoadBegun(var at, var history, var floor) -> {
                out.tag(Tags.ReplicaEvents.LOAD_BEGUN);
                out.instant(at);
                LogCodec.write(out, history);
                write(out, floor);
            }
            case PageLoaded(var at, var objects) -> {
                out.tag(Tags.ReplicaEvents.PAGE_LOADED);
                out.instant(at);
                ObjectCodec.writeLoaded(out, objects);
            }
            case Loaded(var at, var version) -> {
                out.tag(Tags.ReplicaEvents.LOADED);
                out.instant(at);
                LogCodec.write(out, version);
            }
            case EpochOpened(var at, var epoch) -> {
                out.tag(Tags.ReplicaEvents.EPOCH_OPENED);
                out.instant(at);
                out.number(epoch);
            }
            case RequestsQueuedAgain(var at, var epoch, var requests) -> {
                out.tag(Tags.ReplicaEvents.REQUESTS_QUEUED_AGAIN);
                out.instant(at);
                out.number(epoch);
                out.list(requests, request -> WriteCodec.write(out, request));
            }
            case RequestsOffered(var at, var sequence) -> {
                out.tag(Tags.ReplicaEvents.REQUESTS_OFFERED);
                out.instant(at);
                out.number(sequence);
            }
        }
    }

    private static ReplicaEvent event(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.ReplicaEvents.OPENED -> new Opened(in.instant());
            case Tags.ReplicaEvents.ENROLLED ->
                new Enrolled(in.instant(), ValueCodec.store(in), LogCodec.history(in), in.number());
            case Tags.ReplicaEvents.FOLLOWED -> new Followed(in.instant(), in.list(() -> LogCodec.entry(in)));
            case Tags.ReplicaEvents.PARTS_FOLLOWED ->
                new Followed(in.instant(), in.list(() -> TransactionCodec.part(in)));
            case Tags.ReplicaEvents.REQUEST_QUEUED -> new RequestQueued(WriteCodec.rolelessRequest(in));
            case Tags.ReplicaEvents.REQUEST_ASKED -> new RequestQueued(WriteCodec.request(in));
            case Tags.ReplicaEvents.OWN_REQUEST_ASKED ->
                new RequestQueued(WriteCodec.request(in), Optional.of(LocalCodec.change(in)));
            case Tags.ReplicaEvents.OWN_DECIDED -> new OwnDecided(in.instant(), in.list(() -> LocalCodec.end(in)));
            case Tags.ReplicaEvents.REQUESTS_OFFERED -> new RequestsOffered(in.instant(), in.number());
            case Tags.ReplicaEvents.EPOCH_OPENED -> new EpochOpened(in.instant(), in.number());
            case Tags.ReplicaEvents.REQUESTS_QUEUED_AGAIN ->
                new RequestsQueuedAgain(in.instant(), in.number(), in.list(() -> WriteCodec.request(in)));
            case Tags.ReplicaEvents.COPY_ASKED -> new CopyAsked(in.instant());
            case Tags.ReplicaEvents.SCOPE_ASKED -> new ScopeAsked(in.instant(), ValueCodec.location(in));
            case Tags.ReplicaEvents.LOAD_BEGUN -> new LoadBegun(in.instant(), LogCodec.history(in), floor(in));
            case Tags.ReplicaEvents.PAGE_LOADED -> new PageLoaded(in.instant(), ObjectCodec.loaded(in));
            case Tags.ReplicaEvents.LOADED -> new Loaded(in.instant(), LogCodec.version(in));
            case Tags.ReplicaEvents.REPARTITIONED -> new Repartitioned(in.instant(), in.integer(), in.integer());
            default -> throw in.unknownTag("replica event", tag);
        };
    }

    static void write(RowWriter out, Replica replica) {
        switch (replica) {
            case Replica.Unenrolled unenrolled -> {
                out.tag(Tags.Replicas.UNENROLLED);
                ValueCodec.write(out, unenrolled.id());
                LogCodec.write(out, unenrolled.position());
            }
            case Replica.Following following -> {
                out.tag(isScoped(following.copy()) ? Tags.Replicas.SCOPED_FOLLOWING : Tags.Replicas.FOLLOWING);
                ValueCodec.write(out, following.id());
                LogCodec.write(out, following.position());
                ValueCodec.write(out, following.store());
                LogCodec.write(out, following.history());
                out.number(following.epoch());
                LogCodec.write(out, following.head());
                LogCodec.write(out, following.chain());
                ObjectCodec.write(out, following.partitions());
                TransactionCodec.write(out, following.index());
                write(out, following.queue());
                ObjectCodec.writeWithDropped(out, following.schemas().objects());
                out.optional(following.staged(), staged -> TransactionCodec.write(out, staged));
                LocalCodec.write(out, following.own());
                out.optional(following.floor(), floor -> write(out, floor));
                out.optional(following.load(), load -> write(out, load));
                if (isScoped(following.copy())) {
                    ValueCodec.writeLocation(out, following.location());
                    ValueCodec.writeLocation(out, following.load().flatMap(Load::location));
                }
            }
        }
    }

    private static boolean isScoped(Copy copy) {
        return copy.location().isPresent()
                || copy.load().flatMap(Load::location).isPresent();
    }

    private static void write(RowWriter out, Floor floor) {
        LogCodec.write(out, floor.version());
        LogCodec.write(out, floor.chain());
        out.instant(floor.at());
    }

    private static Floor floor(RowReader in) {
        return new Floor(LogCodec.version(in), LogCodec.chain(in), in.instant());
    }

    private static void write(RowWriter out, Load load) {
        out.flag(load.asked());
        out.optional(load.begun(), begun -> {
            LogCodec.write(out, begun.history());
            write(out, begun.floor());
            out.optional(begun.after(), out::token);
            ObjectCodec.writeLoaded(out, begun.schema());
            out.list(begun.recorded().stream().sorted().toList(), out::token);
            out.list(begun.decided(), end -> LocalCodec.write(out, end));
        });
    }

    private static Load load(RowReader in) {
        return new Load(
                in.flag(),
                in.optional(() -> new Load.Begun(
                        LogCodec.history(in),
                        floor(in),
                        in.optional(in::token),
                        ObjectCodec.loaded(in),
                        Set.copyOf(in.list(in::token)),
                        in.list(() -> LocalCodec.end(in)))));
    }

    private static Copy copy(RowReader in) {
        return new Copy(in.optional(() -> floor(in)), in.optional(() -> load(in)));
    }

    private static Copy scopedCopy(RowReader in) {
        var copy = copy(in);
        var held = ValueCodec.location(in);
        var wanted = ValueCodec.location(in);
        return new Copy(copy.floor(), copy.load().map(load -> new Load(load.asked(), load.begun(), wanted)), held);
    }

    static Replica replica(RowReader in) {
        int tag = in.tag();
        Supplier<QueuedRequest> roleless = () -> WriteCodec.rolelessRequest(in);
        return switch (tag) {
            case Tags.Replicas.UNENROLLED -> new Replica.Unenrolled(ValueCodec.catalog(in), LogCodec.position(in));
            case Tags.Replicas.PLAIN_FOLLOWING ->
                following(
                        in,
                        () -> LogCodec.index(in),
                        roleless,
                        () -> SchemaHistory.EMPTY,
                        Optional::empty,
                        () -> OwnWrites.NONE,
                        () -> Copy.OF_LOG);
            case Tags.Replicas.WHOLE_FOLLOWING ->
                following(
                        in,
                        () -> LogCodec.index(in),
                        roleless,
                        () -> ObjectCodec.schemas(in),
                        Optional::empty,
                        () -> OwnWrites.NONE,
                        () -> Copy.OF_LOG);
            case Tags.Replicas.ROLELESS_FOLLOWING ->
                following(
                        in,
                        () -> TransactionCodec.index(in),
                        roleless,
                        () -> ObjectCodec.schemas(in),
                        () -> in.optional(() -> TransactionCodec.staged(in)),
                        () -> OwnWrites.NONE,
                        () -> Copy.OF_LOG);
            case Tags.Replicas.OWNLESS_FOLLOWING -> following(in, () -> OwnWrites.NONE);
            case Tags.Replicas.LOGGED_FOLLOWING -> following(in, () -> LocalCodec.ownWrites(in));
            case Tags.Replicas.FOLLOWING -> loadedFollowing(in, () -> copy(in));
            case Tags.Replicas.SCOPED_FOLLOWING -> loadedFollowing(in, () -> scopedCopy(in));
            default -> throw in.unknownTag("replica", tag);
        };
    }

    private static Replica.Following loadedFollowing(RowReader in, Supplier<Copy> copy) {
        return following(
                in,
                () -> TransactionCodec.index(in),
                () -> WriteCodec.request(in),
                () -> SchemaHistory.of(ObjectCodec.withDropped(in)),
                () -> in.optional(() -> TransactionCodec.staged(in)),
                () -> LocalCodec.ownWrites(in),
                copy);
    }

    private static Replica.Following following(RowReader in, Supplier<OwnWrites> own) {
        return following(
                in,
                () -> TransactionCodec.index(in),
                () -> WriteCodec.request(in),
                () -> ObjectCodec.schemas(in),
                () -> in.optional(() -> TransactionCodec.staged(in)),
                own,
                () -> Copy.OF_LOG);
    }

    private static Replica.Following following(
            RowReader in,
            Supplier<LogIndex> index,
            Supplier<QueuedRequest> request,
            Supplier<SchemaHistory> schemas,
            Supplier<Optional<StagedVersion>> staged,
            Supplier<OwnWrites> own,
            Supplier<Copy> copy) {
        return new Replica.Following(
                ValueCodec.catalog(in),
                LogCodec.position(in),
                ValueCodec.store(in),
                LogCodec.history(in),
                in.number(),
                LogCodec.version(in),
                LogCodec.chain(in),
                ObjectCodec.partitions(in),
                index.get(),
                queue(in, request),
                schemas.get(),
                staged.get(),
                own.get(),
                copy.get());
    }

    private static void write(RowWriter out, RequestQueue queue) {
        out.list(queue.unrecorded(), request -> WriteCodec.write(out, request));
        out.number(queue.offered());
        out.number(queue.last());
        WriteCodec.writeAnswers(out, queue.answers(), answer -> write(out, answer));
    }

    private static RequestQueue queue(RowReader in, Supplier<QueuedRequest> request) {
        return new RequestQueue(in.list(request), in.number(), in.number(), WriteCodec.answers(in, () -> answer(in)));
    }

    private static void write(RowWriter out, KeptAnswer answer) {
        WriteCodec.write(out, answer.id());
        out.hex(answer.digest());
        WriteCodec.writeNames(out, answer.names());
        out.instant(answer.queuedAt());
    }

    private static KeptAnswer answer(RowReader in) {
        return new KeptAnswer(WriteCodec.requestId(in), in.hex(), WriteCodec.names(in), in.instant());
    }
}
