package dev.storemesh.http.route;

import dev.storemesh.http.openapi.OpenApiDocument;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The document that describes all of this.
final class OpenApiRoutes {
    private final Reply document = Reply.json(200, OpenApiDocument.read());

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get(
                "/api/v1/openapi.json", Admission.ANY_TOKEN, call -> CompletableFuture.completedStage(document)));
    }
}
