package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessEvent;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.catalog.CatalogEvent;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.object.LoadImage;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.LocalChange;
import dev.storemesh.protocol.object.LocalEdit;
import dev.storemesh.protocol.object.LocalEnd;
import dev.storemesh.protocol.object.LocalImage;
import dev.storemesh.protocol.object.OpenTransaction;
import dev.storemesh.protocol.object.PartitionEvent;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.StagedImage;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.object.Transactions;
import dev.storemesh.protocol.object.WrittenVersions;
import dev.storemesh.protocol.replica.Copy;
import dev.storemesh.protocol.replica.OwnWrites;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.replica.ReplicaEvent;
import dev.storemesh.protocol.replica.ReplicaRound;
import dev.storemesh.protocol.replica.RequestQueue;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.VerificationOrder;
import dev.storemesh.protocol.verify.Verifications;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Remembered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Everything that is stored, at random: well-formed, not sensible.
final class RandomEvents {
    private final RandomLog log;

    RandomEvents(long seed) {
        log = new RandomLog(seed);
    }

    /// One of each kind that has a manifest.
    List<Object> oneOfEach() {
        return List.of(round(), catalog(), checkpointed(), image(), replicaRound(), replica(), accessEvent(), access());
    }

    private Round round() {
        return new Round(log.some(4, this::catalogEvent));
    }

    private CatalogEvent catalogEvent() {
        return switch (log.below(9)) {
            case 8 -> new CatalogEvent.HistoryBegun(log.instant(), history());
            case 0 -> new CatalogEvent.Opened(log.instant());
            case 1 -> new CatalogEvent.Created(log.instant(), history());
            case 2 ->
                new CatalogEvent.TransactionOpened(
                        log.instant(), lock(), log.provenance(), digest(), span(), log.instant(), log.number());
            case 3 -> new CatalogEvent.StepAccepted(log.entry().as(part()), names(), digest());
            case 5 -> new CatalogEvent.Repartitioned(log.instant(), 2 + log.below(12), 1 << 1 + log.below(12));
            case 4 -> new CatalogEvent.TransactionEnded(log.entry().as(part()), how());
            default -> new CatalogEvent.WriteAccepted(log.entry(), names(), digest());
        };
    }

    private Catalog catalog() {
        return switch (log.below(5)) {
            case 0 -> new Catalog.Unmade(catalogId(), position());
            case 1 -> {
                var made = made();
                yield new Catalog.Made(
                        made.id(),
                        made.position(),
                        made.history(),
                        made.head(),
                        made.chain(),
                        made.lastAt(),
                        made.partitions(),
                        made.index(),
                        made.schemas(),
                        made.transactions(),
                        history());
            }
            default -> made();
        };
    }

    private Catalog.Made made() {
        return new Catalog.Made(
                catalogId(),
                position(),
                history(),
                log.version(),
                log.chain(),
                log.instant(),
                partitions(),
                index(),
                schemas(),
                transactions());
    }

    private Transactions transactions() {
        return new Transactions(
                log.optional(this::open),
                log.list(
                        3,
                        () -> new Transactions.Ended(
                                lock(), log.optional(this::key), new Ending(how(), log.instant()))),
                log.list(3, log::version));
    }

    private OpenTransaction open() {
        return new OpenTransaction(
                lock(),
                log.provenance(),
                digest(),
                log.instant(),
                span(),
                log.instant(),
                log.number(),
                log.instant(),
                log.instant(),
                log.number(),
                names(),
                staged());
    }

    private StagedVersion staged() {
        return new StagedVersion(log.version(), log.below(1_000), log.chain(), schemas());
    }

    private LockToken lock() {
        return new LockToken(log.version(), log.chain().hex().substring(32));
    }

    private Duration span() {
        return Duration.ofMillis(log.below(10_000_000));
    }

    private Ending.How how() {
        return log.oneOf(List.of(Ending.How.values()));
    }

    private LogEntry.Part part() {
        return switch (log.below(3)) {
            case 0 -> new LogEntry.Part.Whole();
            case 1 -> new LogEntry.Part.Step(1 + log.below(1_000_000));
            default -> new LogEntry.Part.End(log.below(1_000_000));
        };
    }

