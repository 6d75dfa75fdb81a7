package dev.storemesh.http.route;

import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Is this process alive; does it answer requests. Without a token, and without a catalog's name.
final class HealthRoutes {
    private final SitePort site;

    HealthRoutes(SitePort site) {
        this.site = site;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/health/live", Admission.NOBODY_NEEDED, this::live),
                Endpoint.get("/health/ready", Admission.NOBODY_NEEDED, this::ready)
                        .answering(200, 503));
    }

    private CompletionStage<Reply> live(Call call) {
        return CompletableFuture.completedStage(Reply.json(200, Json.object().put("status", "live")));
    }

    private CompletionStage<Reply> ready(Call call) {
        var standing = site.standing();
        if (!standing.ready()) {
            return CompletableFuture.completedStage(
                    Reply.json(503, Json.object().put("status", "starting")).with("Retry-After", "1"));
        }
        var json = Json.object()
                .put("status", "ready")
                .put("site", standing.site())
                .put("role", standing.kind().wireName());
        standing.hq().ifPresent(link -> json.put("hq", link.wireName()));
        return CompletableFuture.completedStage(Reply.json(200, json));
    }
}
