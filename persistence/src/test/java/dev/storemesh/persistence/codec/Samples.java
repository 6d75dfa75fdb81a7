package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessDecider;
import dev.storemesh.protocol.access.AccessEvent;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.catalog.CatalogEvent;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.object.Dropped;
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
import dev.storemesh.protocol.object.VersionedObject;
import dev.storemesh.protocol.object.WrittenVersions;
import dev.storemesh.protocol.replica.Copy;
import dev.storemesh.protocol.replica.OwnWrites;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.replica.ReplicaEvent;
import dev.storemesh.protocol.replica.ReplicaRound;
import dev.storemesh.protocol.replica.RequestQueue;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.VerificationOrder;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Unsetting;
import dev.storemesh.protocol.write.Remembered;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What the sample files hold, by the name of the file. An entry is never changed or removed: its file was written
/// by a program that somebody may have run.
final class Samples {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final HistoryId HISTORY = new HistoryId("01JD6ZK8Q0ABCDEFGHJKMNPQRS");
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final StoreId STORE = new StoreId("store-1");
    private static final Namespace ACME = new Namespace("com.acme");
    private static final Optional<LocationId> HERE = Optional.of(STORE.location());
    private static final ObjectToken TEA = new ObjectToken("01JD6ZK8Q1ABCDEFGHJKMNPQRS");
    private static final ObjectToken MILK = new ObjectToken("milk~1.5_");
    private static final TypeName ITEM = new TypeName("retail.item");
    private static final DefinitionName NAME = new DefinitionName("retail.item.name");
    private static final DefinitionName PRICE = new DefinitionName("retail.item.price");
    private static final String DIGEST = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final ChainHash CHAIN =
            new ChainHash("ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100");
    private static final LockToken LOCK = new LockToken(new Version(513), "00112233445566778899aabbccddeeff");
    private static final Provenance ANN = new Provenance(
            "ann",
            Optional.of("console"),
            Optional.empty(),
            Optional.of(STORE),
            Optional.of("key-1"),
            Optional.of("Frühling"));
    private static final AppName LOYALTY = new AppName("com.acme.loyalty");
    private static final Provenance FOR_ZOE = ANN.withApp(LOYALTY.text(), Optional.of("Zoë"));
    private static final RequestId REQUEST = new RequestId("cr-01JD6ZK8Q2ABCDEFGHJKMNPQRS");
    private static final PartitionMap PARTITIONS = new PartitionMap(1, List.of(new Position(300)));
    private static final LogIndex INDEX = new LogIndex(List.of(
            new LogIndex.Mark(new Version(1), new Position(2)), new LogIndex.Mark(new Version(130), new Position(66))));

    static final Map<String, Object> ALL = all();

    private Samples() {}

