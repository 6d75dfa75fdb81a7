package dev.storemesh.protocol.change;

import static dev.storemesh.protocol.schema.StandardSchema.CHANGE_REQUEST;
import static dev.storemesh.protocol.schema.StandardSchema.STORE_SEQUENCE;

import dev.storemesh.protocol.change.ChangeRequest.Comment;
import dev.storemesh.protocol.change.ChangeRequest.Decision;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.value.Value.Text;
import dev.storemesh.protocol.value.Value.Whole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Change requests and stores' sequences as objects of the catalog, at their store's location: so their history,
/// paging and way down to the stores are those of any object.
public final class RequestRecord {
    public static final DefinitionName STATUS = StandardSchema.name(CHANGE_REQUEST, "status");
    public static final DefinitionName STORE = StandardSchema.name(CHANGE_REQUEST, "store");
    /// An object that an undecided request is about, and no later one of its store.
    public static final DefinitionName TOUCHES = StandardSchema.name(CHANGE_REQUEST, "touches");
    /// A request that must be decided before it.
    public static final DefinitionName WAITS_FOR = StandardSchema.name(CHANGE_REQUEST, "waitsFor");
    /// The version that carried it out.
    public static final DefinitionName APPLIED_IN = StandardSchema.name(CHANGE_REQUEST, "appliedIn");

    private static final DefinitionName OPERATIONS = StandardSchema.name(CHANGE_REQUEST, "operations");
    private static final DefinitionName REQUESTER = StandardSchema.name(CHANGE_REQUEST, "requester");
    private static final DefinitionName REQUESTER_ROLE = StandardSchema.name(CHANGE_REQUEST, "requesterRole");
    private static final DefinitionName WITHDRAWS = StandardSchema.name(CHANGE_REQUEST, "withdraws");
    private static final DefinitionName OVERRIDDEN = StandardSchema.name(CHANGE_REQUEST, "overridden");
    private static final DefinitionName COMMENT = StandardSchema.name(CHANGE_REQUEST, "comment");
    private static final DefinitionName REASON = StandardSchema.name(CHANGE_REQUEST, "reason");
    private static final DefinitionName DECIDED_BY = StandardSchema.name(CHANGE_REQUEST, "decidedBy");
    private static final DefinitionName DECISION_REASON = StandardSchema.name(CHANGE_REQUEST, "decisionReason");
    private static final DefinitionName VIOLATIONS = StandardSchema.name(CHANGE_REQUEST, "violations");
    private static final DefinitionName EPOCH = StandardSchema.name(CHANGE_REQUEST, "epoch");
    private static final DefinitionName SEQUENCE = StandardSchema.name(CHANGE_REQUEST, "sequence");
    private static final DefinitionName BASE = StandardSchema.name(CHANGE_REQUEST, "base");
    private static final DefinitionName QUEUED_AT = StandardSchema.name(CHANGE_REQUEST, "queuedAt");
    private static final DefinitionName RECORDED_AT = StandardSchema.name(CHANGE_REQUEST, "recordedAt");
    private static final DefinitionName DECIDED_AT = StandardSchema.name(CHANGE_REQUEST, "decidedAt");
    private static final DefinitionName STORE_EPOCH = StandardSchema.name(STORE_SEQUENCE, "epoch");
    private static final DefinitionName STORE_LAST = StandardSchema.name(STORE_SEQUENCE, "sequence");

    private RequestRecord() {}

    /// How far a store's requests are recorded: `sequence` is the last of `epoch`, 0 before the first.
    public record StoreSequence(long epoch, long sequence) {
        public static final StoreSequence NONE = new StoreSequence(0, 0);
    }

    /// The object that holds how far a store's requests are recorded.
    public static ObjectToken sequenceToken(StoreId store) {
        return new ObjectToken("sys.sequence." + store);
    }

