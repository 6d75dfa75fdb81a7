package dev.storemesh.http.route;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.Authentication;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.ChangeRequestPort;
import dev.storemesh.protocol.catalog.Closing;
import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.OfferedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.QueryAnswer;
import dev.storemesh.protocol.query.Report;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.VerificationOrder;
import dev.storemesh.protocol.watch.Metric;
import dev.storemesh.protocol.watch.NodeStatus;
import dev.storemesh.protocol.watch.WatchPort;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Remembered;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// All ports of a site that answer what the test says, and remember what they were asked.
///
/// Tokens are named after who they are for: `operator` and `approver` see all catalogs, `editor`, `reader` and
/// `foreman` (an operator) see `demo`, `link` is the credential of `store-1`, whose `clerk` is one, `loyalty` an
/// editor's of the app `com.acme.loyalty`, and `program` its own. `unreachable` gets no answer; of all others
/// `others` says who they are.
final class Ports implements CatalogPort, ChangeRequestPort, AccessPort, SitePort, WatchPort {
    static final CatalogId DEMO = new CatalogId("demo");
    static final StoreId STORE = new StoreId("store-1");
    private static final Optional<CatalogId> NO_CATALOG = Optional.empty();
    private static final Optional<StoreId> NO_STORE = Optional.empty();
    static final AppName LOYALTY = new AppName("com.acme.loyalty");
    private static final Version NONE = Version.NONE;
    private static final Answer.Opened OPENED = new Answer.Opened(
            new LockToken(NONE.next(), "0".repeat(32)),
            Instant.EPOCH,
            Instant.EPOCH,
            Instant.EPOCH,
            Optional.empty(),
            false);

    final List<Object> asked = new ArrayList<>();
    CompletionStage<Answer> answer = CompletableFuture.completedStage(new Answer.Created(NONE, true));
    Function<Write, CompletionStage<Answer>> writes = write -> answer;
    Optional<Function<Ending.How, Answer>> ended = Optional.empty();
    Optional<Remembered> remembered = Optional.empty();
    Optional<LocalView> view = Optional.empty(); // HQ has none
    Reading<CatalogHead> head = new Reading.NoCatalog<>();
    Reading<ObjectView.Live> object = new Reading.NoCatalog<>();
    Reading<QueryAnswer> queried = new Reading.NoCatalog<>();
    Reading<Report.Answer> reported = new Reading.NoCatalog<>();
    Reading<Slice> slice = new Reading.NoCatalog<>();
    Reading<SchemaView> schema = new Reading.NoCatalog<>();
    Reading<LogSlice> log = new Reading.NoCatalog<>();
    Reading<Version> newest = new Reading.NoCatalog<>();
    Reading<Findings> findings = new Reading.NoCatalog<>();
    Reading<Version> versionAt = new Reading.NoCatalog<>();
    Reading<Snapshot> snapshot = new Reading.NoCatalog<>();
    boolean resyncs;
    Optional<LocationId> held = Optional.empty();
    Reading<ObjectHistory> history = new Reading.NoCatalog<>();
    Reading<ObjectDifference.Slice> differences = new Reading.NoCatalog<>();
    Function<PageQuery, CompletionStage<Reading<Slice>>> pages = query -> CompletableFuture.completedStage(slice);
    List<Conflict> values = List.of();
    Reading<ChangeRequest> request = new Reading.NoCatalog<>();
    Reading<Requests> requests = new Reading.NoCatalog<>();
    List<Access.Token> tokens = List.of();
    Function<String, Authentication> others = secret -> new Authentication.Unknown();
    Optional<Issued> issued = Optional.empty();
    Duration clockOffset = Duration.ZERO;
    Changed changed = new Changed.Done();
    Optional<String> renewed = Optional.of("sms_secret");
    StaffList staff = StaffList.of(List.of());
    Optional<VerificationOrder> news = Optional.empty();
    Ordered ordered = new Ordered.Nobody();
    Invited invited = new Invited.NotHq();
    Joined joined = new Joined.NotInvited();
    Claim claim = new Claim.NotHq();
    Namespaces namespaces = Namespaces.NONE;
    Optional<List<StoreStanding>> stores = Optional.empty();
    NodeStatus status = new NodeStatus("0.1.0", Instant.EPOCH, Instant.EPOCH, List.of(), Optional.empty());
    List<Metric> metrics = List.of();
    Standing standing = new Standing("hq", Kind.HQ, true, Optional.empty());