    private static Map<String, Object> all() {
        var all = new LinkedHashMap<String, Object>();
        all.put(
                "Round",
                Round.of(new CatalogEvent.Opened(NOON), new CatalogEvent.WriteAccepted(entry(), Map.of(), DIGEST)));
        all.put("CatalogEvent.Opened", Round.of(new CatalogEvent.Opened(NOON)));
        all.put("CatalogEvent.HistoryBegun", Round.of(new CatalogEvent.HistoryBegun(NOON, HISTORY)));
        all.put("Catalog.Made-4", restoredCatalog());
        all.put("CatalogEvent.Created", Round.of(new CatalogEvent.Created(NOON, HISTORY)));
        all.put(
                "CatalogEvent.WriteAccepted",
                Round.of(new CatalogEvent.WriteAccepted(entry(), Map.of("#tea", TEA, "#milk", MILK), DIGEST)));
        all.put("CatalogEvent.TransactionOpened", Round.of(opened()));
        all.put(
                "CatalogEvent.StepAccepted",
                Round.of(new CatalogEvent.StepAccepted(
                        entry().as(new LogEntry.Part.Step(7)), Map.of("#tea", TEA), DIGEST)));
        for (var how : Ending.How.values()) {
            all.put(
                    "CatalogEvent.TransactionEnded-" + how.wireName(),
                    Round.of(new CatalogEvent.TransactionEnded(end(), how)));
        }
        all.put(
                "CatalogEvent.TransactionEnded",
                Round.of(new CatalogEvent.TransactionEnded(end(), Ending.How.COMMITTED)));
        all.put("CatalogEvent.Repartitioned", Round.of(new CatalogEvent.Repartitioned(NOON, 9, 256)));
        all.put("Value.Text", writing(new Value.Text("Grüner Tee 🍵")));
        all.put("Value.Whole", writing(new Value.Whole(-9_007_199_254_740_991L)));
        all.put("Value.Decimal", writing(new Value.Decimal(new BigDecimal("-12.50"))));
        all.put("Value.Flag", writing(new Value.Flag(true), new Value.Flag(false)));
        all.put("Value.Moment", writing(new Value.Moment(Instant.parse("1969-12-31T23:59:59.999Z"))));
        all.put("Value.Money", writing(new Value.Money(350, "USD"), new Value.Money(-1, "USD")));
        all.put("Value.Reference", writing(new Value.Reference(MILK), new Value.Reference(TEA)));
        all.put("Round-packed", Round.of(new CatalogEvent.WriteAccepted(large(), Map.of("#tea", TEA), DIGEST)));
        all.put("Catalog.Unmade", new Catalog.Unmade(DEMO, new Position(1)));
        all.put("Catalog.Made", made(SchemaHistory.EMPTY));
        all.put("Catalog.Made-2", made(schemas()));
        all.put("Catalog.Made-3", madeWithTransactions());
        all.put("Catalog.Made-doubled", doubledCatalog());
        all.put("PartitionEvent.Checkpointed", new PartitionEvent.Checkpointed(new Position(300)));
        all.put("PartitionImage", image(Optional.empty()));
        all.put("PartitionImage-2", image(Optional.of(written())));
        all.put("PartitionImage-3", imageWithSteps());
        all.put("PartitionImage-4", imageOfWhatIsLeft());
        all.put("PartitionImage-5", imageWithLocals());
        all.put("PartitionImage-6", imageWithACopy());
        all.put(
                "ReplicaRound",
                ReplicaRound.of(
                        new ReplicaEvent.Opened(NOON),
                        new ReplicaEvent.RequestQueued(request(new Operation.Delete(known(), Optional.empty())))));
        all.put("ReplicaEvent.Opened", ReplicaRound.of(new ReplicaEvent.Opened(NOON)));
        all.put("ReplicaEvent.Enrolled", ReplicaRound.of(new ReplicaEvent.Enrolled(NOON, STORE, HISTORY, 3)));
        all.put(
                "ReplicaEvent.RequestsQueuedAgain",
                ReplicaRound.of(new ReplicaEvent.RequestsQueuedAgain(NOON, 5, List.of(withdrawal()))));
        all.put("ReplicaEvent.EpochOpened", ReplicaRound.of(new ReplicaEvent.EpochOpened(NOON, 4)));
        all.put("ReplicaEvent.CopyAsked", ReplicaRound.of(new ReplicaEvent.CopyAsked(NOON)));
        all.put("ReplicaEvent.ScopeAsked", ReplicaRound.of(new ReplicaEvent.ScopeAsked(NOON, HERE)));
        all.put("ReplicaEvent.LoadBegun", ReplicaRound.of(new ReplicaEvent.LoadBegun(NOON, HISTORY, floor())));
        all.put("ReplicaEvent.PageLoaded", ReplicaRound.of(new ReplicaEvent.PageLoaded(NOON, loaded())));
        all.put("ReplicaEvent.Loaded", ReplicaRound.of(new ReplicaEvent.Loaded(NOON, new Version(512))));
        all.put("ReplicaEvent.Followed", ReplicaRound.of(new ReplicaEvent.Followed(NOON, List.of(entry()))));
        for (var part : List.of("Part.Whole", "Part.Step", "Part.End")) {
            all.put(
                    part,
                    ReplicaRound.of(new ReplicaEvent.Followed(
                            NOON, List.of(entry(), entry().as(new LogEntry.Part.Step(1)), end()))));
        }
        all.put("ReplicaEvent.RequestQueued-2", ReplicaRound.of(new ReplicaEvent.RequestQueued(withdrawal())));
        all.put("ReplicaEvent.RequestQueued-3", ownRequest());
        for (var edit : List.of("LocalEdit.Clears", "LocalEdit.Ends", "LocalEdit.Sets")) {
            all.put(edit, ownRequest());
        }
        all.put("ReplicaEvent.OwnDecided", ReplicaRound.of(new ReplicaEvent.OwnDecided(NOON, List.of(end(7)))));
        all.put("ReplicaEvent.RequestQueued", queued(new Operation.Delete(known(), Optional.empty())));
        all.put("ReplicaEvent.Repartitioned", ReplicaRound.of(new ReplicaEvent.Repartitioned(NOON, 9, 256)));
        all.put("ReplicaEvent.RequestsOffered", ReplicaRound.of(new ReplicaEvent.RequestsOffered(NOON, 7)));
        all.put("Operation.Put", queued(put(new Literal.Text("Tea"))));
        all.put("Operation.Delete", queued(new Operation.Delete(known(), Optional.empty())));
        all.put("Operation.Put-2", queued(put(new Unsetting(slot(), Optional.of(new Literal.Text("b"))))));
        all.put("Operation.Delete-2", queued(new Operation.Delete(known(), Optional.of(new Version(41)))));
        all.put("Operation.Undelete", queued(new Operation.Undelete(known(), Optional.of(new Version(41)))));
        all.put("ObjectRef.Known", queued(new Operation.Delete(known(), Optional.empty())));
        all.put("ObjectRef.Temporary", queued(new Operation.Delete(new ObjectRef.Temporary("#tea"), Optional.empty())));
        all.put("Literal.Text", queued(put(new Literal.Text("12.50"))));
        all.put("Literal.Whole", queued(put(new Literal.Whole(-7))));
        all.put("Literal.Flag", queued(put(new Literal.Flag(true)), put(new Literal.Flag(false))));
        all.put("Literal.Amount", queued(put(new Literal.Amount(350, "USD"))));
        all.put("Replica.Unenrolled", new Replica.Unenrolled(DEMO, new Position(0)));
        all.put("Replica.Following", following(SchemaHistory.EMPTY));
        all.put("Replica.Following-2", following(schemas()));
        all.put("Replica.Following-4", withRoles());
        all.put("Replica.Following-3", followingSteps());
        all.put("Replica.Following-5", withOwnWrites());
        all.put("Replica.Following-6", withACopy());
        all.put("Replica.Following-scoped", withACopyOfALocation());
        all.put("Replica.Following-doubled", doubledReplica());
        all.put("AccessEvent.SiteOpened", new AccessEvent.SiteOpened(NOON, DIGEST));
        for (var role : Role.values()) {
            all.put("AccessEvent.TokenIssued-" + role.wireName(), issued(role, Optional.empty()));
        }
        all.put(
                "AccessEvent.TokenIssued",
                new AccessEvent.TokenIssued(
                        NOON,
                        "t-2",
                        "till",
                        Role.READER,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        secret(),
                        Optional.empty()));
        all.put(
                "AccessEvent.TokenIssued-forStore",
                new AccessEvent.TokenIssued(
                        NOON,
                        "t-3",
                        "Bea",
                        Role.STORE_MANAGER,
                        Optional.of(DEMO),
                        Optional.of(LOYALTY),
                        Optional.of(STORE),
                        secret(),
                        Optional.of(NOON.plusSeconds(60))));
        all.put("AccessEvent.TokenIssued-appRole", issued(Role.APP, Optional.of(LOYALTY)));
        all.put("AccessEvent.TokenIssued-app", issued(Role.EDITOR, Optional.of(LOYALTY)));
        all.put("AccessEvent.TokenRevoked", new AccessEvent.TokenRevoked(NOON, "t-1"));
        all.put(
                "AccessEvent.StoreInvited",
                new AccessEvent.StoreInvited(NOON, STORE, DEMO, secret(), NOON.plusSeconds(60)));
        all.put("AccessEvent.StoreEnrolled", new AccessEvent.StoreEnrolled(NOON, STORE, "node-1", secret(), 3));
        all.put("AccessEvent.CredentialUsed", new AccessEvent.CredentialUsed(NOON, STORE));
        all.put("AccessEvent.NamespaceClaimed", new AccessEvent.NamespaceClaimed(NOON, ACME, LOYALTY));
        all.put("AccessEvent.CredentialRenewed", new AccessEvent.CredentialRenewed(NOON, STORE, secret()));
        all.put("AccessEvent.CredentialReplaced", new AccessEvent.CredentialReplaced(NOON, STORE));
        all.put("AccessEvent.StoreSuspended", new AccessEvent.StoreSuspended(NOON, STORE));
        all.put("AccessEvent.StoreResumed", new AccessEvent.StoreResumed(NOON, STORE));
        all.put("AccessEvent.StoreRemoved", new AccessEvent.StoreRemoved(NOON, STORE));
        all.put("AccessEvent.StaffReceived", new AccessEvent.StaffReceived(NOON, staff()));
        all.put("AccessEvent.StaffConfirmed", new AccessEvent.StaffConfirmed(NOON));
        all.put("AccessEvent.VerificationOrdered", new AccessEvent.VerificationOrdered(STORE, order()));
        all.put("AccessEvent.VerificationKept", new AccessEvent.VerificationKept(NOON, STORE, different()));
        all.put("Verification.Different", new AccessEvent.VerificationKept(NOON, STORE, different()));
        all.put(
                "Verification.Same",
                new AccessEvent.VerificationKept(NOON, STORE, byItself(new Verification.Same(new Version(7), 300))));
        all.put(
                "Verification.NotCompared",
                new AccessEvent.VerificationKept(NOON, STORE, byItself(new Verification.NotCompared("nothing_here"))));
        all.put("Access", access());
        all.put("Access-staff", accessWithStaff());
        all.put("Access-verified", accessWithVerifications());
        all.put("Access-apps", accessWithApps());
        all.put(
                "Provenance-app",
                Round.of(new CatalogEvent.WriteAccepted(
                        by(Provenance.of("loyalty").withApp(LOYALTY.text(), Optional.empty())), Map.of(), "")));
        all.put("Provenance-actingFor", Round.of(new CatalogEvent.WriteAccepted(by(FOR_ZOE), Map.of(), "")));
        return all;
    }

