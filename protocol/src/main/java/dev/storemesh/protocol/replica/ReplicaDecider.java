package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.Ownership;
import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.object.LoadPart;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.LocalChange;
import dev.storemesh.protocol.object.LocalEdits;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.replica.Replica.Following;
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
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Preconditions;
import dev.storemesh.protocol.write.TemporaryNames;
import dev.storemesh.protocol.write.Write;
import dev.storemesh.protocol.write.WriteJson;
import dev.storemesh.protocol.write.WriteJudge;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules of a store's replica: what may follow what came down, and what may be queued. Pure.
public final class ReplicaDecider {
    /// So many bytes of requests, about, that HQ has not recorded: a hundred thousand of usual size.
    public static final long MAX_QUEUED_BYTES = 256L << 20;

    /// So many requests, and about so many bytes, wait again by one row.
    private static final int QUEUED_AGAIN = 1_000;

    private static final long QUEUED_AGAIN_BYTES = 2L << 20;

    private ReplicaDecider() {}

    /// What came down, judged.
    public sealed interface Judged {}

    /// New versions, in order, whose chain holds; none, if all were known.
    public record Fits(List<LogEntry> entries) implements Judged {
        public Fits {
            entries = List.copyOf(entries);
        }
    }

    /// HQ's log is not the one this replica followed: nothing may be applied.
    public record Diverged(String reason) implements Judged {}

    /// What deciding a store's write comes to.
    public sealed interface QueueOutcome {}

    /// The fact to journal, and the answer to give when it is.
    public record Accepted(RequestQueued event, Answer answer) implements QueueOutcome {}

    /// Refused, or queued before under the same key: nothing to journal.
    public record Answered(Answer answer) implements QueueOutcome {}

    /// Fetch these from the partitions and decide again.
    public record NeedsLookups(Set<Lookup> lookups) implements QueueOutcome {
        public NeedsLookups {
            lookups = Set.copyOf(lookups);
        }
    }

    /// Judges entries of the whole log.
    public static Judged judge(Following replica, HistoryId history, List<LogEntry> entries) {
        return judge(replica, history, Optional.empty(), entries);
    }

    /// Judges entries that HQ sent. Those already known are passed over: a repeated delivery does nothing; so are
    /// all that were asked for in another scope than that of what is held. Whether the chain can be checked that
    /// scope says, which is journaled, and nothing that was sent.
    ///
    /// @param location they were asked for as what is global and at this location; empty: as all
    public static Judged judge(
            Following replica, HistoryId history, Optional<LocationId> location, List<LogEntry> entries) {
        if (!history.equals(replica.history())) {
            return new Diverged("HQ's history is " + history + ", this replica follows " + replica.history());
        }
        if (!location.equals(replica.location())) {
            return new Fits(List.of());
        }
        var here = replica.place();
        if (entries.stream()
                .anyMatch(entry -> entry.place().equals(here) && !entry.chain().equals(replica.lastChain()))) {
            return new Diverged("version " + here + " came again with another chain");
        }
        var fresh =
                entries.stream().filter(entry -> entry.place().isAfter(here)).toList();
        var place = here;
        var chain = replica.lastChain();
        for (var entry : fresh) {
            if (!follows(entry, place)) {
                return new Diverged("version " + entry.place() + " came after " + place);
            }
            if (replica.location().isEmpty() && !chain.vouchesFor(entry)) {
                return new Diverged("the chain breaks at version " + entry.place());
            }
            place = entry.place();
            chain = entry.chain();
        }
        return new Fits(fresh);
    }

    /// What a page of HQ's state comes to.
    public sealed interface LoadOutcome {}

    /// The row to journal.
    public record Loads(ReplicaRound round) implements LoadOutcome {}

    /// It is not the page that is due: it came before, or nobody wants it any more.
    public record NotDue() implements LoadOutcome {}