    public static StoreSequence sequence(List<Row> rows) {
        return new StoreSequence(
                whole(rows, STORE_EPOCH).orElse(0L), whole(rows, STORE_LAST).orElse(0L));
    }

    /// The change that moves a store's sequence on; `before` are the rows that stand.
    public static ObjectChange advance(StoreId store, List<Row> before, StoreSequence to) {
        return replace(
                sequenceToken(store),
                STORE_SEQUENCE,
                before,
                List.of(
                        at(store, STORE_EPOCH, new Whole(to.epoch())),
                        at(store, STORE_LAST, new Whole(to.sequence()))));
    }

    /// The change that records an offered request.
    ///
    /// @param waitsFor what must be decided before it
    public static ObjectChange record(
            StoreId store,
            long epoch,
            OfferedRequest request,
            Status status,
            Optional<String> violations,
            Set<RequestId> waitsFor,
            Instant now) {
        var set = new ArrayList<>(List.of(
                at(store, STATUS, new Text(status.wireName())),
                at(store, STORE, new Text(store.text())),
                at(store, EPOCH, new Whole(epoch)),
                at(store, SEQUENCE, new Whole(request.sequence())),
                at(store, BASE, new Whole(request.base().number())),
                at(store, OPERATIONS, new Text(request.operations())),
                at(store, REQUESTER, new Text(request.requester())),
                at(store, QUEUED_AT, new Moment(request.queuedAt())),
                at(store, RECORDED_AT, new Moment(now))));
        request.role().ifPresent(role -> set.add(at(store, REQUESTER_ROLE, new Text(role))));
        request.reason().ifPresent(reason -> set.add(at(store, REASON, new Text(reason))));
        request.withdraws().ifPresent(id -> set.add(at(store, WITHDRAWS, new Text(id.text()))));
        violations.ifPresent(text -> set.add(at(store, VIOLATIONS, new Text(text))));
        waitsFor.stream().sorted().forEach(id -> set.add(at(store, WAITS_FOR, new Text(id.text()))));
        return new ObjectChange(request.id().token(), CHANGE_REQUEST, false, set, List.of());
    }

    /// The change that numbers a record anew, when its store offers it again in a later epoch.
    public static ObjectChange renumber(StoreId store, long epoch, OfferedRequest request, List<Row> rows) {
        return replace(
                request.id().token(),
                CHANGE_REQUEST,
                rows,
                List.of(at(store, EPOCH, new Whole(epoch)), at(store, SEQUENCE, new Whole(request.sequence()))));
    }

    /// Whether a change records a request, or numbers it anew, in this epoch.
    public static boolean isRecordedIn(long epoch, ObjectChange change) {
        return change.type().equals(CHANGE_REQUEST)
                && change.set().stream()
                        .anyMatch(attribute -> attribute.definition().equals(EPOCH)
                                && attribute.value().equals(new Whole(epoch)));
    }

    /// Whether a change records a request of this store that was queued at this instant or later.
    public static boolean isQueuedSince(Instant since, StoreId store, ObjectChange change) {
        return change.type().equals(CHANGE_REQUEST)
                && change.set().stream()
                        .anyMatch(attribute -> attribute.definition().equals(STORE)
                                && attribute.value().equals(new Text(store.text())))
                && change.set().stream()
                        .anyMatch(attribute -> attribute.definition().equals(QUEUED_AT)
                                && attribute.value() instanceof Moment(var at)
                                && !at.isBefore(since));
    }

    /// Whether a change ends a request, or records one that nobody has to decide any more.
    public static boolean isDecidedIn(ObjectChange change) {
        return change.type().equals(CHANGE_REQUEST)
                && change.set().stream()
                        .anyMatch(attribute -> attribute.definition().equals(STATUS)
                                && attribute.value() instanceof Text(var status)
                                && !Status.parse(status).isUndecided());
    }