    private static LogEntry entry() {
        var set = List.of(
                new Attribute(NAME, Optional.empty(), new Value.Text("Tea")),
                new Attribute(PRICE, HERE, new Value.Money(375, "USD")));
        var ended = List.of(new Row(new Attribute(PRICE, HERE, new Value.Money(350, "USD")), new Version(41)));
        return new LogEntry(
                new Version(300),
                NOON,
                ANN,
                CHAIN,
                false,
                List.of(
                        new ObjectChange(TEA, ITEM, false, set, ended),
                        new ObjectChange(MILK, ITEM, true, List.of(), List.of())));
    }

    private static LogEntry end() {
        return by(Provenance.of("ann")).as(new LogEntry.Part.End(7));
    }

    private static CatalogEvent.TransactionOpened opened() {
        return new CatalogEvent.TransactionOpened(
                NOON, LOCK, ANN, DIGEST, Duration.ofSeconds(60), NOON.plusSeconds(14_400), 4L << 30);
    }

    private static StagedVersion staged() {
        return new StagedVersion(LOCK.version(), 2, CHAIN, schemas());
    }

    private static Catalog madeWithTransactions() {
        var open = new OpenTransaction(
                LOCK,
                ANN,
                DIGEST,
                NOON,
                Duration.ofSeconds(60),
                NOON.plusSeconds(14_400),
                4L << 30,
                NOON.plusSeconds(1),
                NOON.plusMillis(1),
                350,
                Map.of("#tea", TEA),
                staged());
        var ended = Stream.of(Ending.How.values())
                .map(how -> new Transactions.Ended(
                        new LockToken(new Version(400 + how.wireName().length()), "0123456789abcdef0123456789abcdef"),
                        Optional.of(new IdempotencyKey("ann", "key-1")).filter(key -> how == Ending.How.IDLE),
                        new Ending(how, NOON)))
                .toList();
        return new Catalog.Made(
                DEMO,
                new Position(300),
                HISTORY,
                new Version(512),
                CHAIN,
                NOON,
                PARTITIONS,
                new LogIndex(List.of(
                        new LogIndex.Mark(new Version(1), new Position(2)),
                        new LogIndex.Mark(new Version(512), 7, new Position(66)))),
                schemas(),
                new Transactions(Optional.of(open), ended, List.of(new Version(401), new Version(402))));
    }

