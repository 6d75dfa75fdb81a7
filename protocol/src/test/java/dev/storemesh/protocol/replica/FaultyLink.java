package dev.storemesh.protocol.replica;

import static dev.storemesh.protocol.Samples.DEMO;
import static dev.storemesh.protocol.Samples.HISTORY;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.NOTE;
import static dev.storemesh.protocol.Samples.PRICE;
import static dev.storemesh.protocol.Samples.STORE;
import static dev.storemesh.protocol.Samples.cents;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.make;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogCommand.Approve;
import dev.storemesh.protocol.catalog.CatalogCommand.RecordRequests;
import dev.storemesh.protocol.catalog.CatalogCommand.Reject;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.replica.Replica.Following;
import dev.storemesh.protocol.replica.ReplicaDecider.Accepted;
import dev.storemesh.protocol.replica.ReplicaDecider.Answered;
import dev.storemesh.protocol.replica.ReplicaDecider.Diverged;
import dev.storemesh.protocol.replica.ReplicaDecider.Fits;
import dev.storemesh.protocol.replica.ReplicaDecider.NeedsLookups;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// HQ and one store, without actors, and what is on its way between them: any message may come late, twice, after
/// one that was sent later, or never. The store stops and starts again, and enrols anew.
///
/// As in the real link, the store asks for what comes after the version it has, and offers what is due; what it
/// learned from answers it forgets when it stops.
final class FaultyLink {
    private static final int KEPT = 8; // messages on their way, each direction
    private static final List<String> ITEMS = List.of("tea", "milk", "salt");

    private final CatalogBench hq = CatalogBench.made();
    private final SplittableRandom random;
    private final Map<RequestId, Literal> asked = new HashMap<>(); // the value that only this request asks for
    private final List<RequestId> order = new ArrayList<>();
    private final List<Slice> down = new ArrayList<>();
    private final List<Offer> up = new ArrayList<>();
    private final List<Told> answers = new ArrayList<>();
    private PartitionContents partition = PartitionContents.of(PartitionImage.EMPTY);
    private Replica replica = Replica.unenrolled(DEMO);
    private int followed; // entries of HQ's log
    private long recordedUpTo; // as HQ's answers said since the last start
    private long epoch; // of the last enrolment: the store may have passed it
    private Optional<Backup> backup = Optional.empty();
    private final Set<RequestId> forgotten = new HashSet<>(); // by a restored store: HQ may have them, or nobody

    /// Entries of HQ's log by their places in it.
    private record Slice(int from, int to) {}

    private record Offer(long epoch, List<OfferedRequest> requests) {
        long last() {
            return requests.getLast().sequence();
        }
    }

    /// HQ has recorded so much of this epoch.
    private record Told(long epoch, long sequence) {}

    /// The store as it was once.
    private record Backup(Replica replica, PartitionImage partition, int followed, int asked) {}

    FaultyLink(long seed) {
        random = new SplittableRandom(seed);
        var type = StandardSchema.CONSTRAINT;
        hq.write(make(
                "sys.own-note",
                type,
                set(StandardSchema.name(type, "name"), text("acme.own_notes")),
                set(StandardSchema.name(type, "kind"), text("authority")),
                set(StandardSchema.name(type, "definition"), text(NOTE.text())),
                set(StandardSchema.name(type, "authority"), text("store"))));
        ITEMS.forEach(name -> hq.write(item(name, set(PRICE, cents(1)))));
        enrol();
        settle();
    }

    private boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private Following store() {
        return (Following) replica;
    }

    private void journal(ReplicaEvent event) {
        var round = ReplicaRound.of(event);
        replica = ReplicaDecider.evolve(replica, round);
        partition.apply(round.row(replica.position()));
    }

    /// What happens next.
    void step() {
        var dice = random.nextInt(100);
        if (dice < 20) {
            ask();
        } else if (dice < 28) {
            edit();
        } else if (dice < 38) {
            decide();
        } else if (dice < 52) {
            poll();
        } else if (dice < 66) {
            offer();
        } else if (dice < 78) {
            deliverDown();
        } else if (dice < 90) {
            deliverUp();
        } else if (dice < 96) {
            deliverAnswer();
        } else if (dice < 99) {
            restart();
        } else if (percent(40)) {
            enrol();
        } else if (percent(50)) {
            backup = Optional.of(new Backup(replica, partition.image(), followed, order.size()));
        } else {
            backup.ifPresent(this::restore);
        }
    }

    // People