    private PartitionEvent checkpointed() {
        return new PartitionEvent.Checkpointed(position());
    }

    private PartitionImage image() {
        return new PartitionImage(
                position(),
                log.list(4, log::object),
                map(this::key, () -> new Remembered(log.version(), digest(), names())),
                Optional.of(written()),
                log.optional(this::steps),
                new LocalImage(
                        log.list(3, () -> new LocalImage.Kept(localChange(), log.optional(log::version))),
                        log.version()),
                new LoadImage(log.list(3, log::object), position()));
    }

    private LocalChange localChange() {
        return new LocalChange(log.number(), log.version(), log.list(4, this::localEdit));
    }

    private LocalEdit localEdit() {
        var attribute = log.row().attribute();
        return switch (log.below(3)) {
            case 0 -> new LocalEdit.Clears(log.token(), attribute.slot());
            case 1 -> new LocalEdit.Ends(log.token(), attribute.slot(), attribute.value());
            default -> new LocalEdit.Sets(log.token(), attribute.slot(), attribute.value(), log.flag());
        };
    }

    private OwnWrites ownWrites() {
        return new OwnWrites(
                log.number(),
                map(this::requestId, () -> new OwnWrites.OwnWrite(log.number(), Set.copyOf(log.list(3, log::token)))));
    }

    private StagedImage steps() {
        return new StagedImage(
                log.version(),
                log.list(4, log::object),
                map(log::token, () -> new ObjectState.Live(log.type(), log.list(3, log::row), log.version())),
                map(this::key, () -> new Remembered(log.version(), digest(), names(), log.below(1_000))),
                new Written(log.instant(), log.provenance()));
    }

    private WrittenVersions written() {
        var written = new WrittenVersions();
        var version = 0L;
        for (var entry : log.list(6, log::entry)) {
            version += 1 + entry.version().number() % 1_000;
            written.add(new Version(version), new Written(entry.at(), entry.provenance()));
        }
        return written;
    }

    private IdempotencyKey key() {
        return new IdempotencyKey(log.oneOf(List.of("ann", "ben")), log.ulid());
    }

    private ReplicaRound replicaRound() {
        return new ReplicaRound(log.some(4, this::replicaEvent));
    }

    private ReplicaEvent replicaEvent() {
        return switch (log.below(15)) {
            case 14 -> new ReplicaEvent.ScopeAsked(log.instant(), location());
            case 13 -> new ReplicaEvent.RequestsQueuedAgain(log.instant(), log.number(), log.list(3, this::request));
            case 12 -> new ReplicaEvent.EpochOpened(log.instant(), log.number());
            case 8 -> new ReplicaEvent.CopyAsked(log.instant());
            case 9 -> new ReplicaEvent.LoadBegun(log.instant(), history(), floor());
            case 10 -> new ReplicaEvent.PageLoaded(log.instant(), log.list(3, this::loaded));
            case 11 -> new ReplicaEvent.Loaded(log.instant(), log.version());
            case 0 -> new ReplicaEvent.Opened(log.instant());
            case 1 -> new ReplicaEvent.Enrolled(log.instant(), log.store(), history(), log.number());
            case 2 -> new ReplicaEvent.Followed(log.instant(), followed());
            case 3 -> new ReplicaEvent.RequestQueued(request());
            case 4 -> new ReplicaEvent.Repartitioned(log.instant(), 2 + log.below(12), 1 << 1 + log.below(12));
            case 5 -> new ReplicaEvent.RequestQueued(request(), Optional.of(localChange()));
            case 6 ->
                new ReplicaEvent.OwnDecided(
                        log.instant(),
                        log.some(
                                3,
                                () -> new LocalEnd(log.number(), log.version(), Set.copyOf(log.list(3, log::token)))));
            default -> new ReplicaEvent.RequestsOffered(log.instant(), log.number());
        };
    }

    private List<LogEntry> followed() {
        return log.flag()
                ? log.some(3, log::entry)
                : log.some(3, () -> log.entry().as(part()));
    }

