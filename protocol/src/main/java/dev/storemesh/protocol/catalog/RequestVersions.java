package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.catalog.CatalogEvent.WriteAccepted;
import dev.storemesh.protocol.catalog.Outcome.Accepted;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Lookup;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.WriteJudge;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one command about change requests does: versions of one journal row, each over what those before it left. It
/// reads by what was fetched; what is missing it notes, answers as if it were not there, and asks for in the end,
/// instead of an outcome.
final class RequestVersions {
    private static final Comparator<ChangeRequest> ORDER =
            Comparator.comparingLong(ChangeRequest::epoch).thenComparingLong(ChangeRequest::sequence);

    private final Fetched.Round round;
    private final Instant now;
    private final Set<Lookup> missing = new HashSet<>();
    private final List<CatalogEvent> events = new ArrayList<>();
    private final Set<ObjectToken> changed = new LinkedHashSet<>(); // of the requests: by this round, so far
    private Catalog.Made catalog;

    RequestVersions(Catalog.Made catalog, Fetched.Round round, Instant now) {
        this.catalog = catalog;
        this.round = round.fork();
        this.now = now;
        round.changed().forEach((token, state) -> {
            if (state instanceof ObjectState.Live live && live.type().equals(StandardSchema.CHANGE_REQUEST)) {
                changed.add(token);
            }
        });
    }

    /// The answer if all was known that had to be.
    Outcome outcome(Answer answer) {
        return missing.isEmpty() ? new Accepted(events, answer) : new NeedsLookups(missing);
    }

    /// What was missing so far; empty: nothing.
    Optional<Outcome> lacking() {
        return missing.isEmpty() ? Optional.empty() : Optional.of(new NeedsLookups(missing));
    }

    Version head() {
        return catalog.head();
    }

    Schema schema() {
        return catalog.schemas().now();
    }

    /// When the next version is.
    Instant nextAt() {
        return CatalogDecider.timeAfter(catalog, now);
    }

    /// Makes these changes the next version.
    Version write(Provenance provenance, List<ObjectChange> changes) {
        var keyless = provenance.withKey(Optional.empty()); // repeats are known by the request's id, not by a key
        var entry = CatalogDecider.next(catalog, keyless, changes, now);
        var event = new WriteAccepted(entry, Map.of(), "");
        if (CatalogDecider.evolve(catalog, event) instanceof Catalog.Made made) {
            catalog = made;
        }
        round.accept(entry, Optional.empty());
        changes.stream()
                .filter(change -> change.type().equals(StandardSchema.CHANGE_REQUEST))
                .forEach(change -> changed.add(change.object()));
        events.add(event);
        return entry.version();
    }

    // Reading

    /// The object as it stands.
    ObjectState state(ObjectToken token) {
        var head = round.head(token);
        if (head.isEmpty()) {
            missing.add(new Lookup.Head(token));
        }
        return head.orElse(ObjectState.unknown());
    }

    boolean isUnknown(ObjectToken token) {
        return state(token) instanceof ObjectState.Unknown;
    }

    List<Row> rows(ObjectToken token) {
        return state(token) instanceof ObjectState.Live live ? live.rows() : List.of();
    }

    /// The object as it was at `version`; where it did not change since, as it stands.
    ObjectState state(ObjectToken token, Version version) {
        var head = state(token);
        if (!head.changed().isAfter(version)) {
            return head;
        }
        var lookup = new Lookup.AsOf(token, version);
        var past = round.past(lookup);
        if (past.isEmpty()) {
            missing.add(lookup);
        }
        return past.orElse(ObjectState.unknown());
    }

    Optional<ChangeRequest> request(RequestId id) {
        return state(id.token()) instanceof ObjectState.Live(var type, var rows, var changed)
                        && type.equals(StandardSchema.CHANGE_REQUEST)
                ? Optional.of(RequestRecord.read(id.token(), rows))
                : Optional.empty();
    }

