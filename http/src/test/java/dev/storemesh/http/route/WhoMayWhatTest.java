package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessDecider;
import dev.storemesh.protocol.access.AccessEvent;
import dev.storemesh.protocol.access.AccessPort.StoreStanding;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.access.SitePort.Kind;
import dev.storemesh.protocol.access.SitePort.LinkState;
import dev.storemesh.protocol.access.SitePort.Standing;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every route of the API for every role, of the own and of a foreign merchant, of the own, of a foreign and of no
/// store, as `who-may-what.txt` says. The principals are those that the rules of access make of journaled facts.
///
/// The merchants are `demo` and `other`; `demo` has the stores `store-1` and `store-2`, `other` has `store-9`.
/// Requests are about `store-1`, where they are about a store.
class WhoMayWhatTest extends WithApi {
    private static final CatalogId OTHER = new CatalogId("other");
    private static final StoreId SECOND = new StoreId("store-2");
    private static final StoreId THEIRS = new StoreId("store-9");
    private static final RequestId REQUEST = new RequestId("cr-01JNZ8Q4T3V9XK2M7B5D6F8G0H");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Set<String> HIDDEN =
            Set.of("unknown_catalog", "unknown_store", "unknown_change_request", "unknown_token");

    /// The roles in the order of the table's columns.
    private static final List<Role> COLUMNS = List.of(
            Role.OPERATOR,
            Role.EDITOR,
            Role.APPROVER,
            Role.READER,
            Role.STORE,
            Role.LANE,
            Role.CLERK,
            Role.STORE_MANAGER,
            Role.APP,
            Role.AUDITOR);

    private static final Map<String, Line> TABLE = table();

    /// One line of the table; `cells` is empty where no role is needed.
    record Line(String route, Map<Role, String> cells, String merchant, String store) {
        boolean may(Role role, Kind site) {
            var cell = cell(role);
            return cell.equals("+") || (cell.equals("h") && site != Kind.HQ);
        }

        String cell(Role role) {
            return Objects.requireNonNull(cells.get(role));
        }

        @Override
        public String toString() {
            return route;
        }
    }

