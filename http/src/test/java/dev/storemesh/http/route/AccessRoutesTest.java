package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessPort.Changed;
import dev.storemesh.protocol.access.AccessPort.Claim;
import dev.storemesh.protocol.access.AccessPort.Invited;
import dev.storemesh.protocol.access.AccessPort.Issued;
import dev.storemesh.protocol.access.AccessPort.Joined;
import dev.storemesh.protocol.access.AccessPort.NewToken;
import dev.storemesh.protocol.access.AccessPort.Ordered;
import dev.storemesh.protocol.access.AccessPort.StoreStanding;
import dev.storemesh.protocol.access.Authentication;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.access.SitePort.Kind;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.SitePort.Standing;
import dev.storemesh.protocol.access.StoreContact;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.catalog.CatalogPort.Findings;
import dev.storemesh.protocol.catalog.CatalogPort.LogSearch;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.VerificationOrder;
import dev.storemesh.protocol.verify.Verifications;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Stores, enrolments, tokens, namespaces and health.
class AccessRoutesTest extends WithApi {
    private static final StoreId STORE = new StoreId("store-1");
    private static final CatalogId OTHER = new CatalogId("other");
    private static final Namespace ACME = new Namespace("com.acme");
    private static final String CLAIM = "{'namespace':'com.acme','app':'com.acme.loyalty'}";

    private static StoreStanding standing(String id, CatalogId catalog) {
        var enrolment = new Access.Enrolment("node", SecretHash.of("s"), 1, true, true);
        var store = new Access.Store(new StoreId(id), catalog, Instant.EPOCH, Optional.empty(), Optional.of(enrolment));
        return new StoreStanding(store, Optional.of(StoreContact.at(Instant.EPOCH)), Instant.EPOCH, Instant.EPOCH);
    }

    // Stores