    private Replica replica() {
        return log.below(5) == 0
                ? new Replica.Unenrolled(catalogId(), position())
                : new Replica.Following(
                        catalogId(),
                        position(),
                        log.store(),
                        history(),
                        log.number(),
                        log.version(),
                        log.chain(),
                        partitions(),
                        index(),
                        queue(),
                        schemas(),
                        log.optional(this::staged),
                        ownWrites(),
                        new Copy(
                                log.optional(this::floor),
                                log.optional(() -> new Load(log.flag(), log.optional(this::begun), location())),
                                location()));
    }

    private Optional<LocationId> location() {
        return log.optional(() -> log.store().location());
    }

    private Load.Begun begun() {
        return new Load.Begun(
                history(),
                floor(),
                log.optional(log::token),
                log.list(3, this::loaded),
                Set.copyOf(log.list(3, log::token)),
                log.list(3, () -> new LocalEnd(log.number(), log.version(), Set.copyOf(log.list(3, log::token)))));
    }

    private Floor floor() {
        return new Floor(log.version(), log.chain(), log.instant());
    }

    private LoadedObject loaded() {
        return new LoadedObject(log.object());
    }

    private RequestQueue queue() {
        return new RequestQueue(
                log.list(3, this::request),
                log.number(),
                log.number(),
                map(this::key, () -> new RequestQueue.KeptAnswer(requestId(), digest(), names(), log.instant())));
    }

    private QueuedRequest request() {
        return new QueuedRequest(
                requestId(),
                log.number(),
                log.version(),
                log.list(4, this::operation),
                log.provenance(),
                log.optional(log::text),
                digest(),
                names(),
                log.instant(),
                log.optional(this::requestId));
    }

    private Operation operation() {
        return switch (log.below(4)) {
            case 0 -> new Operation.Delete(objectRef(), log.optional(log::version));
            case 1 -> new Operation.Undelete(objectRef(), log.optional(log::version));
            default ->
                new Operation.Put(
                        objectRef(),
                        log.flag(),
                        log.optional(log::type),
                        log.list(4, () -> new Operation.Setting(slot(), literal())),
                        log.list(3, () -> new Operation.Unsetting(slot(), log.optional(this::literal))),
                        log.optional(log::version));
        };
    }

    private SchemaHistory schemas() {
        return SchemaHistory.of(log.list(3, log::wholeObject));
    }

    private Slot slot() {
        return new Slot(log.definition(), log.optional(log::location));
    }

    private ObjectRef objectRef() {
        return log.flag() ? new ObjectRef.Known(log.token()) : new ObjectRef.Temporary("#" + log.token());
    }

    private Literal literal() {
        return switch (log.below(4)) {
            case 0 -> new Literal.Text(log.text());
            case 1 -> new Literal.Whole(log.json());
            case 2 -> new Literal.Flag(log.flag());
            default -> new Literal.Amount(log.json(), log.oneOf(List.of("USD", "no currency")));
        };
    }

    private AccessEvent accessEvent() {
        return switch (log.below(16)) {
            case 0 -> new AccessEvent.SiteOpened(log.instant(), digest());
            case 1 ->
                new AccessEvent.TokenIssued(
                        log.instant(),
                        log.ulid(),
                        log.text(),
                        role(),
                        log.optional(this::catalogId),
                        log.optional(this::app),
                        log.optional(log::store),
                        secret(),
                        log.optional(log::instant));
            case 2 -> new AccessEvent.TokenRevoked(log.instant(), log.ulid());
            case 3 -> new AccessEvent.StoreInvited(log.instant(), log.store(), catalogId(), secret(), log.instant());
            case 4 -> new AccessEvent.StoreEnrolled(log.instant(), log.store(), log.ulid(), secret(), log.number());
            case 5 -> new AccessEvent.NamespaceClaimed(log.instant(), namespace(), app());
            case 6 -> new AccessEvent.CredentialRenewed(log.instant(), log.store(), secret());
            case 7 -> new AccessEvent.CredentialReplaced(log.instant(), log.store());
            case 8 -> new AccessEvent.StoreSuspended(log.instant(), log.store());
            case 9 -> new AccessEvent.StoreResumed(log.instant(), log.store());
            case 10 -> new AccessEvent.StoreRemoved(log.instant(), log.store());
            case 11 -> new AccessEvent.StaffReceived(log.instant(), staff());
            case 12 -> new AccessEvent.StaffConfirmed(log.instant());
            case 13 -> new AccessEvent.VerificationOrdered(log.store(), order());
            case 14 -> new AccessEvent.VerificationKept(log.instant(), log.store(), verification());
            default -> new AccessEvent.CredentialUsed(log.instant(), log.store());
        };
    }