    /// It is of a history that this replica does not follow, and nobody asked for another.
    public record OfAnotherHistory(String reason) implements LoadOutcome {}

    /// Judges a page of HQ's state. A first page is due while nothing has come down yet, or while a copy is wanted,
    /// also when one had begun to come in that HQ cannot go on with. The others are due in order. None is that is
    /// of another scope than the wanted one.
    public static LoadOutcome load(Following replica, LoadPage page, Instant now) {
        if (!page.location().equals(replica.copy().wanted())) {
            return new NotDue();
        }
        var begun = replica.load().flatMap(Load::begun);
        if (page.floor().isEmpty()) {
            return begun.filter(so -> isNext(so, page)).isPresent()
                    ? new Loads(loading(replica, begun.get(), page, Optional.empty(), now))
                    : new NotDue();
        }
        if (replica.load().isEmpty() && !replica.isNew()) {
            return new NotDue();
        }
        if (!page.history().equals(replica.history())
                && replica.load().filter(Load::asked).isEmpty()) {
            return new OfAnotherHistory(
                    "HQ's history is " + page.history() + ", this replica follows " + replica.history());
        }
        var floor = page.floor().get();
        return new Loads(loading(
                replica,
                Load.Begun.of(page.history(), floor),
                page,
                Optional.of(new LoadBegun(now, page.history(), floor)),
                now));
    }

    private static boolean isNext(Load.Begun begun, LoadPage page) {
        return begun.history().equals(page.history())
                && begun.floor().version().equals(page.version())
                && begun.after().equals(page.after());
    }

    private static ReplicaRound loading(
            Following replica, Load.Begun begun, LoadPage page, Optional<ReplicaEvent> first, Instant now) {
        var events = new ArrayList<ReplicaEvent>();
        first.ifPresent(events::add);
        events.add(new PageLoaded(now, page.objects()));
        if (!page.more()) {
            events.add(new Loaded(now, page.version()));
            var decided = after(replica, begun, page.objects()).decided();
            if (!decided.isEmpty()) {
                events.add(new OwnDecided(now, decided));
            }
        }
        return new ReplicaRound(events);
    }

    /// What is known of a copy after more of its objects. Of what waits here they say what HQ has recorded and
    /// decided.
    private static Load.Begun after(Following replica, Load.Begun begun, List<LoadedObject> objects) {
        var schema = objects.stream().filter(object -> object.type().isSchema());
        var recorded = objects.stream()
                .filter(object -> object.type().equals(StandardSchema.CHANGE_REQUEST))
                .filter(object -> isToBeKnown(replica, begun, object))
                .map(LoadedObject::object);
        return new Load.Begun(
                begun.history(),
                begun.floor(),
                objects.isEmpty()
                        ? begun.after()
                        : Optional.of(objects.getLast().object()),
                Stream.concat(begun.schema().stream(), schema).toList(),
                Stream.concat(begun.recorded().stream(), recorded).collect(Collectors.toSet()),
                Stream.concat(begun.decided().stream(), replica.own().decidedAmong(objects).stream())
                        .toList());
    }

    private static boolean isToBeKnown(Following replica, Load.Begun begun, LoadedObject object) {
        return replica.queue().find(new RequestId(object.object().text())).isPresent()
                ? RequestRecord.isRecordedIn(replica.epoch(), object.change())
                : isOfAnotherHistory(replica, begun)
                        && RequestRecord.isQueuedSince(
                                begun.floor().at().minus(RequestQueue.KEPT), replica.store(), object.change());
    }

    private static boolean isOfAnotherHistory(Following replica, Load.Begun begun) {
        return !begun.history().equals(replica.history());
    }

    /// Whether a page is the last of a copy of another history, in the place of a log that holds something:
    /// before it is taken, who keeps the store's requests looks for those that HQ has [#forgotten].
    public static boolean endsHistory(Following replica, LoadPage page) {
        return !page.more()
                && !page.history().equals(replica.history())
                && replica.head().isAfter(Version.NONE);
    }

