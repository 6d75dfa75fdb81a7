package dev.storemesh.http.route;

import static dev.storemesh.http.route.Endpoint.AtStore.AT_HQ;
import static dev.storemesh.protocol.access.Access.Standing.ACTIVE;
import static dev.storemesh.protocol.access.Access.Standing.REMOVED;
import static dev.storemesh.protocol.access.Access.Standing.SUSPENDED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.AccessPort.Changed;
import dev.storemesh.protocol.access.AccessPort.Invited;
import dev.storemesh.protocol.access.AccessPort.Joined;
import dev.storemesh.protocol.access.AccessPort.StoreStanding;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.StaffList;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value.Moment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

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

    StoreRoutes(AccessPort access, CatalogPort catalogs) {
        this.access = access;
        this.catalogs = catalogs;
    }

    List<Endpoint> endpoints() {
        var staff = Admission.to(Permission.SEE_STORES);
        var operator = Admission.to(Permission.ADMINISTER);
        var link = Admission.to(Permission.OFFER);
        return List.of(
                Endpoint.get(STORES, staff, this::list).answering(200, 409).answered(AT_HQ),
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
                        .taking("known", "wait")
                        .answering(200, 404));
    }

    private CompletionStage<Reply> list(Call call) {
        return seen(call, StoreRoutes::json);
    }

    private CompletionStage<Reply> one(Call call) {
        return seen(call, (stores, locations) -> one(call.path("id"), stores, locations));
    }

    /// The stores of the catalogs that the caller sees, and their locations.
    private CompletionStage<Reply> seen(
            Call call, BiFunction<List<StoreStanding>, ServedLocations, Reply> translation) {
        return NoAnswerException.of(access.stores())
                .thenCompose(stores -> stores.isEmpty()
                        ? CompletableFuture.completedStage(Reply.refusal(Problems.hqOnly()))
                        : seen(visible(call, stores.get()), translation));
    }

    private CompletionStage<Reply> seen(
            List<StoreStanding> stores, BiFunction<List<StoreStanding>, ServedLocations, Reply> translation) {
        var followed =
                stores.stream().map(standing -> standing.store().catalog()).collect(Collectors.toSet());
        return ServedLocations.in(followed, catalogs).thenApply(locations -> translation.apply(stores, locations));
    }

    private static List<StoreStanding> visible(Call call, List<StoreStanding> stores) {
        return stores.stream()
                .filter(standing -> call.principal().sees(standing.store().catalog()))
                .toList();
    }

    private static Reply json(List<StoreStanding> stores, ServedLocations locations) {
        var json = Json.object();
        var array = json.putArray("stores");
        stores.forEach(standing -> array.add(json(standing, locations)));
        return Reply.json(200, json);
    }

    private static Reply one(String id, List<StoreStanding> stores, ServedLocations locations) {
        return stores.stream()
                .filter(standing -> standing.store().id().text().equals(id))
                .findFirst()
                .<Reply>map(standing -> Reply.json(200, json(standing, locations)))
                .orElseGet(() -> Reply.refusal(Problems.unknownStore()));
    }

    private static ObjectNode json(StoreStanding standing, ServedLocations locations) {
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
        var served = json.putArray("locations");
        locations.of(store).forEach(location -> served.add(location.text()));
        standing.lastContactAt().ifPresent(at -> json.put("lastContactAt", Moment.format(at)));
        return json;
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
        return NoAnswerException.of(access.staff(store, call.query("known").orElse(StaffList.NONE), patience))
                .thenApply(list -> Reply.json(200, list.write().put("store", store.text())));
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
