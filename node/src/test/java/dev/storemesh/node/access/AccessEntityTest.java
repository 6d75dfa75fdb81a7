package dev.storemesh.node.access;

import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.storemesh.node.catalog.Standings;
import dev.storemesh.node.site.AccessSettings;
import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.access.Access.Standing;
import dev.storemesh.protocol.access.AccessPort.Changed;
import dev.storemesh.protocol.access.AccessPort.Claim;
import dev.storemesh.protocol.access.AccessPort.Invited;
import dev.storemesh.protocol.access.AccessPort.Issued;
import dev.storemesh.protocol.access.AccessPort.Joined;
import dev.storemesh.protocol.access.AccessPort.NewToken;
import dev.storemesh.protocol.access.AccessPort.Ordered;
import dev.storemesh.protocol.access.Authentication;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Tokens, stores, enrolment and namespaces of a site, over restarts of all of it.
class AccessEntityTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final HistoryId HISTORY = new HistoryId("01JCZ0000000000000000000HQ");
    private static final StoreId STORE = new StoreId("store-1");
    private static final String JOURNAL = "access|site";
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration CACHE = Duration.ofMinutes(1);
    private static final AppName LOYALTY = new AppName("com.acme.loyalty");
    private static final AppName PRICES = new AppName("com.acme.prices");
    private static final Namespace ACME = new Namespace("com.acme");

    @TempDir
    Path folder;

    private final Secrets secrets = new Secrets(new SecureRandom());
    private final Deque<TestSite> running = new ArrayDeque<>();
    /// Finer than rows can hold.
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T12:00:00.123456789Z"));

    @AfterEach
    void stopAll() {
        running.forEach(TestSite::close);
    }

    private SiteAccess start() {
        var site = TestSite.start(folder);
        running.push(site);
        return siteAccess(Optional.of(new OneCatalog()));
    }

    private SiteAccess siteAccess(Optional<Standings> catalogs) {
        return siteAccess(catalogs, Optional.empty());
    }

    private SiteAccess siteAccess(Optional<Standings> catalogs, Optional<StoreId> store) {
        return new SiteAccess(
                running.getFirst().system(),
                catalogs,
                store,
                new AccessSettings(CACHE, WEEK),
                Optional.empty(),
                now::get,
                new SecureRandom(),
                secrets);
    }

    private SiteAccess restart() {
        running.pop().close();
        return start();
    }

    private long rows() {
        return running.getFirst().rows(JOURNAL);
    }

    private static final class OneCatalog implements Standings {
        @Override
        public CompletionStage<Optional<LogStanding>> now(CatalogId catalog) {
            return CompletableFuture.completedFuture(
                    catalog.equals(DEMO)
                            ? Optional.of(new Catalog.Made(
                                    DEMO,
                                    Position.START,
                                    HISTORY,
                                    Version.NONE,
                                    ChainHash.origin(DEMO, HISTORY),
                                    Instant.EPOCH,
                                    PartitionMap.single(),
                                    LogIndex.EMPTY,
                                    SchemaHistory.EMPTY))
                            : Optional.empty());
        }

        @Override
        public CompletionStage<Optional<LogStanding>> after(CatalogId catalog, Version after, Duration patience) {
            return now(catalog);
        }
    }

    private static String invite(SiteAccess access) {
        return ((Invited.JoinToken) get(access.invite(STORE, DEMO, DAY))).joinToken();
    }

    private static Joined.Credential enrol(SiteAccess access, String joinToken, String node) {
        var joined = get(access.enrol(joinToken, node));
        assertThat(joined).isInstanceOf(Joined.Credential.class);
        return (Joined.Credential) joined;
    }

    private static Principal principal(SiteAccess access, String secret) {
        return get(access.authenticate(secret)).known().orElseThrow();
    }

    private static Issued.Token issue(
            SiteAccess access,
            String name,
            Role role,
            Optional<CatalogId> catalog,
            Optional<AppName> app,
            Optional<Duration> valid) {
        return (Issued.Token) get(access.issue(new NewToken(name, role, catalog, app, Optional.empty(), valid)));
    }

    private static Issued.Token clerk(SiteAccess access, String name) {
        return (Issued.Token) get(access.issue(new NewToken(
                name, Role.CLERK, Optional.empty(), Optional.empty(), Optional.of(STORE), Optional.empty())));
    }

    private static boolean isKnown(SiteAccess access, String secret) {
        return get(access.authenticate(secret)) instanceof Authentication.Known;
    }

    @Test
    void opensOnceAndTakesAnOperatorTokenThatWasMadeAnew() {
        var access = start();
        var opened = get(access.open("operator-1"));
        assertThat(isKnown(access, "operator-1")).isTrue();
        var before = rows();
        access = restart();
        assertThat(get(access.open("operator-1"))).isEqualTo(opened);
        assertThat(rows()).isEqualTo(before);
        assertThat(get(access.open("operator-2")).pageKey()).isEqualTo(opened.pageKey());
        assertThat(isKnown(access, "operator-1")).isTrue();
        assertThat(isKnown(access, "operator-2")).isTrue();
        assertThat(isKnown(access, "operator-3")).isFalse();
    }

    @Test
    void aRevokedTokenStaysRevokedOverRestarts() {
        var access = start();
        get(access.open("operator-1"));
        var issued = issue(access, "importer", Role.EDITOR, Optional.of(DEMO), Optional.empty(), Optional.empty());
        assertThat(principal(access, issued.secret()).sees(new CatalogId("other")))
                .isFalse();
        assertThat(get(access.revoke(issued.token().id()))).isTrue();
        assertThat(isKnown(access, issued.secret())).isFalse(); // at once, whatever is cached
        var before = rows();
        assertThat(get(access.revoke(issued.token().id()))).isTrue();
        assertThat(get(access.revoke("nothing"))).isFalse();
        assertThat(rows()).isEqualTo(before);
        access = restart();
        assertThat(isKnown(access, issued.secret())).isFalse();
        assertThat(get(access.tokens()))
                .extracting(token -> token.name() + token.revoked())
                .containsExactlyInAnyOrder("operatorfalse", "importertrue");
    }

    @Test
    void aTokenEndsWithItsTime() {
        var access = start();
        get(access.open("operator-1"));
        var issued = issue(access, "importer", Role.EDITOR, Optional.empty(), Optional.empty(), Optional.of(DAY));
        assertThat(isKnown(access, issued.secret())).isTrue();
        now.updateAndGet(instant -> instant.plus(DAY).plusSeconds(61)); // and the time of the cache
        assertThat(isKnown(access, issued.secret())).isFalse();
    }

    @Test
    void anAppsTokenIsTheAppsOverRestarts() {
        var access = start();
        get(access.open("operator-1"));
        var issued = issue(access, "loyalty", Role.EDITOR, Optional.empty(), Optional.of(LOYALTY), Optional.empty());
        assertThat(issued.token().app()).contains(LOYALTY);
        access = restart();
        assertThat(principal(access, issued.secret()).app()).contains(LOYALTY);
        assertThat(principal(access, "operator-1").app()).isEmpty();
    }

    @Test
    void journalsAClaimOnceAndKeepsItOverRestarts() {
        var access = start();
        get(access.open("operator-1"));
        assertThat(get(access.namespaces())).isEqualTo(Namespaces.NONE);
        var before = rows();
        assertThat(get(access.claim(ACME, LOYALTY))).isEqualTo(new Claim.Claimed(true));
        assertThat(rows()).isEqualTo(before + 1);
        assertThat(access.namespaces().toCompletableFuture().getNow(Namespaces.NONE)) // from memory, at once
                .isEqualTo(Namespaces.NONE.with(ACME, LOYALTY));
        assertThat(get(access.claim(ACME, LOYALTY))).isEqualTo(new Claim.Claimed(false));
        assertThat(get(access.claim(new Namespace("com.acme.prices"), PRICES)))
                .isEqualTo(new Claim.Taken(ACME, LOYALTY));
        assertThat(get(access.claim(new Namespace("retail.prices"), PRICES))).isEqualTo(new Claim.Reserved());
        assertThat(rows()).isEqualTo(before + 1);
        access = restart();
        assertThat(get(access.namespaces())).isEqualTo(Namespaces.NONE.with(ACME, LOYALTY));
        assertThat(get(access.claim(ACME, PRICES))).isEqualTo(new Claim.Taken(ACME, LOYALTY));
    }

    @Test
    void hearsOfAnotherNodesClaimWithinTheCachesAge() {
        var access = start();
        get(access.open("operator-1"));
        var other = siteAccess(Optional.of(new OneCatalog())); // the same entity, as another node sees it
        assertThat(get(other.namespaces())).isEqualTo(Namespaces.NONE);
        get(access.claim(ACME, LOYALTY));
        now.updateAndGet(instant -> instant.plus(CACHE));
        assertThat(get(other.namespaces()).ownerOf("com.acme.points")).contains(LOYALTY);
    }

    @Test
    void aStoreClaimsNothing() {
        start();
        var store = siteAccess(Optional.empty());
        assertThat(get(store.claim(ACME, LOYALTY))).isEqualTo(new Claim.NotHq());
        assertThat(get(store.namespaces())).isEqualTo(Namespaces.NONE);
    }

    @Test
    void journalsTheFirstUseOfACredentialBeforeItIsAnsweredAndOnlyThen() {
        var access = start();
        var join = invite(access);
        var credential = enrol(access, join, "node-1").credential();
        var before = rows();
        assertThat(principal(access, credential).store()).hasValue(STORE);
        assertThat(rows()).isEqualTo(before + 1);
        assertThat(isKnown(access, credential)).isTrue();
        assertThat(rows()).isEqualTo(before + 1);
        access = restart();
        assertThat(isKnown(access, credential)).isTrue();
        assertThat(rows()).isEqualTo(before + 1);
        assertThat(get(access.enrol(join, "node-1"))).isInstanceOf(Joined.JoinTokenUsed.class); // it was used
    }

    @Test
    void letsTheSameNodeRepeatItsEnrolmentOverRestartsUntilItsCredentialIsUsed() {
        var access = start();
        var join = invite(access);
        var first = enrol(access, join, "node-1");
        access = restart();
        assertThat(get(access.enrol(join, "node-2"))).isInstanceOf(Joined.JoinTokenUsed.class);
        var second = enrol(access, join, "node-1");
        assertThat(second.epoch()).isEqualTo(first.epoch());
        assertThat(second.credential()).isNotEqualTo(first.credential());
        assertThat(isKnown(access, first.credential())).isFalse(); // the former one ended
        assertThat(isKnown(access, second.credential())).isTrue();
        access = restart();
        assertThat(get(access.enrol(join, "node-1"))).isInstanceOf(Joined.JoinTokenUsed.class);
        assertThat(get(access.enrol("smj_unknown", "node-1"))).isInstanceOf(Joined.NotInvited.class);

        var again = enrol(access, invite(access), "node-2"); // invited anew: another server for the store
        assertThat(again.epoch()).isEqualTo(first.epoch() + 1);
        assertThat(isKnown(access, second.credential())).isFalse();
    }

    @Test
    void anInvitationEndsWithItsTimeAndByTheNextOne() {
        var access = start();
        var first = invite(access);
        var second = invite(access);
        assertThat(get(access.enrol(first, "node-1"))).isInstanceOf(Joined.NotInvited.class);
        now.updateAndGet(instant -> instant.plus(DAY));
        assertThat(get(access.enrol(second, "node-1"))).isInstanceOf(Joined.NotInvited.class);
        assertThat(get(access.invite(STORE, new CatalogId("other"), DAY))).isInstanceOf(Invited.UnknownCatalog.class);
    }

    @Test
    void staffOfAStoreIsToldToTheStoreAndLogsInThere() {
        var hq = start();
        invite(hq);
        assertThat(get(hq.staff(STORE, StaffList.NONE, Optional.empty(), Duration.ZERO))
                        .list()
                        .tokens())
                .isEmpty();
        var ann = clerk(hq, "Ann");
        assertThat(ann.token().catalog()).contains(DEMO);
        var told = get(hq.staff(STORE, StaffList.NONE, Optional.empty(), Duration.ZERO))
                .list();
        assertThat(told.tokens()).containsExactly(ann.token());
        running.pop().close();

        running.push(TestSite.start(folder.resolve("store-1")));
        var store = siteAccess(Optional.empty(), Optional.of(STORE));
        assertThat(get(store.heardStaff())).isEmpty();
        assertThat(isKnown(store, ann.secret())).isFalse();
        assertThat(get(store.hear(told))).isTrue();
        assertThat(get(store.heardStaff())).isEqualTo(told.version());
        assertThat(principal(store, ann.secret()).store()).contains(STORE);
        var before = rows();
        assertThat(get(store.hear(told))).isFalse();
        assertThat(rows()).isEqualTo(before);
        var own = (Issued.Token) get(store.issue(new NewToken(
                "till 1", Role.LANE, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())));
        assertThat(own.token().store()).contains(STORE);

        running.pop().close();
        running.push(TestSite.start(folder.resolve("store-1")));
        store = siteAccess(Optional.empty(), Optional.of(STORE));
        assertThat(isKnown(store, ann.secret())).isTrue(); // from its own disk
        now.updateAndGet(instant -> instant.plus(WEEK).plus(CACHE));
        assertThat(get(store.authenticate(ann.secret()))).isInstanceOf(Authentication.OutOfDate.class);
        assertThat(isKnown(store, own.secret())).isTrue(); // nobody else can end it
        get(store.hear(told));
        assertThat(isKnown(store, ann.secret())).isTrue();
        get(store.hear(StaffList.of(List.of())));
        assertThat(isKnown(store, ann.secret())).isFalse(); // at once, whatever is cached
    }

    @Test
    void whoWaitsForStaffHearsOfAChangeAndOfNoOther() throws Exception {
        var hq = start();
        invite(hq);
        var ann = clerk(hq, "Ann");
        var known = get(hq.staff(STORE, StaffList.NONE, Optional.empty(), Duration.ZERO))
                .list()
                .version();
        var waiting =
                hq.staff(STORE, known, Optional.empty(), Duration.ofSeconds(20)).toCompletableFuture();
        get(hq.staff(new StoreId("store-2"), known, Optional.empty(), Duration.ZERO)); // it has arrived
        get(hq.issue(new NewToken(
                "x", Role.READER, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())));
        assertThat(waiting).isNotDone();
        var began = System.nanoTime();
        get(hq.revoke(ann.token().id()));
        assertThat(waiting.get(5, TimeUnit.SECONDS).list().tokens()).isEmpty();
        System.out.printf("a revocation was told within %d ms%n", (System.nanoTime() - began) / 1_000_000);

        var none = get(hq.staff(STORE, StaffList.NONE, Optional.empty(), Duration.ZERO))
                .list()
                .version();
        var suspended =
                hq.staff(STORE, none, Optional.empty(), Duration.ofSeconds(20)).toCompletableFuture();
        get(hq.change(STORE, Standing.SUSPENDED));
        assertThat(suspended.get(5, TimeUnit.SECONDS).list().version())
                .isEqualTo(none); // it asks again, and is told why
        assertThat(get(hq.staff(STORE, none, Optional.empty(), Duration.ofMillis(1)))
                        .list()
                        .version())
                .isEqualTo(none);
    }

    @Test
    void anOrderIsToldToWhoWaitsOnceAndOverRestartsUntilItsResultIsKept() throws Exception {
        var hq = start();
        assertThat(get(hq.verify(STORE, false))).isInstanceOf(Ordered.Nobody.class);
        enrol(hq, invite(hq), "node-1");
        var known = get(hq.staff(STORE, StaffList.NONE, Optional.of(""), Duration.ZERO))
                .list()
                .version();
        var waiting =
                hq.staff(STORE, known, Optional.of(""), Duration.ofSeconds(20)).toCompletableFuture();
        get(hq.staff(STORE, known, Optional.of(""), Duration.ZERO)); // it has arrived
        assertThat(waiting).isNotDone();
        var order = ((Ordered.Order) get(hq.verify(STORE, true))).order();
        assertThat(waiting.get(5, TimeUnit.SECONDS).order()).contains(order);
        assertThat(get(hq.verify(STORE, false))).isEqualTo(new Ordered.Order(order, false));
        hq = restart();
        assertThat(get(hq.staff(STORE, known, Optional.of(""), Duration.ofSeconds(20)))
                        .order())
                .contains(order);
        assertThat(get(hq.staff(STORE, known, Optional.of(order.id()), Duration.ofMillis(1)))
                        .order())
                .isEmpty();
        assertThat(get(hq.staff(STORE, known, Optional.empty(), Duration.ofMillis(1)))
                        .order())
                .isEmpty(); // an older store would ask again and again
        var result = new Verification(
                Optional.of(order.id()), Cause.ORDERED, now.get(), new Verification.NotCompared("diverged"), false);
        assertThat(get(hq.keep(STORE, result))).isTrue();
        assertThat(get(hq.keep(STORE, result))).isFalse();
        hq = restart();
        var verifications = get(hq.stores()).orElseThrow().getFirst().verifications();
        assertThat(verifications.order()).isEmpty();
        assertThat(verifications.results()).hasSize(1);
        assertThat(verifications.results().getFirst().verification()).isEqualTo(result);
    }

    @Test
    void aSuspendedStoreIsNotLetInOverRestartsUntilItIsResumed() {
        var access = start();
        var credential = enrol(access, invite(access), "node-1").credential();
        assertThat(isKnown(access, credential)).isTrue();
        assertThat(get(access.change(STORE, Standing.SUSPENDED))).isInstanceOf(Changed.Done.class);
        var refused = new Authentication.StoreEnded(STORE, Standing.SUSPENDED);
        assertThat(get(access.authenticate(credential))).isEqualTo(refused); // at once, whatever is cached
        access = restart();
        assertThat(get(access.authenticate(credential))).isEqualTo(refused);
        assertThat(get(access.change(STORE, Standing.ACTIVE))).isInstanceOf(Changed.Done.class);
        assertThat(isKnown(access, credential)).isTrue();
        get(access.change(STORE, Standing.REMOVED));
        assertThat(get(access.change(STORE, Standing.ACTIVE))).isInstanceOf(Changed.Removed.class);
        assertThat(get(access.change(new StoreId("store-9"), Standing.ACTIVE)))
                .isInstanceOf(Changed.UnknownStore.class);
        assertThat(get(siteAccess(Optional.empty(), Optional.of(STORE)).change(STORE, Standing.SUSPENDED)))
                .isInstanceOf(Changed.NotHq.class);
    }

    @Test
    void aCredentialIsGoodUntilItsSuccessorIsUsedOverRestarts() {
        var access = start();
        var first = enrol(access, invite(access), "node-1").credential();
        assertThat(isKnown(access, first)).isTrue();
        var lost = get(access.renew(STORE)).orElseThrow();
        var second = get(access.renew(STORE)).orElseThrow();
        access = restart();
        assertThat(isKnown(access, first)).isTrue();
        assertThat(isKnown(access, lost)).isFalse();
        var before = rows();
        assertThat(isKnown(access, second)).isTrue();
        assertThat(rows()).isEqualTo(before + 1);
        access = restart();
        assertThat(isKnown(access, first)).isFalse();
        assertThat(isKnown(access, second)).isTrue();
        get(access.change(STORE, Standing.SUSPENDED));
        assertThat(get(access.renew(STORE))).isEmpty();
    }

    @Test
    void keepsNoSecretInItsFilesOrItsLog() throws IOException {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var own = (Logger) LoggerFactory.getLogger("dev.storemesh");
        var level = own.getLevel();
        var heard = new ListAppender<ILoggingEvent>();
        heard.start();
        root.addAppender(heard);
        own.setLevel(Level.TRACE);
        var all = new ArrayList<String>();
        try {
            var access = start();
            var operator = secrets.token();
            get(access.open(operator));
            all.add(operator);
            all.add(issue(access, "importer", Role.EDITOR, Optional.empty(), Optional.empty(), Optional.empty())
                    .secret());
            all.add(invite(access));
            all.add(enrol(access, all.getLast(), "node-1").credential());
            isKnown(access, all.getLast());
            isKnown(access, "smt_wrong-and-secret-as-well");
            all.add("smt_wrong-and-secret-as-well");
            running.pop().close();
        } finally {
            root.detachAppender(heard);
            own.setLevel(level);
        }
        var text = new StringBuilder();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(text).contains("importer"); // so the bytes are those of the journal
        heard.list.forEach(event -> text.append(event.getFormattedMessage()));
        assertThat(all)
                .hasSize(5)
                .allSatisfy(secret -> assertThat(text.indexOf(secret)).isNegative());
    }
}
