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
import dev.storemesh.protocol.access.AccessPort.Claim;
import dev.storemesh.protocol.access.AccessPort.Invited;
import dev.storemesh.protocol.access.AccessPort.Joined;
import dev.storemesh.protocol.access.Role;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
        return new SiteAccess(
                running.getFirst().system(),
                catalogs,
                new AccessSettings(CACHE),
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

    private static boolean isKnown(SiteAccess access, String secret) {
        return get(access.authenticate(secret)).isPresent();
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
        var issued = get(access.issue("importer", Role.EDITOR, Optional.of(DEMO), Optional.empty(), Optional.empty()));
        assertThat(get(access.authenticate(issued.secret())).orElseThrow().sees(new CatalogId("other")))
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
        var issued = get(access.issue("importer", Role.EDITOR, Optional.empty(), Optional.empty(), Optional.of(DAY)));
        assertThat(isKnown(access, issued.secret())).isTrue();
        now.updateAndGet(instant -> instant.plus(DAY).plusSeconds(61)); // and the time of the cache
        assertThat(isKnown(access, issued.secret())).isFalse();
    }

    @Test
    void anAppsTokenIsTheAppsOverRestarts() {
        var access = start();
        get(access.open("operator-1"));
        var issued =
                get(access.issue("loyalty", Role.EDITOR, Optional.empty(), Optional.of(LOYALTY), Optional.empty()));
        assertThat(issued.token().app()).contains(LOYALTY);
        access = restart();
        assertThat(get(access.authenticate(issued.secret())).orElseThrow().app())
                .contains(LOYALTY);
        assertThat(get(access.authenticate("operator-1")).orElseThrow().app()).isEmpty();
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
        assertThat(get(access.authenticate(credential)).orElseThrow().store()).hasValue(STORE);
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
            all.add(get(access.issue("importer", Role.EDITOR, Optional.empty(), Optional.empty(), Optional.empty()))
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
