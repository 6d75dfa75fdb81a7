package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.AccessPort.Claim;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Namespace;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The namespaces of the installation: listed, and claimed for apps. Whoever may see one catalog only claims none,
/// since a claim counts in all of them.
final class NamespaceRoutes {
    private static final String NAMESPACES = "/api/v1/namespaces";

    private final AccessPort access;
    private final SitePort site;

    NamespaceRoutes(AccessPort access, SitePort site) {
        this.access = access;
        this.site = site;
    }

    List<Endpoint> endpoints() {
        var operator = Admission.to(Permission.ADMINISTER);
        return List.of(
                Endpoint.get(NAMESPACES, Admission.to(Permission.AUDIT), this::list)
                        .answering(200, 409)
                        .answered(Endpoint.AtStore.AT_HQ),
                Endpoint.post(NAMESPACES, operator, Endpoint.Body.REQUIRED, this::claim)
                        .answering(200, 201, 409, 422)
                        .answered(Endpoint.AtStore.AT_HQ));
    }

    private CompletionStage<Reply> list(Call call) {
        if (site.standing().kind() != SitePort.Kind.HQ) {
            return CompletableFuture.completedStage(Reply.refusal(Problems.hqOnly()));
        }
        return NoAnswerException.of(access.namespaces()).thenApply(namespaces -> {
            var json = Json.object();
            var array = json.putArray("namespaces");
            namespaces.claims().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(claim -> array.add(json(claim.getKey(), claim.getValue())));
            return Reply.json(200, json);
        });
    }

    private CompletionStage<Reply> claim(Call call) {
        var fields = call.fields();
        var namespace = fields.parsed("namespace", Namespace::new);
        var app = fields.parsed("app", AppName::new);
        fields.end();
        if (call.principal().catalog().isPresent()) {
            throw new ProblemException(Problem.of(
                    403, "forbidden", "This token is for one catalog, and a namespace is claimed for all of them."));
        }
        return NoAnswerException.of(access.claim(namespace, app)).thenApply(claim -> switch (claim) {
            case Claim.Claimed(var anew) -> Reply.json(anew ? 201 : 200, json(namespace, app));
            case Claim.Taken(var claimed, var owner) ->
                Reply.refusal(Problem.of(
                        409, "namespace_taken", "The namespace " + claimed + " belongs to the app " + owner + "."));
            case Claim.Reserved reserved ->
                Reply.refusal(Problem.of(
                        422,
                        "namespace_reserved",
                        "What lies in sys or retail is the standard's: no app can claim it."));
            case Claim.NotHq store -> Reply.refusal(Problems.hqOnly());
        });
    }

    private static ObjectNode json(Namespace namespace, AppName app) {
        return Json.object().put("namespace", namespace.text()).put("app", app.text());
    }
}
