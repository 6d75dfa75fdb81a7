package dev.storemesh.http.route;

import static dev.storemesh.http.route.Endpoint.AtStore.AT_HQ;
import static dev.storemesh.protocol.access.Access.Standing.ACTIVE;
import static dev.storemesh.protocol.access.Access.Standing.REMOVED;
import static dev.storemesh.protocol.access.Access.Standing.SUSPENDED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.http.route.Fleets.Fleet;
import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.AccessPort.Changed;
import dev.storemesh.protocol.access.AccessPort.Invited;
import dev.storemesh.protocol.access.AccessPort.Joined;
import dev.storemesh.protocol.access.AccessPort.Ordered;
import dev.storemesh.protocol.access.AccessPort.StoreStanding;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.access.StoreContact;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.verify.Verification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/// The stores of the chain: listed, invited, enrolled, suspended and removed; and what a store's link asks about
/// itself.
final class StoreRoutes {
    private static final String STORES = "/api/v1/stores";
    private static final long DAY_SECONDS = 86_400;
    private static final long YEAR_SECONDS = 366 * DAY_SECONDS;
    private static final int NODE_LENGTH = 200;
    private static final int MAX_WAIT_SECONDS = 30;

    private final AccessPort access;
    private final CatalogPort catalogs;
    private final Fleets fleets;

    StoreRoutes(AccessPort access, CatalogPort catalogs, Fleets fleets) {
        this.access = access;
        this.catalogs = catalogs;
        this.fleets = fleets;
    }

    List<Endpoint> endpoints() {
        var staff = Admission.to(Permission.SEE_STORES);
        var operator = Admission.to(Permission.ADMINISTER);
        var link = Admission.to(Permission.OFFER);
        return List.of(
                Endpoint.get(STORES, staff, this::list)
                        .taking("catalog", "version")
                        .answering(200, 404, 409)
                        .answered(AT_HQ),
                Endpoint.get(STORES + "/{id}", staff, this::one)
                        .answering(200, 404, 409)
                        .answered(AT_HQ),
                Endpoint.post(STORES, operator, Endpoint.Body.REQUIRED, this::invite)
                        .answering(201, 404, 409)
                        .answered(AT_HQ),
                Endpoint.post("/api/v1/enrolments", Admission.JOIN_TOKEN, Endpoint.Body.REQUIRED, this::enrol)
                        .answering(200, 409),
                Endpoint.post(STORES + "/{id}/suspend", operator, Endpoint.Body.NONE, call -> change(call, SUSPENDED))
                        .answering(200, 404, 409)
                        .answered(AT_HQ),
                Endpoint.post(STORES + "/{id}/resume", operator, Endpoint.Body.NONE, call -> change(call, ACTIVE))
                        .answering(200, 404, 409)
                        .answered(AT_HQ),
                Endpoint.delete(STORES + "/{id}", operator, call -> change(call, REMOVED))
                        .answering(200, 404, 409)
                        .answered(AT_HQ),
                Endpoint.post(STORES + "/{id}/credential", link, Endpoint.Body.NONE, this::renew)
                        .answering(200, 404),
                Endpoint.get(STORES + "/{id}/access", link, this::staff)
                        .taking("known", "order", "wait")
                        .answering(200, 404),
                Endpoint.post(STORES + "/{id}/verify", operator, Endpoint.Body.OPTIONAL, this::verify)
                        .answering(202, 404, 409)
                        .answered(AT_HQ),
                Endpoint.get(STORES + "/{id}/verifications", staff, this::verifications)
                        .answering(200, 404, 409)
                        .answered(AT_HQ),
                Endpoint.post(STORES + "/{id}/verifications", link, Endpoint.Body.REQUIRED, this::keep)
                        .answering(200, 404));
    }