    private void ask() {
        var number = order.size() + 1;
        var own = percent(40);
        Literal value = own ? text("note " + number) : cents(1000 + number);
        var id = RequestId.ofUlid("%026d".formatted(number));
        if (queue(id, change(one(ITEMS), set("store-1", own ? NOTE : PRICE, value)))) {
            asked.put(id, value);
            order.add(id);
        }
    }

    private boolean queue(RequestId id, Operation operation) {
        var write = new Write(List.of(operation), Provenance.of("clerk"), id.text(), Optional.empty());
        var fetched = Fetched.NOTHING;
        for (var tries = 0; tries < 5; tries++) {
            switch (ReplicaDecider.queue(store(), fetched, write, Map.of(), id, 1_000, NOON)) {
                case NeedsLookups(var lookups) -> fetched = fetched.and(partition.fetch(lookups));
                case Answered(var answer) -> {
                    return false;
                }
                case Accepted(var event, var answer) -> {
                    journal(event);
                    return true;
                }
            }
        }
        throw new AssertionError("the decider asks for look-ups without end");
    }

    private void edit() {
        var value = cents(1 + random.nextInt(900));
        hq.write(change(one(ITEMS), percent(50) ? set(PRICE, value) : set("store-1", PRICE, value)));
    }

    private void decide() {
        var undecided = order.stream()
                .flatMap(id -> recorded(id).stream())
                .filter(request -> request.status().isUndecided())
                .toList();
        if (!undecided.isEmpty()) {
            var id = one(undecided).id();
            hq.run(
                    percent(70)
                            ? new Approve(id, Optional.of(hq.head()), Provenance.of("boss"))
                            : new Reject(id, Provenance.of("boss")));
        }
    }

    // The link

    private void enrol() {
        ReplicaDecider.enrolledEpoch(replica, STORE, ++epoch).ifPresent(this::enrol);
    }

    private void enrol(long as) {
        journal(new ReplicaEvent.Enrolled(NOON, STORE, HISTORY, as));
        recordedUpTo = 0;
    }

    /// What it posted before may still arrive.
    private void restore(Backup from) {
        forgotten.addAll(order.subList(from.asked(), order.size()));
        replica = from.replica();
        partition = PartitionContents.of(from.partition());
        followed = from.followed();
        restart();
    }

    private void restart() {
        partition = PartitionContents.of(partition.image());
        recordedUpTo = 0;
        down.clear(); // answers die with who asked for them; what was posted may still arrive
        answers.clear();
        journal(new ReplicaEvent.Opened(NOON));
    }

    private void poll() {
        var length = hq.log().size();
        if (followed < length) {
            keep(down, new Slice(followed, Math.min(length, followed + 1 + random.nextInt(4))));
        }
    }

    private void offer() {
        var due = store().queue().next(recordedUpTo, 1 + random.nextInt(3));
        if (due.isEmpty()) {
            return;
        }
        if (due.getLast().sequence() > store().queue().offered()) {
            journal(new ReplicaEvent.RequestsOffered(NOON, due.getLast().sequence()));
        }
        var array = JsonNodeFactory.instance.arrayNode();
        due.forEach(request -> array.add(ChangeRequestJson.offer(request)));
        var body = Json.object().set("requests", array);
        keep(up, new Offer(store().epoch(), ChangeRequestJson.offered(Fields.of(Json.parse(Json.bytes(body))))));
    }

    /// The oldest is lost where too many are on their way.
    private static <T> void keep(List<T> messages, T message) {
        messages.add(message);
        if (messages.size() > KEPT) {
            messages.removeFirst();
        }
    }

    /// Any of them; it may come again.
    private <T> Optional<T> any(List<T> messages) {
        if (messages.isEmpty()) {
            return Optional.empty();
        }
        var place = random.nextInt(messages.size());
        return Optional.of(percent(35) ? messages.get(place) : messages.remove(place));
    }

    private void deliverDown() {
        any(down).ifPresent(this::follow);
    }

    private void follow(Slice slice) {
        switch (ReplicaDecider.judge(store(), HISTORY, read(slice))) {
            case Diverged(var reason) -> throw new AssertionError("the store takes HQ's log for another: " + reason);
            case Fits(var entries) when entries.isEmpty() -> {}
            case Fits(var entries) -> {
                journal(new ReplicaEvent.Followed(NOON, entries));
                followed = slice.to();
            }
        }
    }