    /// The change that records a decision on an undecided request.
    ///
    /// @param appliedIn the version that this is part of, where the request is carried out
    public static ObjectChange decide(
            ChangeRequest request, List<Row> rows, Status status, Decision decision, Optional<Version> appliedIn) {
        return decide(request, rows, status, decision, appliedIn, Optional.empty(), Optional.empty());
    }

    /// Like the other; `violations`: why it is refused; `overridden`: HQ's values that it took the place of.
    public static ObjectChange decide(
            ChangeRequest request,
            List<Row> rows,
            Status status,
            Decision decision,
            Optional<Version> appliedIn,
            Optional<String> violations,
            Optional<String> overridden) {
        var store = request.store();
        var set = new ArrayList<>(List.of(
                at(store, STATUS, new Text(status.wireName())),
                at(store, DECIDED_BY, new Text(decision.by())),
                at(store, DECIDED_AT, new Moment(decision.at()))));
        decision.reason().ifPresent(reason -> set.add(at(store, DECISION_REASON, new Text(reason))));
        appliedIn.ifPresent(version -> set.add(at(store, APPLIED_IN, new Whole(version.number()))));
        violations.ifPresent(text -> set.add(at(store, VIOLATIONS, new Text(text))));
        overridden.ifPresent(text -> set.add(at(store, OVERRIDDEN, new Text(text))));
        var change = replace(request.id().token(), CHANGE_REQUEST, rows, set);
        var ended = new ArrayList<>(change.ended());
        rows.stream()
                .filter(row -> row.attribute().definition().equals(TOUCHES))
                .forEach(ended::add);
        return new ObjectChange(change.object(), change.type(), false, change.set(), ended);
    }

    /// A change that records a request, which is the last of its store that touches these objects.
    public static ObjectChange touching(StoreId store, ObjectChange recorded, Set<ObjectToken> these) {
        var set = new ArrayList<>(recorded.set());
        these.stream().sorted().forEach(token -> set.add(at(store, TOUCHES, new Text(token.text()))));
        return new ObjectChange(recorded.object(), recorded.type(), false, set, recorded.ended());
    }

    /// The change by which an undecided request is the last of its store that touches these objects, and no more
    /// the last that touches those.
    public static ObjectChange touch(
            ChangeRequest request, List<Row> rows, Set<ObjectToken> these, Set<ObjectToken> noMore) {
        var set = these.stream()
                .sorted()
                .map(token -> at(request.store(), TOUCHES, new Text(token.text())))
                .toList();
        var ended = rows.stream()
                .filter(row -> touched(row).filter(noMore::contains).isPresent())
                .toList();
        return new ObjectChange(request.id().token(), CHANGE_REQUEST, false, set, ended);
    }

