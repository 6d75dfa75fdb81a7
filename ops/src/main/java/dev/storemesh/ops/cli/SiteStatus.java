package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What a node said of itself and of its stores, and what of it is wrong.
final class SiteStatus {
    /// A store that is linked polls three times in it.
    private static final Duration SILENCE = Duration.ofMinutes(2);

    /// A store that is linked is behind for as long as it takes to send it what it lacks.
    private static final Duration BEHIND = Duration.ofMinutes(1);

    private final JsonNode node;
    private final JsonNode stores;
    private final Instant now;
    private final List<String> problems = new ArrayList<>();
    private final TextTable table = new TextTable("", "WHAT", "STATE", "DETAIL");

    private SiteStatus(JsonNode node, JsonNode stores) {
        this.node = node;
        this.stores = stores;
        this.now = Instant.parse(node.path("startedAt").asText())
                .plusSeconds(node.path("uptimeSeconds").asLong());
    }

    /// @param node the answer of `GET /status`
    /// @param stores of that of `GET /stores`; none at a store
    static SiteStatus of(JsonNode node, JsonNode stores) {
        var status = new SiteStatus(node, stores);
        status.ofSite();
        status.ofLink();
        node.path("catalogs").forEach(status::ofCatalog);
        stores.forEach(status::ofStore);
        return status;
    }

    boolean isFine() {
        return problems.isEmpty();
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> lines() {
        return table.lines();
    }

    ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode().put("fine", isFine());
        problems.forEach(json.putArray("problems")::add);
        json.set("node", node);
        json.set("stores", stores);
        return json;
    }

    /// @param wrong what is; empty: nothing
    private void row(String what, String state, String detail, List<String> wrong) {
        wrong.forEach(problem -> problems.add(what + ": " + problem));
        table.add(wrong.isEmpty() ? "" : "!", what, wrong.isEmpty() ? state : String.join(", ", wrong), detail);
    }

    private static String field(JsonNode from, String name) {
        return TextTable.field(from, name);
    }

    private void ofSite() {
        var ready = node.path("ready").asBoolean();
        row(
                field(node, "role") + " " + field(node, "site"),
                "ready",
                "version " + field(node, "nodeVersion") + ", up "
                        + FleetTexts.span(
                                Duration.ofSeconds(node.path("uptimeSeconds").asLong())),
                ready ? List.of() : List.of("not ready"));
    }

    private void ofLink() {
        if (node.has("hq")) {
            var wrong = new ArrayList<String>();
            if (!node.path("hq").asText().equals("reachable")) {
                wrong.add(field(node, "hq"));
            }
            if (node.path("clockAlarm").asBoolean()) {
                wrong.add("clock");
            }
            row("link to HQ", "reachable", "clock " + FleetTexts.clock(node), wrong);
        }
    }

    private void ofCatalog(JsonNode catalog) {
        var detail = new ArrayList<String>();
        if (catalog.has("queued")) {
            detail.add(field(catalog, "queued") + " change requests queued");
        }
        if (catalog.path("transactionOpen").asBoolean()) {
            detail.add("a transaction is open");
        }
        row(
                "catalog " + field(catalog, "catalog"),
                "version " + field(catalog, "version"),
                String.join(", ", detail),
                List.of());
    }

    /// One that was not let in, or has not joined yet, is as somebody wanted it.
    private void ofStore(JsonNode store) {
        var standing = field(store, "standing");
        if (standing.equals("removed")) {
            return;
        }
        var what = "store " + field(store, "store");
        if (!standing.equals("active") || !store.path("enrolled").asBoolean()) {
            row(what, standing.equals("active") ? "not joined yet" : standing, "", List.of());
            return;
        }
        var wrong = new ArrayList<String>();
        var heard = store.has("lastContactAt") ? field(store, "lastContactAt") : field(store, "knownSince");
        if (isLongAgo(heard)) {
            wrong.add("not heard since " + heard);
        }
        if (store.path("link").asText().equals("diverged")) {
            wrong.add("diverged");
        }
        if (store.path("lagSeconds").asLong() > BEHIND.toSeconds()) {
            wrong.add("behind");
        }
        if (store.path("clockAlarm").asBoolean()) {
            wrong.add("clock");
        }
        row(
                what,
                store.has("appliedVersion") ? "linked" : "not heard yet",
                "version " + field(store, "appliedVersion") + ", behind " + FleetTexts.behind(store) + ", queued "
                        + field(store, "queued") + ", clock " + FleetTexts.clock(store) + ", node "
                        + field(store, "nodeVersion"),
                wrong);
    }

    private boolean isLongAgo(String instant) {
        return Instant.parse(instant).plus(SILENCE).isBefore(now);
    }
}