    private static PartitionImage imageWithSteps() {
        var image = image(Optional.of(written()));
        var before = new Row(new Attribute(PRICE, HERE, new Value.Money(350, "USD")), new Version(41));
        return new PartitionImage(
                image.position(),
                image.objects(),
                image.answers(),
                image.written(),
                Optional.of(new StagedImage(
                        LOCK.version(),
                        image.objects(),
                        Map.of(MILK, new ObjectState.Live(ITEM, List.of(before), new Version(41))),
                        Map.of(
                                new IdempotencyKey("ann", "key-2"),
                                new Remembered(LOCK.version(), DIGEST, Map.of("#tea", TEA), 2)),
                        new Written(NOON, Provenance.of("ann")))));
    }

    private static PartitionImage imageOfWhatIsLeft() {
        var image = imageWithSteps();
        var left = image.objects().stream()
                .map(object -> object.lacking(
                        new Dropped(new Version(44), Map.of(Optional.empty(), new Version(43), HERE, new Version(44)))))
                .toList();
        return new PartitionImage(
                image.position(),
                left,
                image.answers(),
                image.written(),
                image.staged()
                        .map(steps -> steps.with(steps.objects().stream()
                                .map(object -> object.lacking(new Dropped(new Version(2), Map.of())))
                                .toList())));
    }