    private <T> CompletionStage<T> answering(T value, Object... arguments) {
        asked.addAll(List.of(arguments));
        return CompletableFuture.completedStage(value);
    }

    // CatalogPort

    @Override
    public CompletionStage<Optional<LocalView>> view(CatalogId catalog) {
        return CompletableFuture.completedStage(view);
    }

    @Override
    public CompletionStage<Reading<Slice>> changes(CatalogId catalog, LocalView since, PageQuery query) {
        return answering(slice, catalog, since, query);
    }

    @Override
    public CatalogPort on(Terms terms) {
        if (!terms.equals(Terms.NONE)) {
            asked.add(terms);
        }
        return this;
    }

    @Override
    public CompletionStage<Answer> open(CatalogId catalog, Opening opening) {
        asked.addAll(List.of(catalog, opening));
        return answer.thenApply(scripted -> scripted instanceof Answer.Created ? OPENED : scripted);
    }

    @Override
    public CompletionStage<Answer> commit(CatalogId catalog, LockToken lock) {
        asked.addAll(List.of(catalog, lock));
        return ended(Ending.How.COMMITTED);
    }

    @Override
    public CompletionStage<Answer> commit(CatalogId catalog, LockToken lock, Closing closing) {
        asked.addAll(List.of(catalog, lock, closing));
        return ended(Ending.How.COMMITTED);
    }

    @Override
    public CompletionStage<Answer> recall(CatalogId catalog, IdempotencyKey key) {
        asked.addAll(List.of(catalog, key));
        return answer.thenApply(scripted -> scripted instanceof Answer.Created || scripted instanceof Answer.Opened
                ? new Answer.Recalled(remembered)
                : scripted);
    }

    @Override
    public CompletionStage<Answer> rollBack(CatalogId catalog, LockToken lock) {
        asked.addAll(List.of(catalog, lock));
        return ended(Ending.How.ROLLED_BACK);
    }

    /// As the answers are scripted; how it ended is remembered where the test says what comes of it.
    private CompletionStage<Answer> ended(Ending.How how) {
        if (ended.isEmpty()) {
            return answer.thenApply(scripted -> scripted instanceof Answer.Created
                    ? new Answer.Ended(NONE.next(), new Ending(how, Instant.EPOCH), false)
                    : scripted);
        }
        asked.add(how);
        return CompletableFuture.completedStage(ended.get().apply(how));
    }

    @Override
    public CompletionStage<Answer> create(CatalogId catalog, Provenance provenance) {
        asked.addAll(List.of(catalog, provenance));
        return answer;
    }

    @Override
    public CompletionStage<Answer> revert(CatalogId catalog, Reversal reversal) {
        asked.addAll(List.of(catalog, reversal));
        return answer;
    }

    @Override
    public CompletionStage<Answer> write(CatalogId catalog, Write write) {
        asked.addAll(List.of(catalog, write));
        return writes.apply(write);
    }

    @Override
    public CompletionStage<Reading<CatalogHead>> head(CatalogId catalog) {
        return answering(head, catalog);
    }

    @Override
    public CompletionStage<Reading<ObjectView.Live>> object(
            CatalogId catalog, ObjectToken token, Optional<Version> version, Scope scope) {
        return answering(object, catalog, token, version, scope);
    }

    @Override
    public CompletionStage<Reading<ObjectView.Live>> objectBy(
            CatalogId catalog, DefinitionName attribute, String value, Optional<Version> version, Scope scope) {
        return answering(object, catalog, attribute, value, version, scope);
    }

    @Override
    public CompletionStage<Reading<QueryAnswer>> query(CatalogId catalog, QueryPage query) {
        return answering(queried, catalog, query);
    }

    @Override
    public CompletionStage<Reading<Report.Answer>> report(CatalogId catalog, Report report, Optional<Version> version) {
        return answering(reported, catalog, report, version);
    }

    @Override
    public CompletionStage<Reading<Slice>> page(CatalogId catalog, PageQuery query) {
        asked.addAll(List.of(catalog, query));
        return pages.apply(query);
    }