    private CompletionStage<Reply> list(Call call) {
        var version = call.number("version", 1, Long.MAX_VALUE).map(Version::new);
        var catalog = version.isPresent()
                ? Optional.of(call.catalogParameter())
                : call.query("catalog", CatalogId::new).map(call::visible);
        return seen(
                call,
                standing -> catalog.map(standing.store().catalog()::equals).orElse(true),
                fleet -> version.map(asked -> arrivals(catalog.orElseThrow(), asked, fleet))
                        .orElseGet(() -> CompletableFuture.completedStage(all(fleet))));
    }

    private CompletionStage<Reply> one(Call call) {
        return seen(
                call,
                standing -> standing.store().id().text().equals(call.path("id")),
                fleet -> CompletableFuture.completedStage(fleet.stores().stream()
                        .findFirst()
                        .<Reply>map(standing -> Reply.json(200, json(standing, fleet)))
                        .orElseGet(() -> Reply.refusal(Problems.unknownStore()))));
    }

    /// Those of the stores that the caller sees, and wants.
    private CompletionStage<Reply> seen(
            Call call, Predicate<StoreStanding> wanted, Function<Fleet, CompletionStage<Reply>> translation) {
        Predicate<StoreStanding> sees =
                standing -> call.principal().sees(standing.store().catalog());
        return fleets.of(sees.and(wanted))
                .thenCompose(fleet -> fleet.map(translation)
                        .orElseGet(() -> CompletableFuture.completedStage(Reply.refusal(Problems.hqOnly()))));
    }

    private static List<StoreStanding> visible(Call call, List<StoreStanding> stores) {
        return stores.stream()
                .filter(standing -> call.principal().sees(standing.store().catalog()))
                .toList();
    }

    private static Reply all(Fleet fleet) {
        var json = Json.object();
        var array = json.putArray("stores");
        fleet.stores().forEach(standing -> array.add(json(standing, fleet)));
        return Reply.json(200, json);
    }

    /// Who has a version: of the stores that were not removed, each for itself, and how many.
    private CompletionStage<Reply> arrivals(CatalogId catalog, Version version, Fleet fleet) {
        return NoAnswerException.of(catalogs.schema(catalog, Optional.empty()))
                .thenApply(reading -> Answers.of(
                        reading instanceof Reading.Found<SchemaView>(var head, var schema) && version.isAfter(head)
                                ? new Reading.NotYet<SchemaView>(head)
                                : reading,
                        "version",
                        Problems.unknownCatalog(),
                        (head, schema) -> arrivals(version, head, fleet)));
    }

    private static ObjectNode arrivals(Version version, Version head, Fleet fleet) {
        var json = Json.object();
        var array = json.putArray("stores");
        var counts = new TreeMap<String, Integer>(Map.of("arrived", 0, "missing", 0, "unknown", 0));
        for (var standing : fleet.stores().stream().filter(Lags::counts).toList()) {
            var node = json(standing, fleet);
            var arrived = standing.store().enrolment().isEmpty()
                    ? Optional.of(false)
                    : Lags.applied(standing, head).map(applied -> !version.isAfter(applied));
            arrived.ifPresent(there -> node.put("arrived", there));
            counts.merge(arrived.map(there -> there ? "arrived" : "missing").orElse("unknown"), 1, Integer::sum);
            array.add(node);
        }
        json.put("version", version.number());
        counts.forEach(json::put);
        return json;
    }

    private static ObjectNode json(StoreStanding standing, Fleet fleet) {
        var store = standing.store();
        var json = Json.object()
                .put("store", store.id().text())
                .put("catalog", store.catalog().text())
                .put("enrolled", store.enrolment().isPresent())
                .put(
                        "credentialUsed",
                        store.enrolment().map(Access.Enrolment::used).orElse(false))
                .put("standing", store.standing().wireName())
                .put("createdAt", Moment.format(store.createdAt()));
        var locations = json.putArray("locations");
        fleet.served().of(store).forEach(location -> locations.add(location.text()));
        json.put("knownSince", Moment.format(standing.knownSince()));
        standing.contact().ifPresent(contact -> json.put("lastContactAt", Moment.format(contact.at())));
        standing.contact().flatMap(StoreContact::told).ifPresent(told -> tell(json, told));
        standing.verifications().results().stream()
                .findFirst()
                .ifPresent(kept ->
                        json.set("verified", kept.verification().write().put("keptAt", Moment.format(kept.at()))));
        Optional.ofNullable(fleet.lags().get(standing))
                .ifPresent(lag -> json.put("lagVersions", lag.versions())
                        .put("lagSeconds", lag.age().toSeconds()));
        return json;
    }