    private static LocalChange ownWrite() {
        return new LocalChange(
                7,
                new Version(299),
                List.of(
                        new LocalEdit.Clears(TEA, slot()),
                        new LocalEdit.Ends(MILK, slot(), new Value.Text("b")),
                        new LocalEdit.Sets(TEA, slot(), new Value.Text("a"), false),
                        new LocalEdit.Sets(TEA, new Slot(PRICE, HERE), new Value.Money(351, "USD"), true)));
    }

    private static LocalEnd end(long number) {
        return new LocalEnd(number, new Version(301), Set.of(TEA, MILK));
    }

    private static ReplicaRound ownRequest() {
        return ReplicaRound.of(
                new ReplicaEvent.RequestQueued(request(put(new Literal.Text("Tea"))), Optional.of(ownWrite())));
    }

    private static PartitionImage imageWithLocals() {
        var image = imageOfWhatIsLeft();
        return new PartitionImage(
                image.position(),
                image.objects(),
                image.answers(),
                image.written(),
                image.staged(),
                new LocalImage(
                        List.of(
                                new LocalImage.Kept(ownWrite(), Optional.of(new Version(301))),
                                new LocalImage.Kept(
                                        new LocalChange(
                                                8, new Version(300), List.of(new LocalEdit.Clears(TEA, slot()))),
                                        Optional.empty())),
                        new Version(41)));
    }

    private static Floor floor() {
        return new Floor(new Version(512), CHAIN, NOON);
    }

    private static List<LoadedObject> loaded() {
        return imageOfWhatIsLeft().objects().stream().map(LoadedObject::new).toList();
    }

    private static PartitionImage imageWithACopy() {
        var image = imageWithLocals();
        return new PartitionImage(
                image.position(),
                image.objects(),
                image.answers(),
                image.written(),
                image.staged(),
                image.locals(),
                new LoadImage(imageOfWhatIsLeft().objects(), new Position(17)));
    }

    private static Replica withACopy() {
        return withACopy(Optional.empty(), Optional.empty());
    }

    private static Replica withACopyOfALocation() {
        return withACopy(Optional.of(new LocationId("store-2")), HERE);
    }