    /// As a link reads them: what the store holds already it knows, the rest comes as JSON.
    private List<LogEntry> read(Slice slice) {
        var schemas = store().schemas();
        var entries = new ArrayList<LogEntry>();
        for (var i = slice.from(); i < slice.to(); i++) {
            var entry = hq.log().get(i);
            if (i >= followed) {
                entry = Samples.reread(entry, schemas);
                schemas = schemas.after(entry);
            }
            entries.add(entry);
        }
        return entries;
    }

    private void deliverUp() {
        any(up).ifPresent(this::record);
    }

    private void record(Offer offer) {
        var answer = hq.run(new RecordRequests(STORE, offer.epoch(), offer.requests(), Provenance.of("store-1")));
        switch (answer) {
            case Answer.Recorded(var version, var at, var sequence) ->
                keep(answers, new Told(offer.epoch(), Math.min(sequence, offer.last())));
            case Answer.Refused(Refusal.SequenceGap(var at, var sequence), var version) -> {
                keep(answers, new Told(offer.epoch(), sequence));
                refused(offer, at, Optional.of(sequence));
            }
            case Answer.Refused(Refusal.StaleEpoch(var at, var sequence), var version) ->
                refused(offer, at, Optional.empty());
            default -> throw new AssertionError("HQ answered an offer with " + answer);
        }
    }

    private void refused(Offer offer, long known, Optional<Long> gapAfter) {
        ReplicaDecider.openEpoch(store(), offer.epoch(), known, gapAfter, NOON).ifPresent(event -> {
            journal(event);
            recordedUpTo = 0;
        });
    }

    private void deliverAnswer() {
        any(answers).ifPresent(this::told); // also one that is long past
    }

    private void told(Told told) {
        if (told.epoch() == store().epoch()) {
            recordedUpTo = told.sequence();
        }
    }

    // The end

    /// Delivers what is on its way, and all that is still to be said, in order.
    void settle() {
        while (!up.isEmpty()) {
            record(up.remove(random.nextInt(up.size())));
        }
        down.clear();
        answers.clear();
        recordedUpTo = 0;
        for (var tries = 0; !store().queue().unrecorded().isEmpty(); tries++) {
            assertThat(tries).as("rounds to empty the queue").isLessThan(1_000);
            offer();
            up.forEach(this::record);
            up.clear();
            answers.forEach(this::told);
            answers.clear();
            followAll();
        }
        followAll();
    }

    private void followAll() {
        if (followed < hq.log().size()) {
            follow(new Slice(followed, hq.log().size()));
        }
    }

    /// What must be true when all was said.
    void check() {
        assertThat(store().head()).isEqualTo(hq.head());
        assertThat(store().chain()).isEqualTo(hq.standing().chain());
        assertThat(partition.objects().image())
                .isEqualTo(hq.partition().objects().image());
        assertThat(store().queue().unrecorded()).isEmpty();
        var recorded = recordedInOrder();
        var kept = order.stream()
                .filter(id -> !forgotten.contains(id) || recorded.contains(id))
                .toList();
        assertThat(recorded).as("requests as HQ recorded them").isEqualTo(kept);
        for (var id : kept) {
            var request = recorded(id).orElseThrow(() -> new AssertionError(id + " is lost"));
            assertThat(effects(id))
                    .as(id + ", which is " + request.status())
                    .isEqualTo(request.status() == Status.APPROVED ? 1 : 0);
        }
    }

    /// Each as often as it was made.
    private List<RequestId> recordedInOrder() {
        return hq.log().stream()
                .flatMap(entry -> entry.changes().stream())
                .filter(change -> change.type().equals(StandardSchema.CHANGE_REQUEST)
                        && change.set().stream()
                                .anyMatch(attribute -> attribute
                                        .definition()
                                        .equals(StandardSchema.name(StandardSchema.CHANGE_REQUEST, "operations"))))
                .map(change -> new RequestId(change.object().text()))
                .toList();
    }

    private long effects(RequestId id) {
        var value = asked.get(id);
        return hq.log().stream()
                .flatMap(entry -> entry.changes().stream())
                .filter(change -> !change.type().equals(StandardSchema.CHANGE_REQUEST))
                .flatMap(change -> change.set().stream())
                .filter(attribute -> attribute.value().literal().equals(value))
                .count();
    }

    private Optional<ChangeRequest> recorded(RequestId id) {
        return hq.partition()
                .objects()
                .object(id.token(), hq.head(), Scope.all())
                .map(ObjectView.Live::rows)
                .map(rows -> RequestRecord.read(id.token(), rows));
    }
}
