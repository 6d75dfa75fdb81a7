package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.Snapshot;
import dev.storemesh.protocol.catalog.CatalogPort.SnapshotQuery;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LoadedJson;
import dev.storemesh.protocol.object.Scoped;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value.Moment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Copies of a catalog: for a site that begins with the state at one version, and at a store that is to begin anew.
final class CopyRoutes {
    private static final int MAX_LIMIT = 1_000;
    private static final int OBJECT_BYTES = 800; // about what one takes

    private final CatalogPort catalogs;

    CopyRoutes(CatalogPort catalogs) {
        this.catalogs = catalogs;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api/v1/catalogs/{catalog}/snapshot", Admission.to(Permission.FOLLOW), this::snapshot)
                        .taking("version", "last", "limit", FollowedScope.PARAMETER)
                        .answering(200, 410),
                Endpoint.post(
                                "/api/v1/catalogs/{catalog}/resync",
                                Admission.to(Permission.ADMINISTER),
                                Endpoint.Body.NONE,
                                this::resync)
                        .answering(200, 202)
                        .answered(Endpoint.AtStore.HERE));
    }

    /// All that is seen at a version and later.
    private CompletionStage<Reply> snapshot(Call call) {
        if (call.principal().staffOf().isPresent()) {
            throw Call.forbidden("The state holds what is at all locations, and this token is for one store.");
        }
        var query = new SnapshotQuery(
                call.number("version", 0, Long.MAX_VALUE).map(Version::new),
                call.query("last", ObjectToken::new),
                call.number("limit", 1, MAX_LIMIT).orElse(100L).intValue(),
                FollowedScope.asked(call));
        if (query.after().isPresent() && query.version().isEmpty()) {
            throw Call.invalidParameter("last", "last: without `version` (expected: both, or none)");
        }
        return NoAnswerException.of(catalogs.snapshot(call.catalog(), query))
                .thenApply(reading -> Answers.written(
                        reading,
                        "version",
                        Problems.unknownCatalog(),
                        (version, snapshot) -> written(version, snapshot, query.location())));
    }

    private static byte[] written(Version version, Snapshot snapshot, Optional<LocationId> location) {
        return Json.bytes(OBJECT_BYTES * (snapshot.objects().size() + 1), json -> {
            json.writeStartObject();
            json.writeNumberField("version", version.number());
            json.writeStringField("history", snapshot.history().text());
            if (snapshot.floor().isPresent()) {
                json.writeStringField("chain", snapshot.floor().get().chain().hex());
                json.writeStringField("at", Moment.format(snapshot.floor().get().at()));
            }
            if (location.isPresent()) {
                json.writeObjectFieldStart("scope");
                json.writeStringField("location", location.get().text());
                json.writeEndObject();
            }
            json.writeArrayFieldStart("objects");
            for (var object : Scoped.objects(snapshot.objects(), location)) {
                LoadedJson.write(json, object);
            }
            json.writeEndArray();
            json.writeBooleanField("more", snapshot.more());
            json.writeEndObject();
        });
    }

    /// HQ has nothing to take over.
    private CompletionStage<Reply> resync(Call call) {
        return NoAnswerException.of(catalogs.resync(call.catalog()))
                .thenCompose(asked -> asked
                        ? CompletableFuture.completedStage(Reply.json(202, json(call, true)))
                        : NoAnswerException.of(catalogs.head(call.catalog()))
                                .thenApply(head -> Answers.of(
                                        head, "version", Problems.unknownCatalog(), (at, found) -> json(call, false))));
    }

    private static ObjectNode json(Call call, boolean asked) {
        return Json.object().put("catalog", call.catalog().text()).put("asked", asked);
    }
}