    /// The store's own requests of the last 30 days that the log holds as recorded, and a copy that is about to
    /// be whole does not: as they are to wait again, in the order in which they were recorded. Their base is the
    /// copy's version, since HQ knows no later one. What HQ could not read it is not asked again.
    ///
    /// @param page the last of the copy
    /// @param held requests that the log holds
    public static List<QueuedRequest> forgotten(
            Following replica, LoadPage page, List<ChangeRequest> held, Instant now) {
        var begun = page.floor()
                .map(floor -> Load.Begun.of(page.history(), floor))
                .or(() -> replica.load().flatMap(Load::begun));
        if (begun.isEmpty()) {
            return List.of();
        }
        var known = after(replica, begun.get(), page.objects()).recorded();
        var since = now.minus(RequestQueue.KEPT);
        return held.stream()
                .filter(request -> request.store().equals(replica.store()))
                .filter(request -> !request.queuedAt().isBefore(since))
                .filter(request -> !known.contains(request.id().token())
                        && replica.queue().find(request.id()).isEmpty())
                .sorted(Comparator.comparingLong(ChangeRequest::epoch).thenComparingLong(ChangeRequest::sequence))
                .flatMap(request -> again(request, page.version()).stream())
                .toList();
    }

    private static Optional<QueuedRequest> again(ChangeRequest request, Version base) {
        try {
            var withdraws = request.details().withdraws();
            var operations =
                    withdraws.isPresent() ? List.<Operation>of() : ChangeRequestJson.operations(request.operations());
            return Optional.of(new QueuedRequest(
                    request.id(),
                    request.sequence(),
                    base,
                    operations,
                    Provenance.of(request.requester()).withReason(request.reason()),
                    request.details().role(),
                    "",
                    Map.of(),
                    request.queuedAt(),
                    withdraws));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The rows by which forgotten requests wait again: the last of them first, since each row puts its own
    /// before all that wait. However far it came, what was left out is found again by who looks again.
    public static List<ReplicaRound> queueAgain(Following replica, List<QueuedRequest> requests, Instant now) {
        var rows = new ArrayList<ReplicaRound>();
        var end = requests.size();
        while (end > 0) {
            var first = end - 1;
            var bytes = requests.get(first).weight();
            while (first > 0
                    && end - first < QUEUED_AGAIN
                    && bytes + requests.get(first - 1).weight() <= QUEUED_AGAIN_BYTES) {
                first--;
                bytes += requests.get(first).weight();
            }
            rows.add(ReplicaRound.of(
                    new RequestsQueuedAgain(now, replica.epoch() + rows.size() + 1, requests.subList(first, end))));
            end = first;
        }
        return rows;
    }

    /// Whether nothing is missing between what is held and an entry. The end of a version comes when all of its
    /// steps are there; of a void one, that is none.
    private static boolean follows(LogEntry entry, LogPlace held) {
        return entry.version().equals(held.version().next())
                && switch (entry.part()) {
                    case LogEntry.Part.Whole whole -> held.steps() == 0;
                    case LogEntry.Part.Step(var number) -> number == held.steps() + 1 && !entry.isVoid();
                    case LogEntry.Part.End(var steps) ->
                        steps == held.steps()
                                && (!entry.isVoid() || steps == 0)
                                && entry.changes().isEmpty();
                };
    }

    /// Decides whether a write made at the store may be queued. It is judged by the schema and by what the store
    /// knows; HQ judges it again when it applies it.
    ///
    /// @param names a token for each temporary name of the write
    public static QueueOutcome queue(
            Following replica,
            Fetched fetched,
            Write write,
            Map<String, ObjectToken> names,
            RequestId id,
            int maxQueued,
            Instant now) {
        var key = IdempotencyKey.of(write.provenance());
        var before = key.flatMap(known -> replica.queue().answer(known, now));
        if (before.isPresent()) {
            return new Answered(repeated(replica, before.get(), write.digest()));
        }
        var full = full(replica.queue(), maxQueued);
        if (full.isPresent()) {
            return new Answered(full.get());
        }
        var round = fetched.begin();
        var operations = TemporaryNames.resolve(
                write.operations(), names, replica.schemas().now());
        named(operations, replica)
                .forEach(token -> replica.queue().making(token).ifPresent(type -> round.assume(token, type)));
        if (operations.stream().anyMatch(ReplicaDecider::isOfSchema)) {
            return new Answered(Answer.refuse(new Refusal.HqOnly(), replica.head()));
        }
        var met = Preconditions.check(operations, write.ifVersion(), replica.head(), round);
        var judgement = WriteJudge.judge(operations, names, basis(replica), round);
        var missing = new HashSet<Lookup>();
        if (met instanceof Preconditions.Lacking(var lookups)) {
            missing.addAll(lookups);
        }
        if (judgement instanceof WriteJudge.Lacking(var lookups)) {
            missing.addAll(lookups);
        }
        if (!missing.isEmpty()) {
            return new NeedsLookups(missing);
        }
        if (met instanceof Preconditions.Failed(var changed)) {
            return new Answered(Answer.refuse(new Refusal.PreconditionFailed(changed), replica.head()));
        }
        if (judgement instanceof WriteJudge.Unsound(var violations, var count)) {
            return new Answered(Answer.refuse(
                    new Refusal.Violations(TemporaryNames.unresolve(violations, names), count), replica.head()));
        }
        var bytes = WriteJson.write(operations).toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > StandardSchema.BOOKKEEPING_BYTES) {
            return new Answered(Answer.refuse(
                    new Refusal.TooLarge("change request", StandardSchema.BOOKKEEPING_BYTES), replica.head()));
        }
        var request = new QueuedRequest(
                id,
                replica.queue().last() + 1,
                replica.head(),
                operations,
                write.provenance(),
                write.role(),
                write.digest(),
                names,
                now.truncatedTo(ChronoUnit.MILLIS),
                Optional.empty());
        var own = own(replica, round, operations);
        return new Accepted(
                new RequestQueued(request, own),
                new Answer.Queued(id, Status.QUEUED, names, replica.head(), false, own.map(LocalChange::number)));
    }

    /// What a sound write comes to at once, if all of it is the store's own. An object that only a queued request
    /// makes is not there yet.
    private static Optional<LocalChange> own(Following replica, Fetched.Round round, List<Operation> operations) {
        var schema = replica.schemas().now();
        var ownership = new Ownership(
                schema,
                replica.store(),
                token -> replica.queue().making(token).isEmpty()
                                && round.head(token).orElse(ObjectState.unknown()) instanceof ObjectState.Live live
                        ? Optional.of(live.type())
                        : Optional.empty());
        return ownership.isOwn(operations) && isHeldHere(replica, operations)
                ? Optional.of(
                        new LocalChange(replica.own().last() + 1, replica.head(), LocalEdits.of(operations, schema)))
                : Optional.empty();
    }

    /// Whether all slots are of the scope that the store holds: what is laid over others would fall, and nothing
    /// stand.
    private static boolean isHeldHere(Following replica, List<Operation> operations) {
        var scope = Scope.of(replica.location());
        return replica.location().isEmpty()
                || operations.stream()
                        .flatMap(operation -> operation instanceof Operation.Put put
                                ? Stream.concat(
                                        put.set().stream().map(Operation.Setting::slot),
                                        put.unset().stream().map(Operation.Unsetting::slot))
                                : Stream.empty())
                        .allMatch(slot -> scope.covers(slot.location()));
    }

    /// The answer where no request is taken any more until HQ has recorded some.
    private static Optional<Answer> full(RequestQueue queue, int maxQueued) {
        if (queue.size() >= maxQueued) {
            return Optional.of(new Answer.Busy("queued change requests", maxQueued));
        }
        return queue.weight() >= MAX_QUEUED_BYTES
                ? Optional.of(new Answer.Busy("bytes of queued change requests", MAX_QUEUED_BYTES))
                : Optional.empty();
    }

    /// The objects that operations are about or refer to.
    private static Stream<ObjectToken> named(List<Operation> operations, Following replica) {
        var schema = replica.schemas().now();
        return operations.stream()
                .flatMap(operation -> Stream.concat(
                        Stream.of(operation.object().text()),
                        operation instanceof Operation.Put put
                                ? put.set().stream()
                                        .filter(setting -> schema.isReference(
                                                setting.slot().definition()))
                                        .flatMap(setting -> setting.value() instanceof Literal.Text(var text)
                                                ? Stream.of(text)
                                                : Stream.empty())
                                : Stream.empty()))
                .filter(ObjectToken::isToken)
                .map(ObjectToken::new);
    }

    /// Decides whether a request may be asked back. That is a request like any other: HQ may have decided
    /// meanwhile.
    ///
    /// @param role the caller's
    public static QueueOutcome withdraw(
            Following replica,
            Fetched fetched,
            RequestId target,
            Provenance provenance,
            Optional<String> role,
            RequestId id,
            int maxQueued,
            Instant now) {
        var before = replica.queue().withdrawalOf(target);
        if (before.isPresent()) {
            return new Answered(new Answer.Queued(before.get(), Status.QUEUED, Map.of(), replica.head(), true));
        }
        var refusal = replica.queue().find(target).isPresent()
                ? Optional.<QueueOutcome>empty()
                : undecidable(replica, fetched.begin(), target);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var full = full(replica.queue(), maxQueued);
        if (full.isPresent()) {
            return new Answered(full.get());
        }
        var request = new QueuedRequest(
                id,
                replica.queue().last() + 1,
                replica.head(),
                List.of(),
                provenance.withKey(Optional.empty()), // a repeated one is known by what it withdraws
                role,
                "",
                Map.of(),
                now.truncatedTo(ChronoUnit.MILLIS),
                Optional.of(target));
        return new Accepted(
                new RequestQueued(request), new Answer.Queued(id, Status.QUEUED, Map.of(), replica.head(), false));
    }

    /// Why a recorded request cannot be asked back, or what must be known to tell.
    private static Optional<QueueOutcome> undecidable(Following replica, Fetched.Round round, RequestId target) {
        var head = round.head(target.token());
        if (head.isEmpty()) {
            return Optional.of(new NeedsLookups(Set.of(new Lookup.Head(target.token()))));
        }
        var known = head.get() instanceof ObjectState.Live(var type, var rows, var changed)
                        && type.equals(StandardSchema.CHANGE_REQUEST)
                ? RequestRecord.find(target.token(), rows)
                        .filter(request -> request.store().equals(replica.store()))
                : Optional.<ChangeRequest>empty();
        if (known.isEmpty()) {
            return Optional.of(new Answered(Answer.refuse(new Refusal.UnknownRequest(), replica.head())));
        }
        var request = known.get();
        return request.status().isUndecided()
                ? Optional.empty()
                : Optional.of(new Answered(Answer.refuse(
                        new Refusal.AlreadyDecided(
                                request.status(), request.version().orElse(Version.NONE)),
                        replica.head())));
    }

    /// What the objects of a catalog may be is HQ's to say.
    private static boolean isOfSchema(Operation operation) {
        return operation.object() instanceof ObjectRef.Known(var token) && token.isOfSchema()
                || operation instanceof Operation.Put put
                        && put.type().filter(TypeName::isSchema).isPresent();
    }

    private static WriteJudge.Basis basis(Following replica) {
        return new WriteJudge.Basis(replica.schemas().now(), replica.schemas().objectsNow(), name -> true);
    }

    private static Answer repeated(Following replica, RequestQueue.KeptAnswer kept, String digest) {
        return kept.digest().equals(digest)
                ? new Answer.Queued(
                        kept.id(),
                        Status.QUEUED,
                        kept.names(),
                        replica.head(),
                        true,
                        replica.own().number(kept.id()))
                : Answer.refuse(new Refusal.KeyReused(), replica.head());
    }

    /// What to journal where HQ does not take what was offered to it; empty: the store is in another epoch by
    /// then, or HQ only waits for what it was not sent yet. After one that was made by itself the requests that
    /// HQ has not recorded are offered again, all of them.
    ///
    /// @param offered the epoch that they were offered in
    /// @param known the epoch that HQ knows
    /// @param gapAfter the last that HQ has, if it lacks those between that and what was offered
    public static Optional<EpochOpened> openEpoch(
            Following replica, long offered, long known, Optional<Long> gapAfter, Instant now) {
        var next = Math.max(replica.epoch(), known) + 1;
        if (offered != replica.epoch() || next < 1 || next > Value.MAX_INTEGER) {
            return Optional.empty();
        }
        return gapAfter.isEmpty() || hasForgotten(replica.queue(), gapAfter.get())
                ? Optional.of(new EpochOpened(now, next))
                : Optional.empty();
    }

    /// Whether HQ lacks what it had recorded once: all before the first that waits.
    private static boolean hasForgotten(RequestQueue queue, long recorded) {
        return queue.next(0, 1).stream().anyMatch(first -> first.sequence() > recorded + 1);
    }

    /// The epoch to go on in with an enrolment; empty: with the one that the store is in, which is no older.
    public static Optional<Long> enrolledEpoch(Replica replica, StoreId store, long epoch) {
        return replica instanceof Following following && following.store().equals(store) && following.epoch() >= epoch
                ? Optional.empty()
                : Optional.of(epoch);
    }

    /// The row to journal for what fits: with it fall the own writes that HQ decides in it.
    public static ReplicaRound follow(Following replica, List<LogEntry> entries, Instant now) {
        var followed = new Followed(now, entries);
        var decided = replica.own().decidedIn(entries);
        return decided.isEmpty() ? ReplicaRound.of(followed) : ReplicaRound.of(followed, new OwnDecided(now, decided));
    }

    /// The state after a journal row.
    public static Replica evolve(Replica replica, ReplicaRound round) {
        var state = at(replica, replica.position().next());
        for (var event : round.events()) {
            state = evolve(state, event);
        }
        return state;
    }

    private static Replica evolve(Replica replica, ReplicaEvent event) {
        return switch (event) {
            case Opened opened -> replica;
            case Enrolled enrolled -> enrolled(replica, enrolled);
            case Followed followed -> followed(following(replica), followed.entries());
            case Repartitioned(var at, var generation, var partitions) ->
                following(replica).with(following(replica).partitions().switchedTo(generation, partitions));
            case RequestQueued(var request, var own) -> queued(following(replica), request, own);
            case OwnDecided(var at, var decided) ->
                following(replica)
                        .with(
                                following(replica).own().without(decided),
                                decided.stream()
                                        .flatMap(end -> end.objects().stream())
                                        .collect(Collectors.toSet()));
            case CopyAsked asked ->
                following(replica).with(following(replica).copy().next().asAsked());
            case ScopeAsked(var at, var location) -> scoped(following(replica), location);
            case LoadBegun(var at, var history, var floor) -> begun(following(replica), history, floor);
            case PageLoaded(var at, var objects) -> loaded(following(replica), objects);
            case Loaded loaded -> following(replica).whole(begun(following(replica)));
            case EpochOpened(var at, var epoch) ->
                epoch > following(replica).epoch()
                        ? following(replica).inEpoch(following(replica).store(), epoch)
                        : replica;
            case RequestsQueuedAgain(var at, var epoch, var requests) ->
                following(replica).queuedAgain(requests, epoch);
            case RequestsOffered offered ->
                following(replica).with(following(replica).queue().offeredUpTo(offered.sequence()));
        };
    }

    /// What a store is to hold of the catalog, where that is not so, or not on its way, already.
    public static Optional<ReplicaEvent> scope(Following replica, Optional<LocationId> location, Instant now) {
        return replica.copy().wanted().equals(location) ? Optional.empty() : Optional.of(new ScopeAsked(now, location));
    }

    private static Following scoped(Following replica, Optional<LocationId> location) {
        return replica.isNew() && replica.load().isEmpty()
                ? replica.with(new Copy(Optional.empty(), Optional.empty(), location))
                : replica.with(replica.copy().wanting(location));
    }

    private static Following begun(Following replica, HistoryId history, Floor floor) {
        return replica.having(new LoadPart(true, List.of(), Optional.empty()), Load.Begun.of(history, floor));
    }

    private static Following loaded(Following replica, List<LoadedObject> objects) {
        return replica.having(new LoadPart(false, objects, Optional.empty()), after(replica, begun(replica), objects));
    }

    private static Load.Begun begun(Following replica) {
        return replica.load()
                .flatMap(Load::begun)
                .orElseThrow(() -> new IllegalStateException("replica " + replica.id() + ": a page of no copy"));
    }

    private static Following queued(Following replica, QueuedRequest request, Optional<LocalChange> own) {
        var queued = replica.with(replica.queue().plus(request));
        return own.map(change -> queued.with(queued.own().plus(request.id(), change), change.objects()))
                .orElse(queued);
    }

    private static Replica enrolled(Replica replica, Enrolled event) {
        return switch (replica) {
            case Replica.Unenrolled unenrolled ->
                new Following(
                        unenrolled.id(),
                        unenrolled.position(),
                        event.store(),
                        event.history(),
                        event.epoch(),
                        Version.NONE,
                        ChainHash.origin(unenrolled.id(), event.history()),
                        PartitionMap.single(),
                        LogIndex.EMPTY,
                        RequestQueue.EMPTY,
                        SchemaHistory.EMPTY);
            case Following now -> now.inEpoch(event.store(), event.epoch());
        };
    }

    private static Following followed(Following replica, List<LogEntry> entries) {
        var state = replica.with(recorded(replica, entries)).indexed(entries);
        for (var entry : entries) {
            state = followed(state, entry);
        }
        return state;
    }

    private static Following followed(Following replica, LogEntry entry) {
        return switch (entry.part()) {
            case LogEntry.Part.Whole whole ->
                replica.after(entry, replica.schemas().after(entry));
            case LogEntry.Part.Step step ->
                replica.with(replica.staged()
                        .orElseGet(() -> new StagedVersion(entry.version(), 0, replica.chain(), replica.schemas()))
                        .after(entry));
            case LogEntry.Part.End end ->
                replica.after(
                        entry, replica.staged().map(StagedVersion::schemas).orElse(replica.schemas()));
        };
    }

    /// A request is recorded when its own record has come down with the epoch it is numbered in, and by no other
    /// sign: a sequence alone may be that of another request, which a store gave out before it was restored from a
    /// backup.
    private static RequestQueue recorded(Following replica, List<LogEntry> entries) {
        var records = entries.stream()
                .flatMap(entry -> entry.changes().stream())
                .filter(change -> RequestRecord.isRecordedIn(replica.epoch(), change))
                .map(ObjectChange::object)
                .collect(Collectors.toSet());
        return records.isEmpty() ? replica.queue() : replica.queue().recorded(records);
    }

    private static Following following(Replica replica) {
        if (replica instanceof Following following) {
            return following;
        }
        throw new IllegalStateException("replica " + replica.id() + ": an event before its enrolment");
    }

    private static Replica at(Replica replica, Position position) {
        return switch (replica) {
            case Replica.Unenrolled unenrolled -> new Replica.Unenrolled(unenrolled.id(), position);
            case Following now -> now.at(position);
        };
    }
}