    private static Replica withACopy(Optional<LocationId> held, Optional<LocationId> wanted) {
        var plain = (Replica.Following) withOwnWrites();
        var schemas = SchemaHistory.of(schemas().objects().stream()
                .map(object -> object.lacking(new Dropped(new Version(2), Map.of(HERE, new Version(2)))))
                .toList());
        var begun = new Load.Begun(HISTORY, floor(), Optional.of(TEA), loaded(), Set.of(TEA, MILK), List.of(end(7)));
        return new Replica.Following(
                plain.id(),
                plain.position(),
                plain.store(),
                plain.history(),
                plain.epoch(),
                plain.head(),
                plain.chain(),
                plain.partitions(),
                plain.index(),
                plain.queue(),
                schemas,
                plain.staged(),
                plain.own(),
                new Copy(Optional.of(floor()), Optional.of(new Load(true, Optional.of(begun), wanted)), held));
    }

    private static Replica withOwnWrites() {
        var plain = (Replica.Following) withRoles();
        return new Replica.Following(
                plain.id(),
                plain.position(),
                plain.store(),
                plain.history(),
                plain.epoch(),
                plain.head(),
                plain.chain(),
                plain.partitions(),
                plain.index(),
                plain.queue(),
                plain.schemas(),
                Optional.of(staged()),
                new OwnWrites(9, Map.of(REQUEST, new OwnWrites.OwnWrite(7, Set.of(TEA, MILK)))));
    }

    private static Replica followingSteps() {
        var plain = (Replica.Following) following(schemas());
        return new Replica.Following(
                plain.id(),
                plain.position(),
                plain.store(),
                plain.history(),
                plain.epoch(),
                plain.head(),
                plain.chain(),
                plain.partitions(),
                plain.index(),
                plain.queue(),
                plain.schemas(),
                Optional.of(staged()),
                OwnWrites.NONE);
    }

    private static PartitionMap doubled() {
        return PARTITIONS.doubled().doubled();
    }

    private static Catalog restoredCatalog() {
        return new Catalog.Made(
                DEMO,
                new Position(301),
                new HistoryId("01JD6ZK8Q1ABCDEFGHJKMNPQRT"),
                new Version(512),
                CHAIN,
                NOON,
                PARTITIONS,
                INDEX,
                schemas(),
                Transactions.NONE,
                HISTORY);
    }

    private static Catalog doubledCatalog() {
        return new Catalog.Made(
                DEMO, new Position(301), HISTORY, new Version(512), CHAIN, NOON, doubled(), INDEX, schemas());
    }

    private static Replica doubledReplica() {
        var plain = (Replica.Following) following(schemas());
        return new Replica.Following(
                plain.id(),
                plain.position(),
                plain.store(),
                plain.history(),
                plain.epoch(),
                plain.head(),
                plain.chain(),
                doubled(),
                plain.index(),
                plain.queue(),
                plain.schemas());
    }

    private static Round writing(Value... values) {
        var set = List.of(values).stream()
                .map(value -> new Attribute(NAME, Optional.empty(), value))
                .toList();
        var entry = new LogEntry(
                new Version(1),
                NOON,
                Provenance.of("ann"),
                CHAIN,
                true,
                List.of(new ObjectChange(TEA, ITEM, false, set, List.of())));
        return Round.of(new CatalogEvent.WriteAccepted(entry, Map.of(), ""));
    }

    /// Long enough to be packed.
    private static LogEntry large() {
        return new LogEntry(
                new Version(7),
                NOON,
                ANN,
                CHAIN,
                false,
                IntStream.range(0, 40)
                        .mapToObj(i -> new ObjectChange(
                                new ObjectToken("tea-" + i),
                                ITEM,
                                false,
                                List.of(
                                        new Attribute(NAME, Optional.empty(), new Value.Text("Grüner Tee Nr. " + i)),
                                        new Attribute(PRICE, HERE, new Value.Money(350 + i, "USD"))),
                                List.of()))
                        .toList());
    }

    private static LogEntry by(Provenance provenance) {
        return new LogEntry(new Version(1), NOON, provenance, CHAIN, false, List.of());
    }

    private static WrittenVersions written() {
        var written = new WrittenVersions();
        written.add(new Version(1), new Written(NOON.minusSeconds(60), Provenance.of("ann")));
        written.add(new Version(9), new Written(NOON.minusMillis(1), Provenance.of("ann")));
        written.add(new Version(300), new Written(NOON, ANN));
        return written;
    }