    private static void tell(ObjectNode json, StoreContact.Told told) {
        var offset = told.clockOffset();
        json.put("reportedAt", Moment.format(told.at()))
                .put("appliedVersion", told.report().applied().number())
                .put("queued", told.report().queued())
                .put("link", told.report().link())
                .put("nodeVersion", told.report().node())
                .put("clockOffsetMillis", offset.toMillis())
                .put("clockAlarm", StoreReport.isAlarm(offset));
    }

    /// Only of a store that the caller sees.
    private CompletionStage<Reply> change(Call call, Access.Standing standing) {
        return NoAnswerException.of(access.stores()).thenCompose(stores -> {
            if (stores.isEmpty()) {
                return CompletableFuture.completedStage(Reply.refusal(Problems.hqOnly()));
            }
            var store = visible(call, stores.get()).stream()
                    .map(known -> known.store().id())
                    .filter(id -> id.text().equals(call.path("id")))
                    .findFirst()
                    .orElseThrow(() -> new ProblemException(Problems.unknownStore()));
            return NoAnswerException.of(access.change(store, standing)).thenApply(changed -> switch (changed) {
                case Changed.Done done ->
                    Reply.json(200, Json.object().put("store", store.text()).put("standing", standing.wireName()));
                case Changed.UnknownStore unknown -> Reply.refusal(Problems.unknownStore());
                case Changed.Removed removed ->
                    Reply.refusal(Problem.of(
                            409,
                            "store_removed",
                            "The store was removed: it joins anew (storemesh store add), or not at all."));
                case Changed.NotHq away -> Reply.refusal(Problems.hqOnly());
            });
        });
    }

    private CompletionStage<Reply> renew(Call call) {
        var store = call.ownStore();
        return NoAnswerException.of(access.renew(store))
                .thenApply(credential -> credential
                        .<Reply>map(secret -> Reply.json(
                                200, Json.object().put("store", store.text()).put("credential", secret)))
                        .orElseGet(() -> Reply.refusal(Problems.unknownStore())));
    }

    private CompletionStage<Reply> staff(Call call) {
        var patience =
                Duration.ofSeconds(call.number("wait", 0, MAX_WAIT_SECONDS).orElse(0L));
        var store = call.ownStore();
        return NoAnswerException.of(
                        access.staff(store, call.query("known").orElse(StaffList.NONE), call.query("order"), patience))
                .thenApply(news -> {
                    var json = news.list().write().put("store", store.text());
                    news.order().ifPresent(order -> json.set("order", order.write()));
                    return Reply.json(200, json);
                });
    }

    /// Only of a store that the caller sees.
    private CompletionStage<Reply> verify(Call call) {
        var repair = !call.body().isMissingNode() && repair(call);
        return seen(
                call,
                standing -> standing.store().id().text().equals(call.path("id")),
                fleet -> fleet.stores().isEmpty()
                        ? CompletableFuture.completedStage(Reply.refusal(Problems.unknownStore()))
                        : ordered(fleet.stores().getFirst().store().id(), repair));
    }

    private static boolean repair(Call call) {
        var fields = call.fields();
        var repair = fields.flag("repair", false);
        fields.end();
        return repair;
    }

