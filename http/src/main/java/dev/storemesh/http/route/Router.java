package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.protocol.access.AccessPort;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All endpoints as one function from request to response. Whatever happens, the answer is one that the endpoint
/// declared: JSON, or a problem document.
public final class Router implements Function<HttpRequest, CompletionStage<HttpResponse>> {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    /// Told of each answer with a status that its endpoint does not declare: a bug, which tests must see.
    @FunctionalInterface
    public interface Undeclared {
        void answered(Endpoint endpoint, int status);
    }

    private final List<Route> routes;
    private final AccessPort access;
    private final Bodies bodies;
    private final Duration timeout;
    private final Cors cors;
    private final Optional<Forwarding> forwarding;
    private final Undeclared undeclared;

    private record Route(Endpoint endpoint, PathTemplate template) {}

    public Router(List<Endpoint> endpoints, AccessPort access, RouterSettings settings, Materializer materializer) {
        this(endpoints, access, settings, materializer, Optional.empty());
    }

    /// @param forwarding at a store, how HQ answers what is HQ's
    public Router(
            List<Endpoint> endpoints,
            AccessPort access,
            RouterSettings settings,
            Materializer materializer,
            Optional<Forwarding> forwarding) {
        this(endpoints, access, settings, materializer, forwarding, (endpoint, status) -> {});
    }

    public Router(
            List<Endpoint> endpoints,
            AccessPort access,
            RouterSettings settings,
            Materializer materializer,
            Undeclared undeclared) {
        this(endpoints, access, settings, materializer, Optional.empty(), undeclared);
    }

    Router(
            List<Endpoint> endpoints,
            AccessPort access,
            RouterSettings settings,
            Materializer materializer,
            Optional<Forwarding> forwarding,
            Undeclared undeclared) {
        var known = new HashSet<String>();
        for (var endpoint : endpoints) {
            if (!known.add(endpoint.method() + " " + endpoint.template().replaceAll("\\{[^}]*}", "{}"))) {
                throw new IllegalArgumentException(endpoint + " is there twice");
            }
        }
        this.routes = endpoints.stream()
                .map(endpoint -> new Route(endpoint, new PathTemplate(endpoint.template())))
                .toList();
        this.access = access;
        this.bodies = new Bodies(settings, materializer);
        this.timeout = settings.requestTimeout();
        this.cors = new Cors(settings.corsOrigins());
        this.forwarding = forwarding;
        this.undeclared = undeclared;
    }

    @Override
    public CompletionStage<HttpResponse> apply(HttpRequest request) {
        return cors.isPreflight(request)
                ? bodies.unread(request, cors.preflight(request))
                : answer(request).thenApply(response -> cors.readable(request, response));
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request) {
        var path = request.getUri().getPathString();
        if (!path.startsWith("/")) {
            return refuse(request, unknownRoute()); // OPTIONS *
        }
        List<String> segments;
        try {
            segments = PercentCoding.segments(path);
        } catch (IllegalArgumentException e) {
            return refuse(request, Problem.of(400, "malformed_request", "The path: " + e.getMessage() + "."));
        }
        var allowed = new TreeSet<String>();
        var method = request.method().value().equals("HEAD")
                ? "GET"
                : request.method().value();
        for (var route : routes) {
            var names = route.template().match(segments);
            if (names.isPresent() && route.endpoint().method().equals(method)) {
                return new Exchange(request, route.endpoint(), names.get(), access, bodies, timeout, forwarding)
                        .answer()
                        .thenApply(answer -> declared(route.endpoint(), answer));
            }
            if (names.isPresent()) {
                allowed.add(route.endpoint().method());
            }
        }
        return refuse(request, allowed.isEmpty() ? unknownRoute() : notAllowed(method, allowed));
    }

    private HttpResponse declared(Endpoint endpoint, HttpResponse response) {
        int status = response.status().intValue();
        if (Forwarding.isByHq(response)) { // which may be of another version
            return response;
        }
        if (!endpoint.statuses().contains(status)) {
            LOG.error("{} answered {}, which it does not declare", endpoint, status);
            undeclared.answered(endpoint, status);
        }
        return response;
    }

    private CompletionStage<HttpResponse> refuse(HttpRequest request, Problem problem) {
        return bodies.unread(request, problem.response());
    }

    private static Problem unknownRoute() {
        return Problem.of(
                404, "unknown_route", "There is nothing at this path; /api/v1/openapi.json lists what there is.");
    }

    private static Problem notAllowed(String method, SortedSet<String> allowed) {
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        return Problem.of(
                        405,
                        "method_not_allowed",
                        method + " is not possible here (expected: " + String.join(", ", allowed) + ").")
                .header("Allow", String.join(", ", allowed));
    }
}