    @Override
    public CompletionStage<Reading<Slice>> changes(CatalogId catalog, Version since, PageQuery query) {
        return answering(slice, catalog, since, query);
    }

    @Override
    public CompletionStage<Reading<LogSlice>> log(CatalogId catalog, LogQuery query) {
        return answering(log, catalog, query);
    }

    @Override
    public CompletionStage<Reading<Version>> newest(CatalogId catalog, Version after, Duration patience) {
        return answering(newest, catalog, after, patience);
    }

    @Override
    public CompletionStage<Reading<Findings>> search(CatalogId catalog, LogSearch search) {
        return answering(findings, catalog, search);
    }

    @Override
    public CompletionStage<Reading<Snapshot>> snapshot(CatalogId catalog, SnapshotQuery query) {
        return answering(snapshot, catalog, query);
    }

    @Override
    public CompletionStage<Optional<LocationId>> location(CatalogId catalog) {
        return CompletableFuture.completedStage(held);
    }

    @Override
    public CompletionStage<Boolean> resync(CatalogId catalog) {
        return answering(resyncs, catalog);
    }

    @Override
    public CompletionStage<Reading<Version>> versionAt(CatalogId catalog, Instant at) {
        return answering(versionAt, catalog, at);
    }

    @Override
    public CompletionStage<Reading<ObjectHistory>> history(CatalogId catalog, ObjectToken token, HistoryQuery query) {
        return answering(history, catalog, token, query);
    }

    @Override
    public CompletionStage<Reading<ObjectDifference.Slice>> differences(CatalogId catalog, DifferenceQuery query) {
        return answering(differences, catalog, query);
    }

    @Override
    public CompletionStage<Reading<SchemaView>> schema(CatalogId catalog, Optional<Version> version) {
        return answering(schema, catalog, version);
    }

    // ChangeRequestPort

    @Override
    public ChangeRequestPort waiting(Duration patience) {
        if (!patience.isZero()) {
            asked.add(patience);
        }
        return this;
    }

    @Override
    public CompletionStage<Answer> record(
            CatalogId catalog,
            StoreId store,
            long epoch,
            Optional<HistoryId> history,
            List<OfferedRequest> offered,
            Provenance provenance) {
        asked.addAll(List.of(catalog, store, epoch, offered, provenance));
        history.ifPresent(asked::add);
        return answer;
    }

    @Override
    public CompletionStage<Answer> approve(
            CatalogId catalog, RequestId id, Optional<Version> seen, Provenance provenance) {
        asked.addAll(List.of(catalog, id, seen, provenance));
        return answer;
    }

    @Override
    public CompletionStage<Answer> reject(CatalogId catalog, RequestId id, Provenance provenance) {
        asked.addAll(List.of(catalog, id, provenance));
        return answer;
    }

    @Override
    public CompletionStage<Answer> comment(CatalogId catalog, RequestId id, String text, Provenance provenance) {
        asked.addAll(List.of(catalog, id, text, provenance));
        return answer;
    }

    @Override
    public CompletionStage<Answer> withdraw(
            CatalogId catalog, RequestId id, Provenance provenance, Optional<String> role) {
        asked.addAll(List.of(catalog, id, provenance, role));
        return answer;
    }

    @Override
    public CompletionStage<List<Conflict>> values(CatalogId catalog, ChangeRequest request) {
        return CompletableFuture.completedFuture(values);
    }

    @Override
    public CompletionStage<Reading<ChangeRequest>> get(CatalogId catalog, RequestId id) {
        return answering(request, catalog, id);
    }

    @Override
    public CompletionStage<Reading<Requests>> list(CatalogId catalog, RequestsQuery query) {
        return answering(requests, catalog, query);
    }

    // AccessPort