    private CompletionStage<Reply> ordered(StoreId store, boolean repair) {
        return NoAnswerException.of(access.verify(store, repair)).thenApply(ordered -> switch (ordered) {
            case Ordered.Order(var order, var anew) ->
                Reply.json(202, Json.object().put("store", store.text()).set("order", order.write()));
            case Ordered.Nobody nobody ->
                Reply.refusal(Problem.of(
                        409,
                        "store_not_linked",
                        "The store has not joined, or HQ does not let it in: nobody would carry that out."));
            case Ordered.NotHq away -> Reply.refusal(Problems.hqOnly());
        });
    }

    private CompletionStage<Reply> verifications(Call call) {
        return seen(
                call,
                standing -> standing.store().id().text().equals(call.path("id")),
                fleet -> CompletableFuture.completedStage(fleet.stores().stream()
                        .findFirst()
                        .<Reply>map(standing -> Reply.json(200, verifications(standing)))
                        .orElseGet(() -> Reply.refusal(Problems.unknownStore()))));
    }

    private static ObjectNode verifications(StoreStanding standing) {
        var json = Json.object().put("store", standing.store().id().text());
        standing.verifications().order().ifPresent(order -> json.set("order", order.write()));
        var array = json.putArray("verifications");
        standing.verifications()
                .results()
                .forEach(kept -> array.add(kept.verification().write().put("keptAt", Moment.format(kept.at()))));
        return json;
    }

    private CompletionStage<Reply> keep(Call call) {
        var fields = call.fields();
        var verification = Verification.read(fields);
        fields.end();
        var store = call.ownStore();
        return NoAnswerException.of(access.keep(store, verification))
                .thenApply(kept -> Reply.json(200, Json.object().put("store", store.text())));
    }

    private CompletionStage<Reply> invite(Call call) {
        var fields = call.fields();
        var store = fields.parsed("store", StoreId::new);
        var catalog = fields.parsed("catalog", CatalogId::new);
        var valid = TokenRoutes.validity(fields, YEAR_SECONDS).orElse(Duration.ofSeconds(DAY_SECONDS));
        fields.end();
        return NoAnswerException.of(access.invite(store, call.visible(catalog), valid))
                .thenApply(invited -> switch (invited) {
                    case Invited.JoinToken(var id, var followed, var joinToken, var expiresAt) ->
                        Reply.json(
                                201,
                                Json.object()
                                        .put("store", id.text())
                                        .put("catalog", followed.text())
                                        .put("joinToken", joinToken)
                                        .put("expiresAt", Moment.format(expiresAt)));
                    case Invited.UnknownCatalog unknown -> Reply.refusal(Problems.unknownCatalog());
                    case Invited.OfAnotherCatalog other ->
                        Reply.refusal(Problem.of(
                                409,
                                "store_exists",
                                "There is a store " + store + ", and it follows another catalog."));
                    case Invited.NotHq away -> Reply.refusal(Problems.hqOnly());
                });
    }

    private CompletionStage<Reply> enrol(Call call) {
        var fields = call.fields();
        var node = fields.parsed("node", text -> TokenRoutes.named("node", text, NODE_LENGTH));
        fields.end();
        return NoAnswerException.of(access.enrol(call.bearerToken(), node)).thenApply(joined -> switch (joined) {
            case Joined.Credential(var store, var catalog, var history, var epoch, var credential) ->
                Reply.json(
                        200,
                        Json.object()
                                .put("store", store.text())
                                .put("catalog", catalog.text())
                                .put("history", history.text())
                                .put("epoch", epoch)
                                .put("credential", credential));
            case Joined.NotInvited unknown ->
                Reply.refusal(Exchange.unauthenticated("The join token is unknown or has expired."));
            case Joined.NotHq store -> Reply.refusal(Problems.hqOnly());
            case Joined.JoinTokenUsed used ->
                Reply.refusal(Problem.of(
                        409, "join_token_used", "The join token was used: ask for a new one (storemesh store add)."));
        });
    }
}
