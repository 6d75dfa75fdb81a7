package dev.storemesh.protocol.access;

import static dev.storemesh.protocol.Samples.DEMO;
import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.STORE;
import static dev.storemesh.protocol.access.AccessDecider.authenticate;
import static dev.storemesh.protocol.access.AccessDecider.claim;
import static dev.storemesh.protocol.access.AccessDecider.enrol;
import static dev.storemesh.protocol.access.AccessDecider.evolve;
import static dev.storemesh.protocol.access.AccessDecider.firstUse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
import dev.storemesh.protocol.access.AccessEvent.StoreEnrolled;
import dev.storemesh.protocol.access.AccessEvent.StoreInvited;
import dev.storemesh.protocol.access.AccessEvent.TokenIssued;
import dev.storemesh.protocol.access.AccessEvent.TokenRevoked;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.StoreId;
import java.time.Instant;
import java.util.EnumSet;
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

    @Test
    void rolesMayWhatTheyAreNamedForAndNothingElse() {
        var matrix = Map.of(
                Role.OPERATOR, EnumSet.of(Permission.READ, Permission.WRITE, Permission.DECIDE, Permission.ADMINISTER),
                Role.EDITOR, EnumSet.of(Permission.READ, Permission.WRITE),
                Role.APPROVER, EnumSet.of(Permission.READ, Permission.DECIDE),
                Role.READER, EnumSet.of(Permission.READ),
                Role.STORE, EnumSet.of(Permission.READ, Permission.OFFER));
        assertThat(matrix).containsOnlyKeys(Role.values());
        matrix.forEach((role, allowed) -> {
            for (var permission : Permission.values()) {
                assertThat(new Principal("p", "p", role, Optional.empty(), Optional.empty(), Optional.empty())
                                .may(permission))
                        .as("%s %s", role, permission)
                        .isEqualTo(allowed.contains(permission));
            }
        });
    }

    @Test
    void tokensAreMadeForPeopleOnly() {
        for (var role : Set.of(Role.OPERATOR, Role.EDITOR, Role.APPROVER, Role.READER)) {
            assertThat(Role.parse(role.wireName())).isEqualTo(role);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Role.parse("store"));
        assertThatIllegalArgumentException().isThrownBy(() -> Role.parse("OPERATOR"));
        assertThatIllegalArgumentException().isThrownBy(() -> Role.parse(""));
    }
}