    private static PartitionImage image(Optional<WrittenVersions> written) {
        var row = new Row(new Attribute(PRICE, HERE, new Value.Money(350, "USD")), new Version(41));
        var tea = new VersionedObject(
                TEA,
                ITEM,
                List.of(
                        new VersionedObject.Life(new Version(1), Optional.of(new Version(9))),
                        new VersionedObject.Life(new Version(41), Optional.empty())),
                List.of(new Row(new Attribute(NAME, Optional.empty(), new Value.Text("Tea")), new Version(41))),
                List.of(new VersionedObject.EndedRow(row, new Version(300))));
        return new PartitionImage(
                new Position(300),
                List.of(tea),
                Map.of(
                        new IdempotencyKey("ann", "key-1"),
                                new Remembered(new Version(41), DIGEST, Map.of("#tea", TEA)),
                        new IdempotencyKey("ben", "key-1"), new Remembered(new Version(42), "", Map.of())),
                written);
    }

    private static ObjectRef known() {
        return new ObjectRef.Known(TEA);
    }

    private static Operation put(Literal literal) {
        return new Operation.Put(
                known(),
                true,
                Optional.of(ITEM),
                List.of(new Operation.Setting(new Slot(PRICE, HERE), literal)),
                List.of(new Unsetting(new Slot(NAME, Optional.empty()), Optional.empty())),
                Optional.empty());
    }

    private static Slot slot() {
        return new Slot(NAME, Optional.empty());
    }

    private static Operation put(Unsetting unsetting) {
        return new Operation.Put(
                known(), false, Optional.empty(), List.of(), List.of(unsetting), Optional.of(new Version(41)));
    }

    private static Catalog made(SchemaHistory schemas) {
        return new Catalog.Made(
                DEMO, new Position(300), HISTORY, new Version(512), CHAIN, NOON, PARTITIONS, INDEX, schemas);
    }

    private static SchemaHistory schemas() {
        var id = new Attribute(new DefinitionName("sys.location.id"), Optional.empty(), new Value.Text(STORE.text()));
        var kind = new Attribute(new DefinitionName("sys.location.kind"), Optional.empty(), new Value.Text("store"));
        return SchemaHistory.of(List.of(new VersionedObject(
                new ObjectToken("sys.01JD6ZK8Q1ABCDEFGHJKMNPQRS"),
                new TypeName("sys.location"),
                List.of(new VersionedObject.Life(new Version(2), Optional.empty())),
                List.of(new Row(id, new Version(2)), new Row(kind, new Version(2))),
                List.of())));
    }

    private static QueuedRequest request(Operation... operations) {
        return new QueuedRequest(
                REQUEST, 7, new Version(300), List.of(operations), ANN, DIGEST, Map.of("#tea", TEA), NOON);
    }

    private static QueuedRequest withdrawal() {
        return new QueuedRequest(
                new RequestId("cr-01JD6ZK8Q3ABCDEFGHJKMNPQRS"),
                8,
                new Version(301),
                List.of(),
                ANN,
                Optional.of("store_manager"),
                "",
                Map.of(),
                NOON,
                Optional.of(REQUEST));
    }

    private static Replica withRoles() {
        var plain = (Replica.Following) following(schemas());
        var queue = new RequestQueue(
                List.of(request(new Operation.Delete(known(), Optional.empty())), withdrawal()), 6, 8, Map.of());
        return new Replica.Following(
                plain.id(),
                plain.position(),
                plain.store(),
                plain.history(),
                plain.epoch(),
                plain.head(),
                plain.chain(),
                plain.partitions(),
                plain.index(),
                queue,
                plain.schemas());
    }

    static ReplicaRound queued(Operation... operations) {
        return ReplicaRound.of(new ReplicaEvent.RequestQueued(request(operations)));
    }

    private static Replica following(SchemaHistory schemas) {
        var answer = new RequestQueue.KeptAnswer(REQUEST, DIGEST, Map.of("#tea", TEA), NOON);
        var queue = new RequestQueue(
                List.of(request(new Operation.Delete(known(), Optional.empty()))),
                6,
                7,
                Map.of(new IdempotencyKey("ann", "key-1"), answer));
        return new Replica.Following(
                DEMO, new Position(300), STORE, HISTORY, 3, new Version(300), CHAIN, PARTITIONS, INDEX, queue, schemas);
    }