    private static Map<String, Line> table() {
        var lines = new LinkedHashMap<String, Line>();
        try (var file = Objects.requireNonNull(WhoMayWhatTest.class.getResourceAsStream("/who-may-what.txt"))) {
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" +"))
                    .forEach(words -> {
                        var route = words[0] + " " + words[1];
                        assertThat(lines.put(route, line(route, words)))
                                .as(route)
                                .isNull();
                    });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return lines;
    }

    private static Line line(String route, String[] words) {
        if (words.length == 3) {
            assertThat(words[2]).as(route).isIn("everybody", "join-token");
            return new Line(route, Map.of(), words[2], "-");
        }
        assertThat(words).as(route).hasSize(2 + COLUMNS.size() + 2);
        var cells = new LinkedHashMap<Role, String>();
        for (var i = 0; i < COLUMNS.size(); i++) {
            assertThat(words[2 + i]).as(route).isIn("+", "-", "h");
            cells.put(COLUMNS.get(i), words[2 + i]);
        }
        var merchant = words[2 + COLUMNS.size()];
        var store = words[3 + COLUMNS.size()];
        assertThat(merchant).as(route).isIn("404", "-", "whole");
        assertThat(store).as(route).isIn("staff:403", "all:403", "all:404", "kept:403", "-");
        return new Line(route, cells, merchant, store);
    }

    static Stream<Line> withRoles() {
        return TABLE.values().stream().filter(line -> !line.cells().isEmpty());
    }

    private Access access = Access.NEW;

    @BeforeEach
    void script() {
        var now = new Version(7);
        ports.others = secret -> AccessDecider.authenticate(access, SecretHash.of(secret), Instant.EPOCH, WEEK);
        ports.answer = CompletableFuture.completedStage(new Answer.Busy("writes", 1));
        ports.ended = Optional.of(how -> new Answer.Busy("writes", 1));
        ports.head = new Reading.NotYet<>(now);
        ports.object = new Reading.NotYet<>(now);
        ports.queried = new Reading.NotYet<>(now);
        ports.reported = new Reading.NotYet<>(now);
        ports.slice = new Reading.NotYet<>(now);
        ports.log = new Reading.NotYet<>(now);
        ports.snapshot = new Reading.NotYet<>(now);
        ports.history = new Reading.NotYet<>(now);
        ports.differences = new Reading.NotYet<>(now);
        ports.requests = new Reading.NotYet<>(now);
        ports.request = new Reading.Found<>(now, request());
        ports.schema =
                new Reading.Found<>(now, new SchemaView(List.of(location("1", "store-1"), location("2", "store-2"))));
        ports.namespaces = Namespaces.NONE.with(new Namespace("com.acme.loyalty"), Ports.LOYALTY);
        ports.stores =
                Optional.of(List.of(store(Ports.STORE, Ports.DEMO), store(SECOND, Ports.DEMO), store(THEIRS, OTHER)));
        ports.tokens = List.of(
                Ports.token("t-demo", "a", Role.EDITOR, Optional.of(Ports.DEMO)),
                Ports.token("t-other", "b", Role.EDITOR, Optional.of(OTHER)));
    }

    private static StoreStanding store(StoreId id, CatalogId catalog) {
        return new StoreStanding(
                new Access.Store(id, catalog, Instant.EPOCH, Optional.empty(), Optional.empty()),
                Optional.empty(),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    private static ChangeRequest request() {
        return new ChangeRequest(
                REQUEST,
                Ports.STORE,
                Status.WAITING,
                1,
                1,
                Version.NONE,
                "[{\"op\":\"delete\",\"object\":\"tea\"}]",
                "ann",
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static ObjectView.Live location(String token, String id) {
        var rows = Stream.of(Map.entry("id", id), Map.entry("kind", "store"), Map.entry("store", id));
        return new ObjectView.Live(
                new ObjectToken("sys." + token),
                StandardSchema.LOCATION,
                new Version(7),
                rows.map(field -> new Row(
                                new Attribute(
                                        StandardSchema.name(StandardSchema.LOCATION, field.getKey()),
                                        Optional.empty(),
                                        new Value.Text(field.getValue())),
                                new Version(7)))
                        .toList());
    }

    // Principals

    private String token(Role role, Optional<CatalogId> catalog, Optional<StoreId> store) {
        var secret = role.wireName() + catalog + store;
        if (role == Role.STORE) {
            tell(new AccessEvent.StoreInvited(
                    Instant.EPOCH, store.orElseThrow(), catalog.orElseThrow(), SecretHash.of("j"), Instant.MAX));
            tell(new AccessEvent.StoreEnrolled(
                    Instant.EPOCH, store.orElseThrow(), "n", SecretHash.of(bearer(secret)), 1));
        } else {
            tell(new AccessEvent.TokenIssued(
                    Instant.EPOCH,
                    secret,
                    role.wireName(),
                    role,
                    catalog,
                    role == Role.APP ? Optional.of(Ports.LOYALTY) : Optional.empty(),
                    store,
                    SecretHash.of(bearer(secret)),
                    Optional.empty()));
        }
        return bearer(secret);
    }

    private void tell(AccessEvent fact) {
        access = AccessDecider.evolve(access, fact);
    }

    private static String bearer(String secret) {
        return "smt_" + secret.replaceAll("[^a-z0-9_-]", "");
    }

    // Requests

    private String send(Line line, String token, CatalogId catalog) {
        var route = line.route();
        var method = route.substring(0, route.indexOf(' '));
        var isOwn = catalog.equals(Ports.DEMO);
        var path = route.substring(method.length() + 1)
                .replace("{catalog}", catalog.text())
                .replace("{token}", "tea")
                .replace("{definition}", "retail.item.barcode")
                .replace("{value}", "4006381333931")
                .replace("{name}", "com.acme.loyalty.card")
                .replace("{app}", "com.acme.loyalty");
        path = path.startsWith("/api/v1/change-requests/")
                ? path.replace("{id}", REQUEST.text()) + "?catalog=" + catalog
                : path.startsWith("/api/v1/tokens/")
                        ? path.replace("{id}", isOwn ? "t-demo" : "t-other")
                        : path.replace("{id}", isOwn ? "store-1" : "store-9");
        ports.asked.clear();
        return send(token, method, path + query(route, catalog), body(route, catalog))
                .outcome();
    }

    private static String query(String route, CatalogId catalog) {
        return switch (route) {
            case "GET /api/v1/catalogs/{catalog}/objects/{token}",
                    "GET /api/v1/catalogs/{catalog}/objects",
                    "GET /api/v1/catalogs/{catalog}/objects/by/{definition}/{value}",
                    "GET /api/v1/catalogs/{catalog}/export",
                    "GET /api/v1/catalogs/{catalog}/overrides",
                    "GET /api/v1/catalogs/{catalog}/missing",
                    "GET /api/v1/catalogs/{catalog}/objects/{token}/history" -> "?location=store-1";
            case "GET /api/v1/catalogs/{catalog}/changes" -> "?since=1&location=store-1";
            case "GET /api/v1/catalogs/{catalog}/diff" -> "?from=1&to=2&location=store-1";
            case "GET /api/v1/change-requests" -> "?store=store-1&catalog=" + catalog;
            default -> "";
        };
    }

    private static String body(String route, CatalogId catalog) {
        var write = "{'operations':[{'op':'put','object':'tea','set':[{'attribute':'com.acme.loyalty.points',"
                + "'location':'store-1','value':1}]}]}";
        return switch (route) {
            case "POST /api/v1/catalogs/{catalog}/writes" -> write;
            case "POST /api/v1/catalogs/{catalog}/query" -> "{'location':'store-1','filter':{'type':'retail.item'}}";
            case "POST /api/v1/catalogs/{catalog}/revert" -> "{'to':1}";
            case "POST /api/v1/catalogs/{catalog}/overrides/clear" ->
                "{'attribute':'com.acme.loyalty.points','location':'store-1'}";
            case "POST /api/v1/catalogs/{catalog}/overrides/set-everywhere" ->
                "{'object':'tea','attribute':'com.acme.loyalty.points','values':[1]}";
            case "POST /api/v1/catalogs/{catalog}/types" -> "{'name':'com.acme.loyalty.card'}";
            case "POST /api/v1/change-requests" ->
                "{'catalog':'" + catalog
                        + "','epoch':1,'requests':[{'changeRequest':'cr-01JNZ8Q4T3V9XK2M7B5D6F8G0H','sequence':1,'base':0,"
                        + "'operations':[],'requester':'ann','queuedAt':'2026-03-01T09:30:00.000Z'}]}";
            case "POST /api/v1/change-request-decisions" -> "{'decision':'approve','catalog':'" + catalog + "'}";
            case "POST /api/v1/change-requests/{id}/comments" -> "{'text':'why?'}";
            case "POST /api/v1/stores" -> "{'store':'store-3','catalog':'" + catalog + "'}";
            case "POST /api/v1/stores/{id}/verifications" ->
                "{'cause':'nightly','startedAt':'2026-03-01T09:30:00.000Z','outcome':'same','version':7,'rows':30}";
            case "POST /api/v1/tokens" -> "{'name':'x','role':'reader','catalog':'" + catalog + "'}";
            case "POST /api/v1/namespaces" -> "{'namespace':'com.acme','app':'com.acme.loyalty'}";
            default -> "";
        };
    }

    private void expect(String expected, Line line, Role role, String who, String token, CatalogId catalog) {
        var outcome = send(line, token, catalog);
        var as = line + " as " + role.wireName() + " " + who + " got " + outcome;
        switch (expected) {
            case "+" -> {
                assertThat(outcome).as(as).doesNotStartWith("401").isNotEqualTo("403 forbidden"); // a lock may lack
                assertThat(HIDDEN).as(as).noneMatch(outcome::contains);
            }
            case "403" -> assertThat(outcome).as(as).isEqualTo("403 forbidden");
            case "404" -> {
                assertThat(outcome).as(as).startsWith("404");
                assertThat(HIDDEN).as(as).anyMatch(outcome::contains);
            }
            default -> throw new AssertionError(expected);
        }
        if (!expected.equals("+") && !catalog.equals(Ports.DEMO)) {
            assertThat(ports.asked).as(as).doesNotContain(catalog); // nobody was even asked about it
        }
    }

    // Tests

    @Test
    void theTableHasEveryRouteAndNoOther() {
        var routes = new TreeSet<String>();
        endpoints(ports).forEach(endpoint -> routes.add(endpoint.toString()));
        assertThat(new TreeSet<>(TABLE.keySet())).isEqualTo(routes);
        assertThat(COLUMNS).containsExactlyInAnyOrder(Role.values());
        for (var endpoint : endpoints(ports)) {
            var line = Objects.requireNonNull(TABLE.get(endpoint.toString()));
            var needs = endpoint.admission() instanceof Admission.Token
                    ? "roles"
                    : endpoint.admission() instanceof Admission.JoinToken ? "join-token" : "everybody";
            assertThat(line.cells().isEmpty() ? line.merchant() : "roles")
                    .as(endpoint.toString())
                    .isEqualTo(needs);
        }
    }

    @ParameterizedTest
    @MethodSource("withRoles")
    void nobodyWithoutAToken(Line line) {
        assertThat(send(line, "", Ports.DEMO)).isEqualTo("401 unauthenticated");
        assertThat(send(line, "smt_nobody", Ports.DEMO)).isEqualTo("401 unauthenticated");
    }

    @ParameterizedTest
    @MethodSource("withRoles")
    void whoIsOfNoStore(Line line) {
        for (var site : Kind.values()) {
            at(site);
            for (var role : COLUMNS) {
                if (!role.needsStore()) {
                    var own = line.may(role, site) ? "+" : "403";
                    var whole = line.merchant().equals("whole");
                    var ofOne = whole ? "403" : own;
                    var foreign = !own.equals("+") || !line.merchant().equals("404") ? ofOne : "404";
                    var one = token(role, Optional.of(Ports.DEMO), Optional.empty());
                    var all = token(role, Optional.empty(), Optional.empty());
                    expect(ofOne, line, role, "of the merchant", one, Ports.DEMO);
                    expect(foreign, line, role, "of another merchant", one, OTHER);
                    expect(own, line, role, "of all merchants", all, Ports.DEMO);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("withRoles")
    void whoIsOfOneStore(Line line) {
        for (var site : Kind.values()) {
            at(site);
            for (var role : COLUMNS) {
                if (role.takesStore()) {
                    ofOneStore(line, role, line.may(role, site));
                }
            }
        }
    }

    private void ofOneStore(Line line, Role role, boolean may) {
        var isKept = role != Role.STORE && line.store().startsWith("kept");
        var isForeign = line.store().startsWith("all")
                || (role != Role.STORE && line.store().startsWith("staff"));
        var own = may && !isKept ? "+" : "403";
        var foreign = own.equals("+") && isForeign
                ? line.store().substring(line.store().indexOf(':') + 1)
                : own;
        var first = token(role, Optional.of(Ports.DEMO), Optional.of(Ports.STORE));
        var second = token(role, Optional.of(Ports.DEMO), Optional.of(SECOND));
        expect(own, line, role, "of the store", first, Ports.DEMO);
        expect(foreign, line, role, "of another store", second, Ports.DEMO);
        if (line.merchant().equals("404")) {
            expect(line.cell(role).equals("-") ? "403" : "404", line, role, "of another merchant", first, OTHER);
        }
    }

    private void at(Kind site) {
        ports.standing = site == Kind.HQ
                ? new Standing("hq", site, true, Optional.empty())
                : new Standing("store-1", site, true, Optional.of(LinkState.REACHABLE));
    }

    // What the table has no column for

    @Test
    void whoNamesNoLocationReadsAsTheOwnStore() {
        var clerk = token(Role.CLERK, Optional.of(Ports.DEMO), Optional.of(SECOND));
        get(clerk, "/api/v1/catalogs/demo/objects/tea");
        assertThat(ports.asked.getLast()).hasToString("At[location=store-2]");
        post(clerk, "/api/v1/catalogs/demo/query", "{'filter':{'type':'retail.item'}}");
        assertThat(ports.asked.getLast().toString()).contains("store-2");
        assertThat(post(clerk, "/api/v1/catalogs/demo/query", "{'group':'north','filter':{'type':'retail.item'}}")
                        .outcome())
                .isEqualTo("403 forbidden");
        get(clerk, "/api/v1/change-requests");
        assertThat(ports.asked.getLast().toString()).contains("store=Optional[store-2]");
    }

    @Test
    void aStoreThatServesNoLocationHasNothingToShowToItsStaff() {
        ports.schema = new Reading.Found<>(new Version(7), new SchemaView(List.of()));
        var clerk = token(Role.CLERK, Optional.of(Ports.DEMO), Optional.of(SECOND));
        assertThat(get(clerk, "/api/v1/catalogs/demo/objects").outcome()).isEqualTo("403 forbidden");
        assertThat(get(clerk, "/api/v1/catalogs/demo").outcome()).startsWith("400");
    }

    @Test
    void whatAnAppWritesLiesInItsNamespaces() {
        var app = token(Role.APP, Optional.of(Ports.DEMO), Optional.empty());
        var writes = "/api/v1/catalogs/demo/writes";
        for (var foreign : List.of(
                "{'op':'put','object':'tea','set':[{'attribute':'retail.item.price','value':1}]}",
                "{'op':'put','object':'tea','unset':[{'attribute':'org.example.x'}]}",
                "{'op':'put','object':'#a','type':'retail.item'}",
                "{'op':'put','object':'#a','type':'sys.definition'}")) {
            assertThat(post(app, writes, "{'operations':[" + foreign + "]}").outcome())
                    .as(foreign)
                    .isEqualTo("403 foreign_namespace");
        }
        assertThat(post(app, writes, "{'operations':[{'op':'undelete','object':'tea'}]}")
                        .outcome())
                .isEqualTo("403 forbidden");
        var delete = "{'operations':[{'op':'delete','object':'tea'}]}";
        ports.object = new Reading.Found<>(
                new Version(7),
                new ObjectView.Live(new ObjectToken("tea"), StandardSchema.ITEM, new Version(7), List.of()));
        assertThat(post(app, writes, delete).outcome()).isEqualTo("403 foreign_namespace");
        ports.object = new Reading.Nothing<>(new Version(7));
        assertThat(post(app, writes, delete).outcome()).isEqualTo("429 busy"); // the write's rules say what it is
        var card = "{'operations':[{'op':'put','object':'#a','type':'com.acme.loyalty.card','set':["
                + "{'attribute':'com.acme.loyalty.points','value':1}]}]}";
        assertThat(post(app, writes, card).outcome()).isEqualTo("429 busy");
        assertThat(post(app, writes, card.replace("]}]}", "]}],'transaction':'open'}"))
                        .outcome())
                .isEqualTo("403 forbidden");
    }
}