    @Override
    public CompletionStage<Authentication> authenticate(String secret) {
        return switch (secret) {
            case "operator" -> found(secret, Role.OPERATOR, Optional.empty(), Optional.empty());
            case "approver" -> found(secret, Role.APPROVER, Optional.empty(), Optional.empty());
            case "foreman" -> found(secret, Role.OPERATOR, Optional.of(DEMO), Optional.empty());
            case "editor" -> found(secret, Role.EDITOR, Optional.of(DEMO), Optional.empty());
            case "reader" -> found(secret, Role.READER, Optional.of(DEMO), Optional.empty());
            case "link" -> found(secret, Role.STORE, Optional.of(DEMO), Optional.of(STORE));
            case "clerk" -> found(secret, Role.CLERK, Optional.of(DEMO), Optional.of(STORE));
            case "loyalty" ->
                known(new Principal("id", secret, Role.EDITOR, NO_CATALOG, NO_STORE, Optional.of(LOYALTY)));
            case "program" -> known(new Principal("id", secret, Role.APP, NO_CATALOG, NO_STORE, Optional.of(LOYALTY)));
            case "unreachable" -> CompletableFuture.failedStage(new IllegalStateException("no answer"));
            default -> CompletableFuture.completedStage(others.apply(secret));
        };
    }

    private static CompletionStage<Authentication> found(
            String name, Role role, Optional<CatalogId> catalog, Optional<StoreId> store) {
        return known(new Principal("id", name, role, catalog, store, Optional.empty()));
    }

    private static CompletionStage<Authentication> known(Principal principal) {
        return CompletableFuture.completedStage(new Authentication.Known(principal));
    }

    @Override
    public CompletionStage<Issued> issue(NewToken asked) {
        var token = new Access.Token(
                "t1",
                asked.name(),
                asked.role(),
                asked.catalog(),
                asked.app(),
                asked.store(),
                SecretHash.of("secret"),
                Instant.EPOCH,
                Optional.of(Instant.EPOCH),
                false);
        return answering(issued.orElseGet(() -> new Issued.Token(token, "smt_secret")), asked);
    }

    @Override
    public Duration heard(StoreId store, StoreReport report) {
        asked.addAll(List.of(store, report));
        return clockOffset;
    }

    @Override
    public CompletionStage<Changed> change(StoreId store, Access.Standing wanted) {
        return answering(changed, store, wanted);
    }

    @Override
    public CompletionStage<Optional<String>> renew(StoreId store) {
        return answering(renewed, store);
    }

    @Override
    public CompletionStage<StaffNews> staff(StoreId store, String known, Optional<String> order, Duration patience) {
        return answering(new StaffNews(staff, news), store, known, order, patience);
    }

    @Override
    public CompletionStage<Ordered> verify(StoreId store, boolean repair) {
        return answering(ordered, store, repair);
    }

    @Override
    public CompletionStage<?> keep(StoreId store, Verification verification) {
        return answering(true, store, verification);
    }

    static Access.Token token(String id, String name, Role role, Optional<CatalogId> catalog) {
        return token(id, name, role, catalog, Optional.empty());
    }

    static Access.Token token(String id, String name, Role role, Optional<CatalogId> catalog, Optional<AppName> app) {
        return new Access.Token(
                id,
                name,
                role,
                catalog,
                app,
                Optional.empty(),
                SecretHash.of("secret"),
                Instant.EPOCH,
                Optional.of(Instant.EPOCH),
                false);
    }

    @Override
    public CompletionStage<Boolean> revoke(String id) {
        return answering(true, id);
    }

    @Override
    public CompletionStage<List<Access.Token>> tokens() {
        return CompletableFuture.completedStage(tokens);
    }

    @Override
    public CompletionStage<Invited> invite(StoreId store, CatalogId catalog, Duration valid) {
        return answering(invited, store, catalog, valid);
    }

    @Override
    public CompletionStage<Joined> enrol(String joinToken, String node) {
        return answering(joined, joinToken, node);
    }

    @Override
    public CompletionStage<Optional<List<StoreStanding>>> stores() {
        return CompletableFuture.completedStage(stores);
    }

    @Override
    public CompletionStage<Claim> claim(Namespace namespace, AppName app) {
        return answering(claim, namespace, app);
    }

    @Override
    public CompletionStage<Namespaces> namespaces() {
        return CompletableFuture.completedStage(namespaces);
    }

    @Override
    public Standing standing() {
        return standing;
    }

    // WatchPort

    @Override
    public NodeStatus status() {
        return status;
    }

    @Override
    public List<Metric> metrics() {
        return metrics;
    }
}
