package dev.storemesh.http.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// Lets scripts of other origins read what we answer (the CORS protocol of the Fetch standard, section 3.2). Who
/// calls is decided by the bearer token alone, which a script sends itself: there are no cookies, so credentials are
/// never allowed.
///
/// @param origins such as `https://console.example`; `*`: all; none: nobody
record Cors(Set<String> origins) {
    private static final String ANY = "*";
    private static final String MAX_AGE_SECONDS = "600";
    private static final String METHODS = "GET, HEAD, POST, PUT, DELETE";
    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, Content-Encoding, Idempotency-Key, Prefer,"
                    + " Storemesh-Acting-For, Storemesh-Lock, Cache-Control, Last-Event-ID";
    /// Beside those that begin with [#OURS].
    private static final List<String> RESPONSE_HEADERS =
            List.of("Allow", "Preference-Applied", "Retry-After", "Storemesh-Version", "WWW-Authenticate");

    private static final String OURS = "Storemesh-";

    Cors {
        origins = Set.copyOf(origins);
    }

    /// Whether a browser asks if a script may send a request.
    boolean isPreflight(HttpRequest request) {
        return request.method().equals(HttpMethods.OPTIONS)
                && isLetIn(request)
                && request.getHeader("Access-Control-Request-Method").isPresent();
    }

    HttpResponse preflight(HttpRequest request) {
        var headers = new ArrayList<HttpHeader>(origin(request));
        headers.add(RawHeader.create("Access-Control-Allow-Methods", METHODS));
        headers.add(RawHeader.create("Access-Control-Allow-Headers", REQUEST_HEADERS));
        headers.add(RawHeader.create("Access-Control-Max-Age", MAX_AGE_SECONDS));
        return HttpResponse.create().withStatus(204).addHeaders(headers);
    }

    /// The answer as a script may read it, where its origin is let in.
    HttpResponse readable(HttpRequest request, HttpResponse response) {
        if (origins.isEmpty()) {
            return response;
        }
        if (!isLetIn(request)) {
            return response.addHeader(RawHeader.create("Vary", "Origin"));
        }
        var exposed = new TreeSet<>(RESPONSE_HEADERS);
        response.getHeaders().forEach(header -> {
            if (header.name().startsWith(OURS)) {
                exposed.add(header.name());
            }
        });
        var headers = new ArrayList<HttpHeader>(origin(request));
        headers.add(RawHeader.create("Access-Control-Expose-Headers", String.join(", ", exposed)));
        return response.addHeaders(headers);
    }

    private List<HttpHeader> origin(HttpRequest request) {
        return origins.contains(ANY)
                ? List.of(RawHeader.create("Access-Control-Allow-Origin", ANY))
                : List.of(
                        RawHeader.create(
                                "Access-Control-Allow-Origin",
                                request.getHeader("Origin")
                                        .map(HttpHeader::value)
                                        .orElse("null")),
                        RawHeader.create("Vary", "Origin"));
    }

    private boolean isLetIn(HttpRequest request) {
        return request.getHeader("Origin")
                .filter(origin -> origins.contains(ANY) || origins.contains(origin.value()))
                .isPresent();
    }
}