    /// The objects of which an undecided request is the last of its store that touches them.
    public static Set<ObjectToken> touches(List<Row> rows) {
        return rows.stream().flatMap(row -> touched(row).stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<ObjectToken> touched(Row row) {
        return row.attribute().definition().equals(TOUCHES) && row.attribute().value() instanceof Text(var token)
                ? Optional.of(new ObjectToken(token))
                : Optional.empty();
    }

    /// The change that marks an undecided request as waiting or in conflict.
    public static ObjectChange mark(ChangeRequest request, List<Row> rows, Status status) {
        return replace(
                request.id().token(),
                CHANGE_REQUEST,
                rows,
                List.of(at(request.store(), STATUS, new Text(status.wireName()))));
    }

    /// The change that adds what somebody said.
    public static ObjectChange comment(ChangeRequest request, ChangeRequest.Comment comment) {
        var text = Json.text(Json.object()
                .put("by", comment.by())
                .put("at", Moment.format(comment.at()))
                .put("text", comment.text()));
        return new ObjectChange(
                request.id().token(),
                CHANGE_REQUEST,
                false,
                List.of(at(request.store(), COMMENT, new Text(text))),
                List.of());
    }

    private static ObjectChange replace(ObjectToken token, TypeName type, List<Row> rows, List<Attribute> set) {
        var ended = rows.stream()
                .filter(row ->
                        set.stream().anyMatch(attribute -> attribute.slot().equals(row.slot())))
                .toList();
        return new ObjectChange(token, type, false, set, ended);
    }

    private static Attribute at(StoreId store, DefinitionName definition, Value value) {
        return new Attribute(definition, Optional.of(store.location()), value);
    }

    /// The request that an object of type `sys.change_request` records.
    ///
    /// @throws IllegalStateException if the object lacks what every record has: then the log is damaged
    public static ChangeRequest read(ObjectToken token, List<Row> rows) {
        var decision = text(rows, DECIDED_BY)
                .map(by -> new Decision(by, need(moment(rows, DECIDED_AT), DECIDED_AT), text(rows, DECISION_REASON)));
        return new ChangeRequest(
                new RequestId(token.text()),
                new StoreId(need(text(rows, STORE), STORE)),
                Status.parse(need(text(rows, STATUS), STATUS)),
                need(whole(rows, EPOCH), EPOCH),
                need(whole(rows, SEQUENCE), SEQUENCE),
                new Version(need(whole(rows, BASE), BASE)),
                need(text(rows, OPERATIONS), OPERATIONS),
                need(text(rows, REQUESTER), REQUESTER),
                text(rows, REASON),
                need(moment(rows, QUEUED_AT), QUEUED_AT),
                rows.stream().map(Row::version).max(Version::compareTo),
                moment(rows, RECORDED_AT),
                decision,
                text(rows, VIOLATIONS),
                new ChangeRequest.Details(
                        text(rows, REQUESTER_ROLE),
                        texts(rows, WAITS_FOR).map(RequestId::new).sorted().toList(),
                        text(rows, WITHDRAWS).map(RequestId::new),
                        text(rows, OVERRIDDEN),
                        texts(rows, COMMENT)
                                .map(RequestRecord::comment)
                                .sorted(Comparator.comparing(Comment::at))
                                .toList(),
                        whole(rows, APPLIED_IN).map(Version::new)));
    }

    /// The same; empty: it has no rows here, since they lie at the location of another store, and this one holds
    /// only what is at its own.
    public static Optional<ChangeRequest> find(ObjectToken token, List<Row> rows) {
        return rows.isEmpty() ? Optional.empty() : Optional.of(read(token, rows));
    }

    private static Comment comment(String json) {
        var fields = Fields.of(Json.parse(json));
        return new Comment(fields.text("by"), fields.parsed("at", Moment::parse), fields.text("text"));
    }

    private static Stream<String> texts(List<Row> rows, DefinitionName definition) {
        return rows.stream()
                .filter(row -> row.attribute().definition().equals(definition))
                .flatMap(row -> row.attribute().value() instanceof Text(var text) ? Stream.of(text) : Stream.empty());
    }

    private static <T> T need(Optional<T> value, DefinitionName definition) {
        return value.orElseThrow(() -> new IllegalStateException("a record of a change request lacks " + definition));
    }

    private static Optional<String> text(List<Row> rows, DefinitionName definition) {
        return value(rows, definition, value -> value instanceof Text(var text) ? Optional.of(text) : Optional.empty());
    }

    private static Optional<Long> whole(List<Row> rows, DefinitionName definition) {
        return value(
                rows, definition, value -> value instanceof Whole(var number) ? Optional.of(number) : Optional.empty());
    }

    private static Optional<Instant> moment(List<Row> rows, DefinitionName definition) {
        return value(
                rows,
                definition,
                value -> value instanceof Moment(var instant) ? Optional.of(instant) : Optional.empty());
    }

    private static <T> Optional<T> value(List<Row> rows, DefinitionName definition, Function<Value, Optional<T>> as) {
        return rows.stream()
                .filter(row -> row.attribute().definition().equals(definition))
                .findFirst()
                .flatMap(row -> as.apply(row.attribute().value()));
    }
}