    private Access access() {
        return new Access(
                digest(),
                map(log::ulid, this::token),
                map(
                        log::store,
                        () -> new Access.Store(
                                log.store(),
                                catalogId(),
                                log.instant(),
                                log.optional(() -> new Access.Invitation(secret(), log.instant())),
                                log.optional(() -> new Access.Enrolment(
                                        log.text(),
                                        secret(),
                                        log.number(),
                                        log.flag(),
                                        log.flag(),
                                        log.optional(this::secret))),
                                log.oneOf(List.of(Access.Standing.values())))),
                new Namespaces(map(this::namespace, this::app)),
                log.optional(() -> new Access.Staff(log.instant(), staff())),
                map(
                        log::store,
                        () -> new Verifications(
                                log.optional(this::order),
                                log.some(3, () -> new Verifications.Kept(log.instant(), verification())),
                                log.optional(log::instant))));
    }

    private VerificationOrder order() {
        return new VerificationOrder(log.ulid(), log.oneOf(List.of(Cause.values())), log.flag(), log.instant());
    }

    private Verification verification() {
        var version = new Version(log.number());
        return new Verification(
                log.optional(log::ulid),
                log.oneOf(List.of(Cause.values())),
                log.instant(),
                log.flag()
                        ? new Verification.Same(version, log.number())
                        : new Verification.Different(
                                version,
                                log.number(),
                                log.some(
                                        3,
                                        () -> new Verification.Difference(
                                                log.token(), log.oneOf(List.of(Verification.Kind.values())))),
                                log.flag()),
                log.flag());
    }

    private StaffList staff() {
        return new StaffList(digest(), log.some(3, this::token));
    }

    private Access.Token token() {
        return new Access.Token(
                log.ulid(),
                log.text(),
                role(),
                log.optional(this::catalogId),
                log.optional(this::app),
                log.optional(log::store),
                secret(),
                log.instant(),
                log.optional(log::instant),
                log.flag());
    }

    private AppName app() {
        return new AppName(log.oneOf(List.of("com.acme.loyalty", "org.example.tax")));
    }

    private Namespace namespace() {
        return new Namespace("com.acme.n" + log.below(50));
    }

    private Role role() {
        return log.oneOf(List.of(Role.values()));
    }

    private SecretHash secret() {
        return new SecretHash(log.chain().hex());
    }

    /// Mostly as it should be, sometimes not a SHA-256 at all.
    private String digest() {
        return log.below(8) == 0 ? log.text() : log.chain().hex();
    }

    private HistoryId history() {
        return new HistoryId(log.ulid());
    }

    private RequestId requestId() {
        return RequestId.ofUlid(log.ulid());
    }

    private CatalogId catalogId() {
        return new CatalogId(log.oneOf(List.of("demo", "corner_shop")));
    }

    private Position position() {
        return new Position(log.number());
    }

    private PartitionMap partitions() {
        return new PartitionMap(1 + log.below(9), log.some(4, this::position));
    }

    private LogIndex index() {
        return new LogIndex(log.list(5, () -> new LogIndex.Mark(log.version(), log.below(3), position())));
    }

    private Map<String, ObjectToken> names() {
        return map(() -> "#" + log.below(50), log::token);
    }

    private <K, V> Map<K, V> map(Supplier<K> key, Supplier<V> value) {
        return log.list(3, key).stream()
                .distinct()
                .collect(Collectors.toMap(Function.identity(), unused -> value.get()));
    }
}
