package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.LongNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.route.HqPort.Passed;
import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.value.StoreId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has HQ answer what comes to a store and is HQ's: with the caller's own token, by which HQ itself says who that
/// is and what it may. The request goes on with what is its own (target, body, the headers of the API), and what HQ
/// answers comes back. A request that was passed on is marked, and never passed on again.
public final class Forwarding {
    /// By which store a request was passed on.
    static final String MARK = "Storemesh-Forwarded-By";
    /// Beside that: the store knows the caller, and holds less than is asked for.
    static final String BEYOND = "Storemesh-Forwarded-Beyond-Scope";

    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
    private static final Set<String> SENT =
            Set.of("authorization", "idempotency-key", "prefer", "last-event-id", "cache-control");
    private static final List<String> SENT_PREFIXES = List.of("storemesh-", "accept", "content-");
    /// Of one connection (RFC 9110, section 7.6.1), or said by the node that the client talks to.
    private static final Set<String> KEPT_BACK = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "set-cookie",
            "server",
            "date");

    private static final String KEPT_BACK_PREFIX = "access-control-";
    private static final AttributeKey<Boolean> BY_HQ = AttributeKey.create("storemesh-by-hq", Boolean.class);
    private static final AttributeKey<Boolean> UNKNOWN_AT_HQ =
            AttributeKey.create("storemesh-unknown-at-hq", Boolean.class);
    /// When nobody takes an answer that has begun, its client is gone.
    private static final Duration UNTAKEN = Duration.ofSeconds(10);

    private final HqPort hq;
    private final AccessPort access;
    private final StoreId store;
    private final int limit;
    private final Materializer materializer;
    private final AtomicInteger underWay = new AtomicInteger();

    /// @param limit how many requests may be on their way to HQ at once, until the last byte of their answers
    public Forwarding(HqPort hq, AccessPort access, StoreId store, int limit, Materializer materializer) {
        this.hq = hq;
        this.access = access;
        this.store = store;
        this.limit = limit;
        this.materializer = materializer;
    }

    boolean isHqReachable() {
        return hq.isReachable();
    }

    /// Whether HQ made this answer.
    static boolean isByHq(HttpResponse response) {
        return response.getAttribute(BY_HQ).isPresent();
    }

    /// Whether HQ refused it since it does not know the caller, whom this store knows.
    static boolean isUnknownAtHq(HttpResponse response) {
        return response.getAttribute(UNKNOWN_AT_HQ).isPresent();
    }

    /// @param secret the caller's bearer token, which is among the headers
    /// @param body instead of the request's own
    /// @param patience how long HQ may take until it begins to answer; empty: as long as the connection lasts
    /// @param away what to say when HQ got nothing of it
    CompletionStage<HttpResponse> answer(
            HttpRequest request, String secret, RequestEntity body, Optional<Duration> patience, Problem away) {
        if (underWay.incrementAndGet() > limit) {
            underWay.decrementAndGet();
            return CompletableFuture.completedStage(full().response());
        }
        var place = new Place();
        return CompletableFuture.completedStage(request)
                .thenCompose(own -> hq.pass(passedOn(own, body), patience))
                .whenComplete((passed, bug) -> {
                    if (!(passed instanceof Passed.Answered)) {
                        place.leave();
                    }
                })
                .thenCompose(passed -> switch (passed) {
                    case Passed.Answered(var response) -> answered(secret, response, place);
                    case Passed.NotSent(var reason) -> {
                        LOG.debug("{} did not get to HQ: {}", request.method().value(), reason);
                        yield CompletableFuture.completedStage(away.response());
                    }
                    case Passed.Unanswered(var reason) -> {
                        LOG.warn(
                                "{} {} was passed on to HQ, and no answer came: {}",
                                request.method().value(),
                                request.getUri().getPathString(),
                                reason);
                        yield CompletableFuture.completedStage(
                                unanswered(request.method().value()).response());
                    }
                });
    }

    /// One of the places on the way to HQ; left once.
    private final class Place {
        private final AtomicBoolean left = new AtomicBoolean();

        void leave() {
            if (left.compareAndSet(false, true)) {
                underWay.decrementAndGet();
            }
        }
    }

    // There

    private HttpRequest passedOn(HttpRequest request, RequestEntity body) {
        var headers = new ArrayList<HttpHeader>();
        for (var header : request.getHeaders()) {
            var name = header.lowercaseName();
            if (SENT.contains(name) || SENT_PREFIXES.stream().anyMatch(name::startsWith)) {
                headers.add(header);
            }
        }
        headers.add(RawHeader.create(MARK, store.text()));
        return HttpRequest.create()
                .withMethod(request.method())
                .withUri(request.getUri().toRelative())
                .withHeaders(headers)
                .withEntity(body);
    }

    // And back

    private CompletionStage<HttpResponse> answered(String secret, HttpResponse response, Place place) {
        return response.status().intValue() == 401
                ? isKnownHere(secret).thenApply(known -> {
                    if (!known) {
                        return passedBack(response, place);
                    }
                    response.discardEntityBytes(materializer);
                    place.leave();
                    return unknownAtHq().response().addAttribute(UNKNOWN_AT_HQ, true);
                })
                : CompletableFuture.completedStage(passedBack(response, place));
    }

    private CompletionStage<Boolean> isKnownHere(String secret) {
        return access.authenticate(secret)
                .handle((found, failure) -> failure == null && found.known().isPresent());
    }

    private HttpResponse passedBack(HttpResponse response, Place place) {
        var headers = new ArrayList<HttpHeader>();
        for (var header : response.getHeaders()) {
            var name = header.name().toLowerCase(Locale.ROOT);
            if (!KEPT_BACK.contains(name) && !name.startsWith(KEPT_BACK_PREFIX)) {
                headers.add(header);
            }
        }
        return HttpResponse.create()
                .withStatus(response.status())
                .withHeaders(headers)
                .withEntity(watched(response.entity(), place))
                .addAttribute(BY_HQ, true);
    }

    private ResponseEntity watched(ResponseEntity entity, Place place) {
        if (entity.isStrict()) {
            place.leave();
            return entity;
        }
        var begun = new AtomicBoolean();
        Source<ByteString, ?> bytes = entity.withoutSizeLimit().getDataBytes();
        Source<ByteString, ?> counted = bytes.watchTermination((unused, done) -> {
            begun.set(true);
            return done.whenComplete((end, failure) -> place.leave());
        });
        CompletableFuture.delayedExecutor(UNTAKEN.toNanos(), TimeUnit.NANOSECONDS)
                .execute(() -> {
                    if (!begun.get()) {
                        place.leave();
                        bytes.runWith(Sink.cancelled(), materializer);
                    }
                });
        return entity instanceof HttpEntity.Default known
                ? HttpEntities.create(known.getContentType(), known.getContentLength(), counted)
                : HttpEntities.createChunked(entity.getContentType(), counted);
    }

    // Neither

    private Problem full() {
        return Problem.unavailable(
                        "unavailable", "Nothing was done, for " + limit + " requests are on their way to HQ already.")
                .with("limit", LongNode.valueOf(limit));
    }

    private static Problem unanswered(String method) {
        return Problem.unavailable(
                "unavailable",
                method.equals("GET") || method.equals("HEAD")
                        ? "HQ was asked and gave no answer: try again."
                        : "HQ was asked and gave no answer, so it may have been done: try again with the same idempotency key.");
    }

    private static Problem unknownAtHq() {
        return Problem.of(
                403,
                "unknown_at_hq",
                "HQ does this, and does not know this token: it was made at the store, or has ended at HQ (expected: a"
                        + " token that HQ made).");
    }
}
