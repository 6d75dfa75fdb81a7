package dev.storemesh.protocol.access;

import static dev.storemesh.protocol.Samples.DEMO;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.STORE;
import static dev.storemesh.protocol.access.AccessDecider.claim;
import static dev.storemesh.protocol.access.AccessDecider.enrol;
import static dev.storemesh.protocol.access.AccessDecider.evolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.storemesh.protocol.access.Access.Standing;
import dev.storemesh.protocol.access.AccessDecider.ClaimReserved;
import dev.storemesh.protocol.access.AccessDecider.ClaimStands;
import dev.storemesh.protocol.access.AccessDecider.ClaimTaken;
import dev.storemesh.protocol.access.AccessDecider.EnrolOutcome;
import dev.storemesh.protocol.access.AccessDecider.Enrolled;
import dev.storemesh.protocol.access.AccessDecider.JoinTokenUsed;
import dev.storemesh.protocol.access.AccessDecider.NewClaim;
import dev.storemesh.protocol.access.AccessDecider.NotInvited;
import dev.storemesh.protocol.access.AccessEvent.CredentialUsed;
import dev.storemesh.protocol.access.AccessEvent.NamespaceClaimed;
import dev.storemesh.protocol.access.AccessEvent.SiteOpened;
import dev.storemesh.protocol.access.AccessEvent.StaffReceived;
import dev.storemesh.protocol.access.AccessEvent.StoreEnrolled;
import dev.storemesh.protocol.access.AccessEvent.StoreInvited;
import dev.storemesh.protocol.access.AccessEvent.TokenIssued;
import dev.storemesh.protocol.access.AccessEvent.TokenRevoked;
import dev.storemesh.protocol.access.AccessEvent.VerificationKept;
import dev.storemesh.protocol.access.AccessEvent.VerificationOrdered;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.VerificationOrder;
import dev.storemesh.protocol.verify.VerifySchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessDeciderTest {
    private static final SecretHash JOIN = SecretHash.of("smj_1");
    private static final SecretHash JOIN_AGAIN = SecretHash.of("smj_2");
    private static final Instant END = NOON.plusSeconds(60);

    private static final AppName LOYALTY = new AppName("com.acme.loyalty");
    private static final AppName RIVAL = new AppName("com.rival.points");
    private static final Namespace ACME_LOYALTY = new Namespace("com.acme.loyalty");

    private static Access replay(AccessEvent... events) {
        var access = Access.NEW;
        for (var event : events) {
            access = evolve(access, event);
        }
        return access;
    }

    private static SecretHash credential(int number) {
        return SecretHash.of("sms_" + number);
    }

    private static StoreEnrolled event(EnrolOutcome outcome) {
        if (outcome instanceof Enrolled(var event, var store)) {
            assertThat(store.id()).isEqualTo(STORE);
            assertThat(store.catalog()).isEqualTo(DEMO);
            return event;
        }
        throw new AssertionError("not enrolled: " + outcome);
    }

    private static final Duration WEEK = Duration.ofDays(7);

    private static Optional<Principal> authenticate(Access access, SecretHash secret, Instant now) {
        return AccessDecider.authenticate(access, secret, now, WEEK).known();
    }

    private static Optional<AccessEvent> firstUse(Access access, StoreId store, Instant now) {
        var secret = Optional.ofNullable(access.stores().get(store))
                .flatMap(Access.Store::enrolment)
                .map(Access.Enrolment::credential)
                .orElseGet(() -> credential(1));
        return AccessDecider.firstUse(access, store, secret, now);
    }

    private static Optional<Principal> knocks(Access access, int credential) {
        return authenticate(access, credential(credential), NOON);
    }

    @Nested
    final class GivenNobody {
        @Test
        void nobodyMayEnter() {
            assertThat(enrol(Access.NEW, JOIN, "n1", credential(1), NOON)).isEqualTo(new NotInvited());
            assertThat(authenticate(Access.NEW, SecretHash.of("smt_1"), NOON)).isEmpty();
            assertThat(firstUse(Access.NEW, STORE, NOON)).isEmpty();
        }

        @Test
        void theSiteHasItsKeyFromItsFirstStart() {
            assertThat(replay(new SiteOpened(NOON, "ab")).pageKey()).isEqualTo("ab");
        }
    }

    @Nested
    final class GivenAnInvitedStore {
        private final Access invited = replay(new StoreInvited(NOON, STORE, DEMO, JOIN, END));

        @Test
        void aNodeEnrolsInTheFirstEpoch() {
            assertThat(event(enrol(invited, JOIN, "n1", credential(1), NOON)))
                    .isEqualTo(new StoreEnrolled(NOON, STORE, "n1", credential(1), 1));
        }

        @Test
        void itIsOfThatCatalogForEver() {
            var elsewhere = new StoreInvited(NOON, STORE, new CatalogId("elsewhere"), JOIN_AGAIN, END);
            assertThat(AccessDecider.mayInvite(Access.NEW, elsewhere)).isTrue();
            assertThat(AccessDecider.mayInvite(invited, elsewhere)).isFalse();
            assertThat(AccessDecider.mayInvite(invited, new StoreInvited(NOON, STORE, DEMO, JOIN_AGAIN, END)))
                    .isTrue();
        }

        @Test
        void theJoinTokenIsNoBearerToken() {
            assertThat(authenticate(invited, JOIN, NOON)).isEmpty();
        }

        @Test
        void anotherTextIsNoInvitation() {
            assertThat(enrol(invited, JOIN_AGAIN, "n1", credential(1), NOON)).isEqualTo(new NotInvited());
        }

        @Test
        void itEndsInTime() {
            assertThat(enrol(invited, JOIN, "n1", credential(1), END.minusMillis(1)))
                    .isInstanceOf(Enrolled.class);
            assertThat(enrol(invited, JOIN, "n1", credential(1), END)).isEqualTo(new NotInvited());
        }

        @Test
        void aNewInvitationEndsTheFormer() {
            var again = evolve(invited, new StoreInvited(NOON.plusSeconds(1), STORE, DEMO, JOIN_AGAIN, END));
            assertThat(enrol(again, JOIN, "n1", credential(1), NOON)).isEqualTo(new NotInvited());
            assertThat(event(enrol(again, JOIN_AGAIN, "n1", credential(1), NOON))
                            .epoch())
                    .isEqualTo(1);
            assertThat(again.stores().values())
                    .extracting(Access.Store::createdAt)
                    .containsExactly(NOON);
        }
    }

    @Nested
    final class GivenAnEnrolledNode {
        private final Access enrolled = replay(
                new StoreInvited(NOON, STORE, DEMO, JOIN, END), new StoreEnrolled(NOON, STORE, "n1", credential(1), 1));

        @Test
        void itsCredentialIsTheStoresLink() {
            assertThat(knocks(enrolled, 1))
                    .contains(new Principal(
                            "store-1", "store-1", Role.STORE, Optional.of(DEMO), Optional.of(STORE), Optional.empty()));
        }

        @Test
        void theSameNodeMayRepeatItAndTheFormerCredentialEnds() {
            var repeated = event(enrol(enrolled, JOIN, "n1", credential(2), NOON));
            assertThat(repeated.epoch()).isEqualTo(1);
            var access = evolve(enrolled, repeated);
            assertThat(knocks(access, 1)).isEmpty();
            assertThat(knocks(access, 2)).isPresent();
        }

        @Test
        void anotherNodeMayNot() {
            assertThat(enrol(enrolled, JOIN, "n2", credential(2), NOON)).isEqualTo(new JoinTokenUsed());
        }

        @Test
        void itsFirstUseIsAFactOnce() {
            var used = new CredentialUsed(NOON, STORE);
            assertThat(firstUse(enrolled, STORE, NOON)).contains(used);
            assertThat(firstUse(evolve(enrolled, used), STORE, NOON)).isEmpty();
        }

        @Test
        void otherStoresAreUntouched() {
            var other = new StoreId("store-2");
            var access = evolve(enrolled, new StoreInvited(NOON, other, DEMO, JOIN_AGAIN, END));
            access = evolve(access, new StoreEnrolled(NOON, other, "n9", credential(9), 1));
            assertThat(knocks(access, 1).flatMap(Principal::store)).contains(STORE);
            assertThat(knocks(access, 9).flatMap(Principal::store)).contains(other);
        }
    }

    @Nested
    final class GivenAUsedCredential {
        private final Access used = replay(
                new StoreInvited(NOON, STORE, DEMO, JOIN, END),
                new StoreEnrolled(NOON, STORE, "n1", credential(1), 1),
                new CredentialUsed(NOON, STORE));

        @Test
        void theJoinTokenIsUsedUpForEverybody() {
            assertThat(enrol(used, JOIN, "n1", credential(2), NOON)).isEqualTo(new JoinTokenUsed());
            assertThat(enrol(used, JOIN, "n2", credential(2), NOON)).isEqualTo(new JoinTokenUsed());
        }

        @Test
        void aNewInvitationLeavesTheLinkAloneUntilItIsUsed() {
            var again = evolve(used, new StoreInvited(NOON, STORE, DEMO, JOIN_AGAIN, END));
            assertThat(knocks(again, 1)).isPresent();
            assertThat(enrol(again, JOIN, "n1", credential(2), NOON)).isEqualTo(new NotInvited());
            var other = event(enrol(again, JOIN_AGAIN, "n2", credential(2), NOON));
            assertThat(other.epoch()).isEqualTo(2);
            var moved = evolve(again, other);
            assertThat(knocks(moved, 1)).isEmpty();
            assertThat(knocks(moved, 2)).isPresent();
            assertThat(firstUse(moved, STORE, NOON)).isPresent();
            assertThat(event(enrol(moved, JOIN_AGAIN, "n2", credential(3), NOON))
                            .epoch())
                    .isEqualTo(2);
            assertThat(enrol(moved, JOIN_AGAIN, "n1", credential(3), NOON)).isEqualTo(new JoinTokenUsed());
        }

        @Test
        void theSameNodeEnrolsAnewInANewEpoch() {
            var again = evolve(used, new StoreInvited(NOON, STORE, DEMO, JOIN_AGAIN, END));
            assertThat(event(enrol(again, JOIN_AGAIN, "n1", credential(2), NOON))
                            .epoch())
                    .isEqualTo(2);
        }
    }

    @Nested
    final class GivenAToken {
        private final SecretHash secret = SecretHash.of("smt_1");
        private final Access issued = replay(new TokenIssued(
                NOON,
                "t1",
                "till importer",
                Role.EDITOR,
                Optional.of(DEMO),
                Optional.of(LOYALTY),
                Optional.empty(),
                secret,
                Optional.of(END)));

        @Test
        void namesItsPrincipalUntilItEnds() {
            assertThat(authenticate(issued, secret, NOON))
                    .contains(new Principal(
                            "t1",
                            "till importer",
                            Role.EDITOR,
                            Optional.of(DEMO),
                            Optional.empty(),
                            Optional.of(LOYALTY)));
            assertThat(authenticate(issued, secret, END.minusMillis(1))).isPresent();
            assertThat(authenticate(issued, secret, END)).isEmpty();
            assertThat(authenticate(issued, SecretHash.of("smt_2"), NOON)).isEmpty();
        }

        @Test
        void aRevokedOneNamesNobody() {
            var revoked = evolve(issued, new TokenRevoked(NOON, "t1"));
            assertThat(authenticate(revoked, secret, NOON)).isEmpty();
            assertThat(revoked.tokens().values())
                    .allMatch(Access.Token::revoked)
                    .allMatch(token -> token.app().equals(Optional.of(LOYALTY)));
            assertThat(evolve(issued, new TokenRevoked(NOON, "t2"))).isEqualTo(issued);
        }

        @Test
        void oneWithoutAnEndLasts() {
            var access = evolve(
                    issued,
                    new TokenIssued(
                            NOON,
                            "t2",
                            "console",
                            Role.READER,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            SecretHash.of("smt_2"),
                            Optional.empty()));
            var principal =
                    authenticate(access, SecretHash.of("smt_2"), Instant.MAX).orElseThrow();
            assertThat(principal.app()).isEmpty();
            assertThat(principal.sees(DEMO)).isTrue();
            assertThat(principal.sees(new CatalogId("other"))).isTrue();
            assertThat(authenticate(access, secret, NOON).orElseThrow().sees(new CatalogId("other")))
                    .isFalse();
        }

        @Test
        void onlyItsHashIsKeptAndEvenThatIsNotShown() {
            assertThat(secret.hex()).hasSize(64).doesNotContain("smt_1");
            assertThat(secret.toString()).doesNotContain(secret.hex());
        }
    }

    @Nested
    final class GivenAClaimedNamespace {
        private final Access claimed = replay(
                new TokenIssued(
                        NOON,
                        "t1",
                        "loyalty",
                        Role.EDITOR,
                        Optional.empty(),
                        Optional.of(LOYALTY),
                        Optional.empty(),
                        SecretHash.of("smt_1"),
                        Optional.empty()),
                new NamespaceClaimed(NOON, ACME_LOYALTY, LOYALTY));

        @Test
        void itIsTheAppsAndNothingElseHasChanged() {
            assertThat(claimed.namespaces().claims()).containsExactly(Map.entry(ACME_LOYALTY, LOYALTY));
            assertThat(claimed.tokens()).hasSize(1);
        }

        @Test
        void itStaysWhenTokensAndStoresCome() {
            var later = evolve(
                    evolve(
                            evolve(claimed, new StoreInvited(NOON, STORE, DEMO, JOIN, END)),
                            new TokenRevoked(NOON, "t1")),
                    new SiteOpened(NOON, "ab"));
            assertThat(later.namespaces()).isEqualTo(claimed.namespaces());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "com.acme.loyalty",
                    "com.acme.loyalTY",
                    "com.acme",
                    "com.aCME",
                    "com.acme.loyalty.tiers",
                    "com.acme.lOYALTY.tiers.gold"
                })
        void anotherAppMayNotClaimItNorWhatItLiesInNorWhatLiesInIt(String text) {
            assertThat(claim(claimed, new Namespace(text), RIVAL, NOON))
                    .isEqualTo(new ClaimTaken(ACME_LOYALTY, LOYALTY));
        }

        @ParameterizedTest
        @ValueSource(strings = {"com.acme.loyaltyCards", "com.acme.loyal", "com.acme.prices", "com.rival"})
        void anotherAppMayClaimWhatOnlyBeginsLikeIt(String text) {
            var namespace = new Namespace(text);
            assertThat(claim(claimed, namespace, RIVAL, NOON))
                    .isEqualTo(new NewClaim(new NamespaceClaimed(NOON, namespace, RIVAL)));
        }

        @Test
        void theSameClaimAgainIsNoNewFact() {
            assertThat(claim(claimed, ACME_LOYALTY, LOYALTY, END)).isEqualTo(new ClaimStands());
            assertThat(claim(claimed, new Namespace("com.acme.loyalTY"), LOYALTY, END))
                    .isEqualTo(new ClaimStands());
        }

        @Test
        void theSameAppMayClaimMoreOfItsOwn() {
            for (var text : Set.of("com.acme", "com.acme.loyalty.tiers", "org.acme")) {
                assertThat(claim(claimed, new Namespace(text), LOYALTY, NOON)).isInstanceOf(NewClaim.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sys.type", "sys.x.y", "sYS.x", "retail.item", "retail.loyalty", "rETAIL.x"})
    void nobodyMayClaimWhatIsTheStandards(String text) {
        assertThat(claim(Access.NEW, new Namespace(text), LOYALTY, NOON)).isEqualTo(new ClaimReserved());
    }

    @ParameterizedTest
    @ValueSource(strings = {"system.x", "retailer.items", "com.sys", "com.retail"})
    void whatOnlyLooksLikeTheStandardsIsFree(String text) {
        assertThat(claim(Access.NEW, new Namespace(text), LOYALTY, NOON)).isInstanceOf(NewClaim.class);
    }

    @Nested
    final class GivenALinkedStore {
        private static final Instant LATER = NOON.plusSeconds(1);
        private final Access linked = replay(
                new StoreInvited(NOON, STORE, DEMO, JOIN, END),
                new StoreEnrolled(NOON, STORE, "n1", credential(1), 1),
                new CredentialUsed(NOON, STORE));

        private Access standing(Access access, Standing standing) {
            return AccessDecider.change(access, STORE, standing, LATER)
                            instanceof AccessDecider.StandingChanged(var event)
                    ? evolve(access, event)
                    : access;
        }

        private Authentication link(Access access, int number) {
            return AccessDecider.authenticate(access, credential(number), NOON, WEEK);
        }

        @Test
        void bothCredentialsAreGoodUntilTheNewOneIsUsed() {
            var renewed = evolve(
                    linked,
                    AccessDecider.renew(linked, STORE, credential(2), LATER).orElseThrow());
            assertThat(knocks(renewed, 1)).isPresent();
            assertThat(knocks(renewed, 2)).isPresent();
            assertThat(AccessDecider.firstUse(renewed, STORE, credential(1), LATER))
                    .isEmpty();
            var replaced = evolve(
                    renewed,
                    AccessDecider.firstUse(renewed, STORE, credential(2), LATER).orElseThrow());
            assertThat(knocks(replaced, 1)).isEmpty();
            assertThat(knocks(replaced, 2)).isPresent();
            assertThat(AccessDecider.firstUse(replaced, STORE, credential(2), LATER))
                    .isEmpty();
        }

        @Test
        void anAnswerThatWasLostIsAskedForAgain() {
            var once = evolve(
                    linked,
                    AccessDecider.renew(linked, STORE, credential(2), LATER).orElseThrow());
            var twice = evolve(
                    once, AccessDecider.renew(once, STORE, credential(3), LATER).orElseThrow());
            assertThat(knocks(twice, 1)).isPresent();
            assertThat(knocks(twice, 2)).isEmpty();
            assertThat(knocks(twice, 3)).isPresent();
        }

        @Test
        void aSuspendedOneIsToldSoAndLetInAgainWhenItIsResumed() {
            var suspended = standing(linked, Standing.SUSPENDED);
            assertThat(link(suspended, 1)).isEqualTo(new Authentication.StoreEnded(STORE, Standing.SUSPENDED));
            assertThat(AccessDecider.renew(suspended, STORE, credential(2), LATER))
                    .isEmpty();
            assertThat(AccessDecider.change(suspended, STORE, Standing.SUSPENDED, LATER))
                    .isEqualTo(new AccessDecider.StandingStands());
            assertThat(knocks(standing(suspended, Standing.ACTIVE), 1)).isPresent();
        }

        @Test
        void aRemovedOneComesBackByANewEnrolmentAloneAndInANewEpoch() {
            var removed = standing(linked, Standing.REMOVED);
            assertThat(link(removed, 1)).isEqualTo(new Authentication.StoreEnded(STORE, Standing.REMOVED));
            assertThat(AccessDecider.change(removed, STORE, Standing.ACTIVE, LATER))
                    .isEqualTo(new AccessDecider.StoreGone());
            var invited = evolve(removed, new StoreInvited(NOON, STORE, DEMO, JOIN_AGAIN, END));
            assertThat(link(invited, 1)).isEqualTo(new Authentication.StoreEnded(STORE, Standing.REMOVED));
            var back = event(enrol(invited, JOIN_AGAIN, "n1", credential(2), NOON));
            assertThat(back.epoch()).isEqualTo(2);
            assertThat(knocks(evolve(invited, back), 2)).isPresent();
            assertThat(link(evolve(invited, back), 1)).isEqualTo(new Authentication.Unknown());
        }

        @Test
        void nobodyJoinsByAnInvitationFromBeforeItWasRemoved() {
            var removed =
                    standing(evolve(linked, new StoreInvited(NOON, STORE, DEMO, JOIN_AGAIN, END)), Standing.REMOVED);
            assertThat(enrol(removed, JOIN_AGAIN, "n1", credential(2), NOON)).isEqualTo(new NotInvited());
        }

        @Test
        void anotherStoreIsNotThere() {
            assertThat(AccessDecider.change(linked, new StoreId("store-9"), Standing.SUSPENDED, LATER))
                    .isEqualTo(new AccessDecider.NoSuchStore());
        }
    }

    @Nested
    final class GivenStaffOfAStore {
        private final SecretHash secret = SecretHash.of("smt_clerk");
        private final Access hq = replay(
                new StoreInvited(NOON, STORE, DEMO, JOIN, END),
                clerk("t1", STORE, secret, Optional.of(END)),
                clerk("t2", new StoreId("store-2"), SecretHash.of("smt_other"), Optional.empty()),
                clerk("t3", STORE, SecretHash.of("smt_revoked"), Optional.empty()),
                new TokenRevoked(NOON, "t3"));
        private final StaffList told = StaffList.of(hq, STORE, NOON);

        private static TokenIssued clerk(String id, StoreId store, SecretHash secret, Optional<Instant> end) {
            return new TokenIssued(
                    NOON,
                    id,
                    "clerk " + id,
                    Role.CLERK,
                    Optional.of(DEMO),
                    Optional.empty(),
                    Optional.of(store),
                    secret,
                    end);
        }

        private Access heard(Instant at) {
            return evolve(
                    Access.NEW,
                    AccessDecider.hear(Access.NEW, told, at, Duration.ofHours(1))
                            .orElseThrow());
        }

        @Test
        void itIsToldOfItsOwnTokensThatWorkAlone() {
            assertThat(told.tokens()).extracting(Access.Token::id).containsExactly("t1");
            assertThat(StaffList.of(hq, STORE, END).tokens()).isEmpty();
            assertThat(StaffList.of(hq, STORE, END).version()).isNotEqualTo(told.version());
        }

        @Test
        void whatIsToldIsReadAsItWas() {
            assertThat(StaffList.read(told.write(), STORE)).isEqualTo(told);
            assertThat(told.write().toString()).doesNotContain("smt_clerk");
        }

        @Test
        void aRoleThatIsNotKnownMayDoNothing() {
            var json = told.write().toString().replace("\"clerk\"", "\"regional_manager\"");
            var read = StaffList.read(Json.parse(json), STORE);
            assertThat(read.tokens()).isEmpty();
            assertThat(read.version()).isEqualTo(told.version());
            json = told.write().toString().replace("\"clerk\"", "\"operator\"");
            assertThat(StaffList.read(Json.parse(json), STORE).tokens()).isEmpty();
        }

        @Test
        void theyLogInAtTheStoreWithoutHqForAsLongAsItsAgeAllows() {
            var store = heard(NOON);
            assertThat(authenticate(store, secret, NOON.plusSeconds(59)).orElseThrow())
                    .isEqualTo(new Principal(
                            "t1", "clerk t1", Role.CLERK, Optional.of(DEMO), Optional.of(STORE), Optional.empty()));
            assertThat(authenticate(store, secret, END)).isEmpty(); // it is over

            var later = evolve(store, new StaffReceived(NOON, StaffList.of(List.of(endless()))));
            var age = NOON.plus(WEEK);
            assertThat(authenticate(later, secret, age)).isPresent();
            assertThat(AccessDecider.authenticate(later, secret, age.plusMillis(1), WEEK))
                    .isEqualTo(new Authentication.OutOfDate(NOON, WEEK));
            assertThat(AccessDecider.authenticate(later, SecretHash.of("smt_else"), age.plusMillis(1), WEEK))
                    .isEqualTo(new Authentication.Unknown());
        }

        private Access.Token endless() {
            return AccessDecider.token(clerk("t1", STORE, secret, Optional.empty()));
        }

        @Test
        void whatIsMissingFromANewListEnds() {
            var store = heard(NOON);
            var revoked = evolve(hq, new TokenRevoked(NOON, "t1"));
            var event = AccessDecider.hear(
                    store, StaffList.of(revoked, STORE, NOON), NOON.plusSeconds(1), Duration.ofHours(1));
            assertThat(authenticate(evolve(store, event.orElseThrow()), secret, NOON.plusSeconds(2)))
                    .isEmpty();
        }

        @Test
        void thatNothingChangedIsJournaledNowAndThen() {
            var store = heard(NOON);
            var hour = Duration.ofHours(1);
            assertThat(AccessDecider.hear(store, told, NOON.plusSeconds(3_599), hour))
                    .isEmpty();
            assertThat(AccessDecider.hear(store, told, NOON.plus(hour), hour))
                    .contains(new AccessEvent.StaffConfirmed(NOON.plus(hour)));
            assertThat(AccessDecider.hear(store, told, NOON.minus(hour), hour))
                    .contains(new AccessEvent.StaffConfirmed(NOON.minus(hour))); // the clock was set back
            assertThat(evolve(store, new AccessEvent.StaffConfirmed(END))
                            .staff()
                            .map(Access.Staff::heardAt))
                    .contains(END);
        }

        @Test
        void theyEndWithTheirStore() {
            var removed = evolve(hq, new AccessEvent.StoreRemoved(NOON, STORE));
            assertThat(authenticate(hq, secret, NOON)).isPresent();
            assertThat(authenticate(removed, secret, NOON)).isEmpty();
            assertThat(authenticate(removed, SecretHash.of("smt_other"), NOON)).isPresent();
        }

        private static TokenIssued asked(Role role, Optional<CatalogId> catalog, Optional<StoreId> store) {
            return new TokenIssued(
                    NOON, "t9", "x", role, catalog, Optional.empty(), store, SecretHash.of("smt_9"), Optional.empty());
        }

        @Test
        void aTokenOfAStoreIsOfItsCatalog() {
            var other = Optional.of(new CatalogId("other"));
            var here = Optional.of(STORE);
            var made = new AccessDecider.TokenMade(asked(Role.CLERK, Optional.of(DEMO), here));
            assertThat(AccessDecider.issue(hq, asked(Role.CLERK, Optional.empty(), here), Optional.empty(), NOON))
                    .isEqualTo(made);
            assertThat(AccessDecider.issue(hq, asked(Role.CLERK, other, here), Optional.empty(), NOON))
                    .isEqualTo(new AccessDecider.NoStoreForToken());
            var nowhere = Optional.of(new StoreId("store-9"));
            assertThat(AccessDecider.issue(hq, asked(Role.LANE, Optional.empty(), nowhere), Optional.empty(), NOON))
                    .isEqualTo(new AccessDecider.NoStoreForToken());
            var removed = evolve(hq, new AccessEvent.StoreRemoved(NOON, STORE));
            assertThat(AccessDecider.issue(removed, asked(Role.LANE, Optional.empty(), here), Optional.empty(), NOON))
                    .isEqualTo(new AccessDecider.NoStoreForToken());
        }

        @Test
        void atAStoreATokenIsOfThatStore() {
            var here = Optional.of(STORE);
            var asked = asked(Role.LANE, Optional.empty(), Optional.empty());
            assertThat(AccessDecider.issue(Access.NEW, asked, here, NOON))
                    .isEqualTo(new AccessDecider.TokenMade(asked(Role.LANE, Optional.empty(), here)));
            assertThat(AccessDecider.issue(Access.NEW, asked, Optional.empty(), NOON))
                    .isEqualTo(new AccessDecider.NoStoreForToken());
            var elsewhere = asked(Role.LANE, Optional.empty(), Optional.of(new StoreId("store-2")));
            assertThat(AccessDecider.issue(Access.NEW, elsewhere, here, NOON))
                    .isEqualTo(new AccessDecider.NoStoreForToken());
            var reader = asked(Role.READER, Optional.empty(), Optional.empty());
            assertThat(AccessDecider.issue(Access.NEW, reader, here, NOON))
                    .isEqualTo(new AccessDecider.TokenMade(reader));
        }

        @Test
        void thereIsRoomForManyAndNotForAny() {
            var access = hq;
            for (var i = 1; i < StaffList.LIMIT; i++) {
                assertThat(AccessDecider.hasRoom(access, STORE, NOON)).isTrue();
                access = evolve(access, clerk("m" + i, STORE, SecretHash.of("smt_" + i), Optional.empty()));
            }
            assertThat(AccessDecider.hasRoom(access, STORE, NOON)).isFalse();
            assertThat(AccessDecider.hasRoom(access, STORE, END)).isTrue(); // one is over
        }
    }

    @Test
    void rolesMayWhatTheyAreNamedForAndNothingElse() {
        var staff = "READ SEE_REQUESTS ASK";
        var matrix = Map.of(
                Role.OPERATOR,
                "READ SEE_REQUESTS FOLLOW ASK WRITE SHAPE PLACE RULE BULK WITHDRAW OWN DECIDE SEE_STORES AUDIT WATCH"
                        + " ADMINISTER",
                Role.EDITOR,
                "READ SEE_REQUESTS FOLLOW ASK WRITE SHAPE PLACE RULE BULK WITHDRAW OWN SEE_STORES",
                Role.APPROVER,
                "READ SEE_REQUESTS FOLLOW DECIDE SEE_STORES",
                Role.READER,
                "READ SEE_REQUESTS FOLLOW",
                Role.STORE,
                "READ SEE_REQUESTS FOLLOW OFFER",
                Role.LANE,
                "READ",
                Role.CLERK,
                staff,
                Role.STORE_MANAGER,
                staff + " WITHDRAW OWN",
                Role.APP,
                "READ ASK WRITE SHAPE",
                Role.AUDITOR,
                "READ SEE_REQUESTS FOLLOW SEE_STORES AUDIT WATCH");
        assertThat(matrix).containsOnlyKeys(Role.values());
        matrix.forEach((role, allowed) -> {
            var names = Set.of(allowed.split(" "));
            for (var permission : Permission.values()) {
                assertThat(new Principal("p", "p", role, Optional.empty(), Optional.empty(), Optional.empty())
                                .may(permission))
                        .as("%s %s", role, permission)
                        .isEqualTo(names.contains(permission.name()));
            }
        });
    }

    @Test
    void rolesOfAStoreAreOfOne() {
        for (var role : Role.values()) {
            var ofAStore = Set.of(Role.STORE, Role.LANE, Role.CLERK, Role.STORE_MANAGER)
                    .contains(role);
            assertThat(role.needsStore()).as(role.wireName()).isEqualTo(ofAStore);
            assertThat(role.takesStore()).as(role.wireName()).isEqualTo(ofAStore || role == Role.READER);
        }
    }

    @Test
    void tokensAreMadeForPeopleOnly() {
        for (var role : EnumSet.complementOf(EnumSet.of(Role.STORE))) {
            assertThat(Role.parse(role.wireName())).isEqualTo(role);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Role.parse("store"));
        assertThatIllegalArgumentException().isThrownBy(() -> Role.parse("OPERATOR"));
        assertThatIllegalArgumentException().isThrownBy(() -> Role.parse(""));
    }

    @Nested
    final class GivenAStoreToVerify {
        private final Access linked = replay(
                new StoreInvited(NOON, STORE, DEMO, JOIN, END), new StoreEnrolled(NOON, STORE, "n1", credential(1), 1));
        private final VerifySchedule atNoon = new VerifySchedule(LocalTime.NOON, Duration.ZERO);

        private VerificationOrder order(String id, boolean repair) {
            return new VerificationOrder(id, Cause.ORDERED, repair, NOON);
        }

        private Verification result(String order) {
            return new Verification(
                    Optional.of(order), Cause.ORDERED, NOON, new Verification.NotCompared("diverged"), false);
        }

        @Test
        void anOrderStandsUntilItsResultIsThere() {
            var first = new AccessDecider.NewOrder(new VerificationOrdered(STORE, order("a", false)));
            assertThat(AccessDecider.order(linked, STORE, order("a", false))).isEqualTo(first);
            var ordered = evolve(linked, first.event());
            assertThat(AccessDecider.order(ordered, STORE, order("b", false)))
                    .isEqualTo(new AccessDecider.OrderStands(order("a", false)));
            assertThat(AccessDecider.order(ordered, STORE, order("b", true)))
                    .isEqualTo(new AccessDecider.NewOrder(new VerificationOrdered(STORE, order("b", true))));
            var kept = AccessDecider.keep(ordered, STORE, result("a"), NOON).orElseThrow();
            var over = evolve(ordered, kept);
            assertThat(over.verifications(STORE).order()).isEmpty();
            assertThat(AccessDecider.keep(over, STORE, result("a"), END)).isEmpty();
        }

        @Test
        void nobodyIsOrderedWhoIsNotLetIn() {
            var suspended = evolve(linked, new AccessEvent.StoreSuspended(NOON, STORE));
            assertThat(AccessDecider.order(suspended, STORE, order("a", false)))
                    .isEqualTo(new AccessDecider.NobodyToOrder());
            assertThat(AccessDecider.order(Access.NEW, STORE, order("a", false)))
                    .isEqualTo(new AccessDecider.NobodyToOrder());
            assertThat(AccessDecider.due(suspended, atNoon, NOON)).isEmpty();
        }

        @Test
        void isDueOnceANight() {
            assertThat(AccessDecider.due(linked, atNoon, NOON.minusSeconds(1))).isEmpty();
            assertThat(AccessDecider.due(linked, atNoon, NOON)).containsExactly(STORE);
            var nightly = new VerificationOrdered(STORE, new VerificationOrder("n", Cause.NIGHTLY, false, NOON));
            var ordered = evolve(linked, nightly);
            assertThat(AccessDecider.due(ordered, atNoon, NOON)).isEmpty();
            var done = evolve(ordered, new VerificationKept(NOON, STORE, result("n")));
            assertThat(AccessDecider.due(done, atNoon, NOON.plusSeconds(60))).isEmpty();
            assertThat(AccessDecider.due(done, atNoon, NOON.plus(Duration.ofDays(1))))
                    .containsExactly(STORE);
        }
    }
}