    /// The last of a store's undecided requests that touches an object.
    Optional<ChangeRequest> lastOf(StoreId store, ObjectToken touched) {
        return holding(
                        RequestRecord.TOUCHES,
                        new Value.Text(touched.text()),
                        request -> request.status().isUndecided()
                                && request.store().equals(store))
                .stream()
                .reduce((first, second) -> second);
    }

    /// The requests that one waits for: the last of its store, when it came, that touched each of its objects.
    List<ChangeRequest> before(ChangeRequest request) {
        return request.details().waitsFor().stream()
                .flatMap(id -> request(id).stream())
                .toList();
    }

    /// The undecided requests that must be decided before one, and before those: about as many as `most`, at most,
    /// since each takes a look-up of its own.
    List<ChangeRequest> undecidedBefore(ChangeRequest request, int most) {
        var all = new LinkedHashMap<RequestId, ChangeRequest>();
        var next = new ArrayDeque<>(List.of(request));
        while (!next.isEmpty() && all.size() < most) {
            before(next.remove()).stream()
                    .filter(before -> before.status().isUndecided())
                    .filter(before -> all.putIfAbsent(before.id(), before) == null)
                    .forEach(next::add);
        }
        return List.copyOf(all.values());
    }

    /// The undecided requests that wait for another, in order.
    List<ChangeRequest> waitingFor(RequestId id) {
        return holding(
                RequestRecord.WAITS_FOR,
                new Value.Text(id.text()),
                request -> request.status().isUndecided());
    }

    /// Whether a version carried out a request of this store.
    boolean isOf(StoreId store, Version version) {
        return !holding(
                        RequestRecord.APPLIED_IN,
                        new Value.Whole(version.number()),
                        request -> request.store().equals(store))
                .isEmpty();
    }

    private List<ChangeRequest> holding(DefinitionName definition, Value value, Predicate<ChangeRequest> wanted) {
        var lookup = new Lookup.Holders(definition, value);
        var before = round.set(lookup);
        if (before.isEmpty()) {
            missing.add(lookup);
        }
        return Stream.concat(before.orElse(Set.of()).stream(), changed.stream())
                .distinct()
                .filter(token -> holds(state(token), definition, value))
                .flatMap(token -> request(new RequestId(token.text())).stream())
                .filter(wanted)
                .sorted(ORDER)
                .toList();
    }

    private static boolean holds(ObjectState state, DefinitionName definition, Value value) {
        return state instanceof ObjectState.Live(var type, var rows, var changed)
                && type.equals(StandardSchema.CHANGE_REQUEST)
                && rows.stream()
                        .anyMatch(row -> row.attribute().definition().equals(definition)
                                && row.attribute().value().equals(value));
    }

    /// What operations would do, or what is wrong with them; empty: cannot tell yet.
    Optional<WriteJudge.Judgement> judge(List<Operation> operations) {
        var basis = new WriteJudge.Basis(schema(), catalog.schemas().objectsNow(), name -> true);
        var judgement = WriteJudge.judge(operations, Map.of(), basis, round);
        if (judgement instanceof WriteJudge.Lacking(var lookups)) {
            missing.addAll(lookups);
            return Optional.empty();
        }
        return Optional.of(judgement);
    }

    // Operations

    /// The objects that operations are about.
    static Set<ObjectToken> touched(List<Operation> operations) {
        return operations.stream()
                .flatMap(operation ->
                        operation.object() instanceof ObjectRef.Known(var token) ? Stream.of(token) : Stream.empty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The objects that operations refer to and that are not there: somebody may be about to make them.
    Stream<ObjectToken> awaited(List<Operation> operations) {
        return operations.stream()
                .flatMap(operation ->
                        operation instanceof Operation.Put put ? put.set().stream() : Stream.<Operation.Setting>empty())
                .filter(setting -> schema().isReference(setting.slot().definition()))
                .flatMap(setting ->
                        setting.value() instanceof Literal.Text(var text) ? Stream.of(text) : Stream.<String>empty())
                .filter(ObjectToken::isToken)
                .map(ObjectToken::new)
                .filter(this::isUnknown);
    }
}