    private static AccessEvent issued(Role role, Optional<AppName> app) {
        return new AccessEvent.TokenIssued(
                NOON,
                "t-1",
                "Ann",
                role,
                Optional.of(DEMO),
                app,
                Optional.empty(),
                secret(),
                Optional.of(NOON.plusSeconds(60)));
    }

    private static Access access() {
        var token = token("t-1", Optional.empty());
        var invited = new Access.Store(
                STORE,
                DEMO,
                NOON,
                Optional.of(new Access.Invitation(secret(), NOON.plusSeconds(60))),
                Optional.empty());
        var enrolled = new Access.Store(
                new StoreId("store-2"),
                DEMO,
                NOON,
                Optional.empty(),
                Optional.of(new Access.Enrolment("node-1", secret(), 3, true, false)));
        return new Access(
                DIGEST, Map.of("t-1", token), Map.of(STORE, invited, enrolled.id(), enrolled), Namespaces.NONE);
    }

    private static Access.Token token(String id, Optional<AppName> app) {
        return new Access.Token(
                id,
                "Ann",
                Role.EDITOR,
                Optional.of(DEMO),
                app,
                Optional.empty(),
                secret(),
                NOON,
                Optional.of(NOON.plusSeconds(60)),
                true);
    }

    private static Access accessWithApps() {
        return new Access(
                DIGEST,
                Map.of("t-1", token("t-1", Optional.empty()), "t-2", token("t-2", Optional.of(LOYALTY))),
                Map.of(),
                Namespaces.NONE.with(ACME, LOYALTY).with(new Namespace("org.example"), LOYALTY));
    }

    private static StaffList staff() {
        return new StaffList(DIGEST, List.of(staffToken()));
    }

    private static Access.Token staffToken() {
        return new Access.Token(
                "t-3",
                "Bea",
                Role.CLERK,
                Optional.of(DEMO),
                Optional.empty(),
                Optional.of(STORE),
                secret(),
                NOON,
                Optional.empty(),
                false);
    }

    private static Access accessWithStaff() {
        var renewed = new Access.Enrolment("node-1", secret(), 3, true, false, Optional.of(secret()));
        var suspended =
                new Access.Store(STORE, DEMO, NOON, Optional.empty(), Optional.of(renewed), Access.Standing.SUSPENDED);
        var removed = new Access.Store(
                new StoreId("store-2"), DEMO, NOON, Optional.empty(), Optional.empty(), Access.Standing.REMOVED);
        return new Access(
                DIGEST,
                Map.of("t-3", staffToken()),
                Map.of(STORE, suspended, removed.id(), removed),
                Namespaces.NONE,
                Optional.of(new Access.Staff(NOON, staff())),
                Map.of());
    }

    private static VerificationOrder order() {
        return new VerificationOrder("01JCZ0000000000000000000V1", Cause.NIGHTLY, true, NOON);
    }

    private static Verification different() {
        return new Verification(
                Optional.of(order().id()),
                Cause.ORDERED,
                NOON,
                new Verification.Different(
                        new Version(7),
                        300,
                        Stream.of(Verification.Kind.values())
                                .map(kind -> new Verification.Difference(new ObjectToken(kind.wireName()), kind))
                                .toList(),
                        true),
                true);
    }

    private static Verification byItself(Verification.Outcome outcome) {
        return new Verification(Optional.empty(), Cause.RECONNECTED, NOON, outcome, false);
    }

    private static Access accessWithVerifications() {
        return evolved(
                accessWithStaff(),
                new AccessEvent.VerificationOrdered(STORE, order()),
                new AccessEvent.VerificationKept(NOON, STORE, byItself(new Verification.Same(new Version(7), 300))));
    }

    private static Access evolved(Access access, AccessEvent... events) {
        return Stream.of(events).reduce(access, AccessDecider::evolve, (one, other) -> other);
    }

    private static SecretHash secret() {
        return new SecretHash(DIGEST);
    }
}