    @Test
    void storesAreListedAtHqOnly() {
        assertThat(get("operator", "/api/v1/stores").outcome()).isEqualTo("409 hq_only");
        assertThat(get("operator", "/api/v1/stores/store-1").outcome()).isEqualTo("409 hq_only");
        ports.stores = Optional.of(List.of(standing("store-1", Ports.DEMO), standing("store-2", OTHER)));
        assertThat(get("operator", "/api/v1/stores").body().path("stores")).hasSize(2);
        assertThat(get("operator", "/api/v1/stores/store-2")
                        .body()
                        .path("credentialUsed")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void storesSayWhichLocationsTheirSitesServe() {
        ports.stores = Optional.of(List.of(standing("store-1", Ports.DEMO), standing("store-2", Ports.DEMO)));
        ports.schema = new Reading.Found<>(
                new Version(7),
                new SchemaView(List.of(
                        location("sys.1", "store-1", Optional.empty()),
                        location("sys.2", "kiosk", Optional.of("store-1")),
                        location("sys.3", "store-2", Optional.of("store-9")))));
        var all = get("operator", "/api/v1/stores").body().path("stores");
        assertThat(all.get(0).path("locations")).hasToString("[\"kiosk\",\"store-1\"]");
        assertThat(all.get(1).path("locations")).hasToString("[]");
        assertThat(get("operator", "/api/v1/stores/store-1").body().path("locations"))
                .hasSize(2);
    }

    private static ObjectView.Live location(String token, String id, Optional<String> store) {
        var rows = Stream.of(Map.entry("id", id), Map.entry("kind", "store"));
        var all = Stream.concat(rows, store.map(site -> Map.entry("store", site)).stream());
        return new ObjectView.Live(
                new ObjectToken(token),
                StandardSchema.LOCATION,
                new Version(7),
                all.map(field -> new Row(
                                new Attribute(
                                        StandardSchema.name(StandardSchema.LOCATION, field.getKey()),
                                        Optional.empty(),
                                        new Value.Text(field.getValue())),
                                new Version(7)))
                        .toList());
    }

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.000Z");

    /// A store that said two minutes ago that it holds this version.
    private static StoreStanding at(String id, long applied, String link, Duration clock) {
        var then = NOW.minusSeconds(120);
        var report = new StoreReport(new Version(applied), 3, link, "0.1.0", then.plus(clock));
        return new StoreStanding(
                standing(id, Ports.DEMO).store(),
                Optional.of(StoreContact.of(report, then).and(StoreContact.at(NOW.minusSeconds(1)))),
                NOW.minusSeconds(900),
                NOW);
    }

    private static StoreStanding silent(Access.Store store) {
        return new StoreStanding(store, Optional.empty(), NOW.minusSeconds(900), NOW);
    }

    private static LogEntry entry(long version, Instant at) {
        return new LogEntry(
                new Version(version), at, Provenance.of("ann"), new ChainHash("00".repeat(32)), false, List.of());
    }

    @Test
    void storesSayHowFarBehindTheyAre() {
        ports.schema = new Reading.Found<>(new Version(7), new SchemaView(List.of()));
        ports.findings = new Reading.Found<>(
                new Version(7),
                new Findings(
                        new HistoryId("01JNZ8Q4T3V9XK2M7B5D6F8G0H"),
                        List.of(entry(6, NOW.minusSeconds(95))),
                        true,
                        new Version(6)));
        ports.stores = Optional.of(List.of(
                at("store-1", 7, "reachable", Duration.ofSeconds(-42)),
                at("store-2", 5, "reachable", Duration.ofSeconds(30)),
                at("store-3", 5, "diverged", Duration.ZERO),
                at("store-4", 8, "reachable", Duration.ZERO),
                silent(standing("store-5", Ports.DEMO).store())));
        var all = get("operator", "/api/v1/stores").body().path("stores");
        assertThat(all.findValuesAsText("appliedVersion")).containsExactly("7", "5", "5", "8");
        assertThat(all.findValuesAsText("lagVersions")).containsExactly("0", "2");
        assertThat(all.findValuesAsText("lagSeconds")).containsExactly("0", "95");
        assertThat(all.findValuesAsText("clockOffsetMillis")).containsExactly("-42000", "30000", "0", "0");
        assertThat(all.findValuesAsText("clockAlarm")).containsExactly("true", "false", "false", "false");
        assertThat(all.get(0).path("lastContactAt").asText()).isEqualTo("2026-03-01T11:59:59.000Z");
        assertThat(all.get(0).path("reportedAt").asText()).isEqualTo("2026-03-01T11:58:00.000Z");
        assertThat(all.get(0).path("nodeVersion").asText()).isEqualTo("0.1.0");
        assertThat(all.get(0).path("queued").asLong()).isEqualTo(3);
        assertThat(all.get(4).path("knownSince").asText()).isEqualTo("2026-03-01T11:45:00.000Z");
        ports.asked.clear();
        assertThat(get("operator", "/api/v1/stores/store-2")
                        .body()
                        .path("lagSeconds")
                        .asLong())
                .isEqualTo(95);
        assertThat(ports.asked).noneMatch(LogSearch.class::isInstance); // the time of a version is remembered
    }

    @Test
    void whoHasAVersionIsToldAndOfWhomThatIsNotKnown() {
        var invited =
                new Access.Store(new StoreId("store-5"), Ports.DEMO, Instant.EPOCH, Optional.empty(), Optional.empty());
        var gone = new Access.Store(
                new StoreId("store-6"),
                Ports.DEMO,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Access.Standing.REMOVED);
        ports.schema = new Reading.Found<>(new Version(7), new SchemaView(List.of()));
        ports.stores = Optional.of(List.of(
                at("store-1", 7, "reachable", Duration.ZERO),
                at("store-2", 5, "reachable", Duration.ZERO),
                at("store-3", 7, "diverged", Duration.ZERO),
                silent(standing("store-4", Ports.DEMO).store()),
                silent(invited),
                silent(gone),
                standing("store-9", OTHER)));
        var six = get("operator", "/api/v1/stores?catalog=demo&version=6").body();
        assertThat(six.path("stores").findValuesAsText("store"))
                .containsExactly("store-1", "store-2", "store-3", "store-4", "store-5");
        assertThat(six.path("stores").findValuesAsText("arrived")).containsExactly("true", "false", "false");
        assertThat(six.path("arrived").asInt()).isEqualTo(1);
        assertThat(six.path("missing").asInt()).isEqualTo(2);
        assertThat(six.path("unknown").asInt()).isEqualTo(2);
        var five = get("editor", "/api/v1/stores?version=5"); // an editor's only catalog
        assertThat(five.body().path("arrived").asInt()).isEqualTo(2);
        assertThat(five.headers()).containsEntry("Storemesh-Version", "7");
        assertThat(get("operator", "/api/v1/stores?catalog=demo").body().path("stores"))
                .hasSize(6);
        assertThat(get("operator", "/api/v1/stores?version=5").named()).isEqualTo("400 invalid_parameter catalog");
        assertThat(get("operator", "/api/v1/stores?catalog=demo&version=8").named())
                .isEqualTo("400 invalid_parameter version");
        assertThat(get("editor", "/api/v1/stores?catalog=other&version=5").outcome())
                .isEqualTo("404 unknown_catalog");
        ports.schema = new Reading.NoCatalog<>();
        assertThat(get("operator", "/api/v1/stores?catalog=none&version=5").outcome())
                .isEqualTo("404 unknown_catalog");
    }

    @Test
    void aLinkReportsWithItsPollsAndHearsHowItsClockStands() {
        ports.clockOffset = Duration.ofSeconds(-42);
        var report = "applied=41, queued=3, link=reachable, node=0.1.0, clock=2026-03-01T12:00:00.000Z";
        var seen = send("link", "GET", "/api/v1/catalogs/demo", "", Map.of("Storemesh-Report", report));
        assertThat(seen.headers()).containsEntry("Storemesh-Clock-Offset", "-42000");
        assertThat(ports.asked).contains(STORE, StoreReport.parse(report));
        assertThat(get("link", "/api/v1/catalogs/demo").headers()).doesNotContainKey("Storemesh-Clock-Offset");
        ports.asked.clear();
        for (var other : List.of("operator", "clerk", "reader")) {
            assertThat(send(other, "GET", "/api/v1/catalogs/demo", "", Map.of("Storemesh-Report", report))
                            .named())
                    .isEqualTo("400 invalid_header Storemesh-Report");
        }
        assertThat(send("link", "GET", "/api/v1/catalogs/demo", "", Map.of("Storemesh-Report", "applied=1"))
                        .named())
                .isEqualTo("400 invalid_header Storemesh-Report");
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void storesOfAnotherCatalogAreNotSeen() {
        ports.stores = Optional.of(List.of(standing("store-1", Ports.DEMO), standing("store-2", OTHER)));
        assertThat(get("editor", "/api/v1/stores").body().path("stores")).hasSize(1);
        assertThat(get("editor", "/api/v1/stores/store-2").outcome()).isEqualTo("404 unknown_store");
        assertThat(get("reader", "/api/v1/stores").outcome()).isEqualTo("403 forbidden");
        assertThat(get("link", "/api/v1/stores").outcome()).isEqualTo("403 forbidden");
    }

    @Test
    void invitesAStore() {
        ports.invited = new Invited.JoinToken(STORE, Ports.DEMO, "smj_x", Instant.EPOCH);
        assertThat(post("operator", "/api/v1/stores", "{'store':'store-1','catalog':'demo'}")
                        .body()
                        .path("joinToken")
                        .asText())
                .isEqualTo("smj_x");
        assertThat(ports.asked).containsExactly(STORE, Ports.DEMO, Duration.ofDays(1));
        ports.invited = new Invited.UnknownCatalog();
        assertThat(post("operator", "/api/v1/stores", "{'store':'store-1','catalog':'x'}")
                        .outcome())
                .isEqualTo("404 unknown_catalog");
        ports.invited = new Invited.OfAnotherCatalog();
        assertThat(post("operator", "/api/v1/stores", "{'store':'store-1','catalog':'x'}")
                        .outcome())
                .isEqualTo("409 store_exists");
        ports.invited = new Invited.NotHq();
        assertThat(post("operator", "/api/v1/stores", "{'store':'store-1','catalog':'x'}")
                        .outcome())
                .isEqualTo("409 hq_only");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'catalog':'demo'}|400 missing_field /store",
                "{'store':'store-1'}|400 missing_field /catalog",
                "{'store':'Store 1','catalog':'demo'}|400 invalid_value /store",
                "{'store':'store-1','catalog':'DEMO'}|400 invalid_value /catalog",
                "{'store':'store-1','catalog':'demo','validSeconds':0}|400 invalid_value /validSeconds",
                "{'store':'store-1','catalog':'demo','validSeconds':99999999999}|400 invalid_value /validSeconds",
                "{'store':'store-1','catalog':'demo','name':'x'}|400 unknown_field /name"
            })
    void invitationsThatAreNotOfTheFormAreNamed(String body, String expected) {
        assertThat(post("operator", "/api/v1/stores", body).named()).isEqualTo(expected);
        assertThat(ports.asked).isEmpty();
    }

    // Enrolments

    @Test
    void tradesAJoinTokenForACredential() {
        ports.joined =
                new Joined.Credential(STORE, Ports.DEMO, new HistoryId("01JNZ8Q4T3V9XK2M7B5D6F8G0H"), 2, "sms_x");
        assertThat(post("smj_x", "/api/v1/enrolments", "{'node':'n1'}")
                        .body()
                        .path("credential")
                        .asText())
                .isEqualTo("sms_x");
        assertThat(ports.asked).containsExactly("smj_x", "n1");
        ports.joined = new Joined.NotInvited();
        assertThat(post("smj_x", "/api/v1/enrolments", "{'node':'n1'}").outcome())
                .isEqualTo("401 unauthenticated");
        ports.joined = new Joined.JoinTokenUsed();
        assertThat(post("smj_x", "/api/v1/enrolments", "{'node':'n1'}").outcome())
                .isEqualTo("409 join_token_used");
        ports.joined = new Joined.NotHq();
        assertThat(post("smj_x", "/api/v1/enrolments", "{'node':'n1'}").outcome())
                .isEqualTo("409 hq_only");
    }

    @Test
    void enrolmentsThatAreNotOfTheFormAreNamed() {
        assertThat(post("smj_x", "/api/v1/enrolments", "{}").named()).isEqualTo("400 missing_field /node");
        assertThat(post("smj_x", "/api/v1/enrolments", "{'node':''}").named()).isEqualTo("400 invalid_value /node");
        assertThat(post("smj_x", "/api/v1/enrolments", "{'node':'n','x':1}").named())
                .isEqualTo("400 unknown_field /x");
        assertThat(post("", "/api/v1/enrolments", "{'node':'n'}").outcome()).isEqualTo("401 unauthenticated");
        assertThat(ports.asked).isEmpty();
    }

    // Tokens

    @Test
    void aTokensSecretIsShownOnce() {
        var made = post(
                "operator", "/api/v1/tokens", "{'name':'importer','role':'editor','catalog':'demo','validSeconds':60}");
        assertThat(made.outcome()).isEqualTo("201");
        assertThat(made.body().path("token").asText()).isEqualTo("smt_secret");
        assertThat(ports.asked)
                .containsExactly(new NewToken(
                        "importer",
                        Role.EDITOR,
                        Optional.of(Ports.DEMO),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Duration.ofMinutes(1))));
        ports.tokens = List.of(Ports.token("t1", "importer", Role.EDITOR, Optional.of(Ports.DEMO)));
        assertThat(get("operator", "/api/v1/tokens").body().toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'role':'editor'}|400 missing_field /name",
                "{'name':'x'}|400 missing_field /role",
                "{'name':' ','role':'editor'}|400 invalid_value /name",
                "{'name':'a\\nb','role':'editor'}|400 invalid_value /name",
                "{'name':'x','role':'store'}|400 invalid_value /role",
                "{'name':'x','role':'king'}|400 invalid_value /role",
                "{'name':'x','role':'editor','catalog':'A'}|400 invalid_value /catalog",
                "{'name':'x','role':'editor','app':'loyalty'}|400 invalid_value /app",
                "{'name':'x','role':'editor','app':'com.Acme'}|400 invalid_value /app",
                "{'name':'x','role':'editor','app':7}|400 invalid_value /app",
                "{'name':'x','role':'editor','validSeconds':-1}|400 invalid_value /validSeconds",
                "{'name':'x','role':'editor','admin':true}|400 unknown_field /admin",
                "{'name':'x','role':'clerk'}|400 missing_field /store",
                "{'name':'x','role':'lane','store':'Store 1'}|400 invalid_value /store",
                "{'name':'x','role':'editor','store':'store-1'}|400 invalid_value /store",
                "{'name':'x','role':'auditor','store':'store-1'}|400 invalid_value /store",
                "{'name':'x','role':'app'}|400 missing_field /app"
            })
    void tokensThatAreNotOfTheFormAreNamed(String body, String expected) {
        assertThat(post("operator", "/api/v1/tokens", body).named()).isEqualTo(expected);
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void whoSeesOneCatalogGivesNobodyMore() {
        assertThat(post("foreman", "/api/v1/tokens", "{'name':'x','role':'reader'}")
                        .outcome())
                .isEqualTo("403 forbidden");
        assertThat(post("foreman", "/api/v1/tokens", "{'name':'x','role':'reader','catalog':'other'}")
                        .outcome())
                .isEqualTo("404 unknown_catalog");
        assertThat(post("foreman", "/api/v1/stores", "{'store':'store-1','catalog':'other'}")
                        .outcome())
                .isEqualTo("404 unknown_catalog");
        ports.tokens = List.of(
                Ports.token("t1", "a", Role.EDITOR, Optional.of(Ports.DEMO)),
                Ports.token("t2", "b", Role.OPERATOR, Optional.empty()),
                Ports.token("t3", "c", Role.EDITOR, Optional.of(OTHER)));
        assertThat(get("foreman", "/api/v1/tokens").body().path("tokens")).hasSize(1);
        assertThat(send("foreman", "DELETE", "/api/v1/tokens/t2", "").outcome()).isEqualTo("404 unknown_token");
        assertThat(send("foreman", "DELETE", "/api/v1/tokens/t3", "").outcome()).isEqualTo("404 unknown_token");
        assertThat(ports.asked).isEmpty();
        assertThat(send("foreman", "DELETE", "/api/v1/tokens/t1", "").outcome()).isEqualTo("204");
        assertThat(ports.asked).containsExactly("t1");
    }

    @Test
    void onlyOperatorsSeeTokens() {
        for (var token : List.of("editor", "approver", "reader", "link")) {
            assertThat(get(token, "/api/v1/tokens").outcome()).isEqualTo("403 forbidden");
            assertThat(send(token, "DELETE", "/api/v1/tokens/t1", "").outcome()).isEqualTo("403 forbidden");
        }
        assertThat(send("operator", "DELETE", "/api/v1/tokens/t9", "").outcome())
                .isEqualTo("404 unknown_token");
    }

    @Test
    void aTokenMayBeAnApps() {
        var made = post("operator", "/api/v1/tokens", "{'name':'loyalty','role':'editor','app':'com.acme.loyalty'}");
        assertThat(made.outcome()).isEqualTo("201");
        assertThat(made.body().path("app").asText()).isEqualTo("com.acme.loyalty");
        assertThat(ports.asked)
                .containsExactly(new NewToken(
                        "loyalty",
                        Role.EDITOR,
                        Optional.empty(),
                        Optional.of(Ports.LOYALTY),
                        Optional.empty(),
                        Optional.empty()));
        ports.tokens = List.of(Ports.token("t1", "loyalty", Role.EDITOR, Optional.empty(), Optional.of(Ports.LOYALTY)));
        assertThat(get("operator", "/api/v1/tokens")
                        .body()
                        .path("tokens")
                        .path(0)
                        .path("app")
                        .asText())
                .isEqualTo("com.acme.loyalty");
    }

    @Test
    void aTokenMayBeForOneStore() {
        var body = "{'name':'Ann','role':'clerk','store':'store-1'}";
        var made = post("operator", "/api/v1/tokens", body);
        assertThat(made.outcome()).isEqualTo("201");
        assertThat(made.body().path("store").asText()).isEqualTo("store-1");
        ports.issued = Optional.of(new Issued.UnknownStore());
        assertThat(post("operator", "/api/v1/tokens", body).outcome()).isEqualTo("404 unknown_store");
        ports.issued = Optional.of(new Issued.TooMany(1_000));
        assertThat(post("operator", "/api/v1/tokens", body).outcome()).isEqualTo("409 too_many_tokens");
        ports.issued = Optional.empty();
        ports.standing = new Standing("store-1", Kind.STORE, true, Optional.of(LinkState.REACHABLE));
        assertThat(post("operator", "/api/v1/tokens", "{'name':'Ann','role':'clerk'}")
                        .outcome())
                .isEqualTo("201"); // it is for the store that this is
    }

    // The life of a store

    @Test
    void aStoreIsSuspendedResumedAndRemoved() {
        ports.stores = Optional.of(List.of(standing("store-1", Ports.DEMO), standing("store-2", OTHER)));
        assertThat(post("operator", "/api/v1/stores/store-1/suspend", "").body())
                .hasToString("{\"store\":\"store-1\",\"standing\":\"suspended\"}");
        assertThat(post("operator", "/api/v1/stores/store-1/resume", "")
                        .body()
                        .path("standing")
                        .asText())
                .isEqualTo("active");
        assertThat(send("operator", "DELETE", "/api/v1/stores/store-2", "")
                        .body()
                        .path("standing")
                        .asText())
                .isEqualTo("removed");
        assertThat(ports.asked)
                .containsExactly(
                        STORE,
                        Access.Standing.SUSPENDED,
                        STORE,
                        Access.Standing.ACTIVE,
                        new StoreId("store-2"),
                        Access.Standing.REMOVED);
        ports.asked.clear();
        assertThat(post("foreman", "/api/v1/stores/store-2/suspend", "").outcome())
                .isEqualTo("404 unknown_store");
        assertThat(post("operator", "/api/v1/stores/store-3/suspend", "").outcome())
                .isEqualTo("404 unknown_store");
        assertThat(ports.asked).isEmpty();
        ports.changed = new Changed.Removed();
        assertThat(post("operator", "/api/v1/stores/store-1/resume", "").outcome())
                .isEqualTo("409 store_removed");
        ports.stores = Optional.empty();
        assertThat(post("operator", "/api/v1/stores/store-1/resume", "").outcome())
                .isEqualTo("409 hq_only");
    }

    @Test
    void aStoreIsToldWhyItIsNotLetIn() {
        ports.others = secret -> new Authentication.StoreEnded(STORE, Access.Standing.SUSPENDED);
        assertThat(get("sms_suspended", "/api/v1/catalogs/demo/log").outcome()).isEqualTo("403 store_suspended");
        ports.others = secret -> new Authentication.StoreEnded(STORE, Access.Standing.REMOVED);
        assertThat(get("sms_removed", "/api/v1/catalogs/demo/log").outcome()).isEqualTo("403 store_removed");
    }

    @Test
    void staffThatHqIssuedIsToldThatHqWasAwayForTooLong() {
        ports.others = secret -> new Authentication.OutOfDate(Instant.EPOCH, Duration.ofDays(7));
        var refused = get("smt_clerk", "/api/v1/catalogs/demo");
        assertThat(refused.outcome()).isEqualTo("401 staff_out_of_date");
        assertThat(refused.body().path("detail").asText()).contains("1970-01-01", "access.staff-age");
    }

    @Test
    void aLinkAsksForItsOwnStoreAlone() {
        assertThat(post("link", "/api/v1/stores/store-1/credential", "").body())
                .hasToString("{\"store\":\"store-1\",\"credential\":\"sms_secret\"}");
        assertThat(get("link", "/api/v1/stores/store-1/access?known=x&wait=1")
                        .body()
                        .path("tokens"))
                .isEmpty();
        assertThat(ports.asked).containsExactly(STORE, STORE, "x", Optional.empty(), Duration.ofSeconds(1));
        ports.asked.clear();
        assertThat(post("link", "/api/v1/stores/store-2/credential", "").outcome())
                .isEqualTo("404 unknown_store");
        ports.news = Optional.of(new VerificationOrder("a1", Cause.NIGHTLY, true, Instant.EPOCH));
        assertThat(get("link", "/api/v1/stores/store-1/access?known=x&order=a0&wait=1")
                        .body()
                        .path("order"))
                .isEqualTo(ports.news.get().write());
        assertThat(ports.asked).containsExactly(STORE, "x", Optional.of("a0"), Duration.ofSeconds(1));
        ports.asked.clear();
        assertThat(get("link", "/api/v1/stores/store-2/access").outcome()).isEqualTo("404 unknown_store");
        for (var token : List.of("operator", "editor", "clerk")) {
            assertThat(post(token, "/api/v1/stores/store-1/credential", "").outcome())
                    .isEqualTo("403 forbidden");
            assertThat(get(token, "/api/v1/stores/store-1/access").outcome()).isEqualTo("403 forbidden");
        }
        assertThat(ports.asked).isEmpty();
        ports.renewed = Optional.empty();
        assertThat(post("link", "/api/v1/stores/store-1/credential", "").outcome())
                .isEqualTo("404 unknown_store");
    }

    @Test
    void anOperatorOrdersAVerificationOfAStoreThatIsThere() {
        var order = new VerificationOrder("a1", Cause.ORDERED, true, Instant.EPOCH);
        ports.stores = Optional.of(List.of(at("store-1", 7, "reachable", Duration.ZERO)));
        ports.ordered = new Ordered.Order(order, true);
        var ordered = post("operator", "/api/v1/stores/store-1/verify", "{'repair':false}");
        assertThat(ordered.outcome()).isEqualTo("202");
        assertThat(ordered.body().path("order")).isEqualTo(order.write());
        assertThat(ports.asked).contains(STORE, false);
        assertThat(post("operator", "/api/v1/stores/store-1/verify", "{'repair':true}")
                        .outcome())
                .isEqualTo("202");
        assertThat(ports.asked).contains(true);
        assertThat(post("operator", "/api/v1/stores/store-1/verify", "").outcome())
                .isEqualTo("202");
        assertThat(post("operator", "/api/v1/stores/store-1/verify", "{'mend':true}")
                        .outcome())
                .isEqualTo("400 unknown_field");
        assertThat(post("operator", "/api/v1/stores/store-2/verify", "").outcome())
                .isEqualTo("404 unknown_store");
        ports.ordered = new Ordered.Nobody();
        assertThat(post("operator", "/api/v1/stores/store-1/verify", "").outcome())
                .isEqualTo("409 store_not_linked");
    }

    @Test
    void aStoreTellsWhatCameOfItAndEverybodyWhoSeesStoresSeesIt() {
        var different = new Verification(
                Optional.of("a1"),
                Cause.ORDERED,
                Instant.EPOCH,
                new Verification.Different(
                        new Version(7),
                        30,
                        List.of(new Verification.Difference(new ObjectToken("tea"), Verification.Kind.DIFFERS)),
                        false),
                false);
        var told = different.write().toString();
        assertThat(post("link", "/api/v1/stores/store-1/verifications", told).outcome())
                .isEqualTo("200");
        assertThat(ports.asked).contains(STORE, different);
        assertThat(post("link", "/api/v1/stores/store-2/verifications", told).outcome())
                .isEqualTo("404 unknown_store");
        assertThat(post("operator", "/api/v1/stores/store-1/verifications", told)
                        .outcome())
                .isEqualTo("403 forbidden");
        var store = at("store-1", 7, "reachable", Duration.ZERO);
        ports.stores = Optional.of(List.of(new StoreStanding(
                store.store(),
                store.contact(),
                store.knownSince(),
                store.asOf(),
                Verifications.NONE.kept(NOW, different))));
        var kept = get("editor", "/api/v1/stores/store-1/verifications").body().path("verifications");
        assertThat(kept).hasSize(1);
        assertThat(kept.path(0).path("objects").path(0).path("difference").asText())
                .isEqualTo("differs");
        assertThat(kept.path(0).path("keptAt").asText()).isEqualTo("2026-03-01T12:00:00.000Z");
        assertThat(get("editor", "/api/v1/stores/store-1").body().path("verified"))
                .isEqualTo(kept.path(0));
        assertThat(get("editor", "/api/v1/stores/store-2/verifications").outcome())
                .isEqualTo("404 unknown_store");
    }

    // Namespaces

    @Test
    void claimsANamespaceForAnApp() {
        ports.claim = new Claim.Claimed(true);
        var made = post("operator", "/api/v1/namespaces", CLAIM);
        assertThat(made.outcome()).isEqualTo("201");
        assertThat(made.body()).hasToString(CLAIM.replace('\'', '"'));
        assertThat(ports.asked).containsExactly(ACME, Ports.LOYALTY);
        ports.claim = new Claim.Claimed(false);
        assertThat(post("operator", "/api/v1/namespaces", CLAIM).outcome()).isEqualTo("200");
    }

    @Test
    void saysWhyANamespaceCannotBeClaimed() {
        ports.claim = new Claim.Taken(new Namespace("com.acme.prices"), new AppName("com.acme.prices"));
        var taken = post("operator", "/api/v1/namespaces", CLAIM);
        assertThat(taken.outcome()).isEqualTo("409 namespace_taken");
        assertThat(taken.body().path("detail").asText()).contains("com.acme.prices");
        ports.claim = new Claim.Reserved();
        assertThat(post("operator", "/api/v1/namespaces", CLAIM).outcome()).isEqualTo("422 namespace_reserved");
        ports.claim = new Claim.NotHq();
        assertThat(post("operator", "/api/v1/namespaces", CLAIM).outcome()).isEqualTo("409 hq_only");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'app':'com.acme.loyalty'}|400 missing_field /namespace",
                "{'namespace':'com.acme'}|400 missing_field /app",
                "{'namespace':'sys','app':'com.acme.loyalty'}|400 invalid_value /namespace",
                "{'namespace':'com.acme.','app':'com.acme.loyalty'}|400 invalid_value /namespace",
                "{'namespace':'com.acme','app':'loyalty'}|400 invalid_value /app",
                "{'namespace':'com.acme','app':'com.acme.loyalty','for':1}|400 unknown_field /for"
            })
    void claimsThatAreNotOfTheFormAreNamed(String body, String expected) {
        assertThat(post("operator", "/api/v1/namespaces", body).named()).isEqualTo(expected);
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void namespacesAreListedByNameAtHqOnly() {
        ports.namespaces = Namespaces.NONE
                .with(new Namespace("org.example"), Ports.LOYALTY)
                .with(ACME, Ports.LOYALTY);
        assertThat(get("operator", "/api/v1/namespaces").body())
                .hasToString("{\"namespaces\":[{\"namespace\":\"com.acme\",\"app\":\"com.acme.loyalty\"},"
                        + "{\"namespace\":\"org.example\",\"app\":\"com.acme.loyalty\"}]}");
        ports.standing = new Standing("store-1", Kind.STORE, true, Optional.of(LinkState.REACHABLE));
        assertThat(get("operator", "/api/v1/namespaces").outcome()).isEqualTo("409 hq_only");
    }

    @Test
    void onlyOperatorsOfTheWholeSiteClaim() {
        ports.claim = new Claim.Claimed(true);
        for (var token : List.of("editor", "approver", "reader", "link", "loyalty")) {
            assertThat(get(token, "/api/v1/namespaces").outcome()).isEqualTo("403 forbidden");
            assertThat(post(token, "/api/v1/namespaces", CLAIM).outcome()).isEqualTo("403 forbidden");
        }
        assertThat(get("foreman", "/api/v1/namespaces").outcome()).isEqualTo("200");
        assertThat(post("foreman", "/api/v1/namespaces", CLAIM).outcome()).isEqualTo("403 forbidden");
        assertThat(ports.asked).isEmpty();
    }

    // Health

    @Test
    void saysWhetherItIsReady() {
        assertThat(get("", "/health/live").outcome()).isEqualTo("200");
        assertThat(get("", "/health/ready").body())
                .hasToString("{\"status\":\"ready\",\"site\":\"hq\",\"role\":\"hq\"}");
        ports.standing = new Standing("store-1", Kind.STORE, true, Optional.of(LinkState.UNREACHABLE));
        assertThat(get("", "/health/ready").body().path("hq").asText()).isEqualTo("unreachable");
        ports.standing = new Standing("store-1", Kind.STORE, false, Optional.empty());
        var starting = get("", "/health/ready");
        assertThat(starting.status()).isEqualTo(503);
        assertThat(starting.body().path("status").asText()).isEqualTo("starting");
    }
}
