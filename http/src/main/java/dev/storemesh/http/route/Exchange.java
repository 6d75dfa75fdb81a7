package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.Authentication;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Value.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.TimeoutAccess;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request to one endpoint: who asks, may they, with which parameters, with which body, and then the handler.
/// In this order, so that nobody without a token learns anything, or has a body read.
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]{1,512})");
    private static final String NEEDED = "A valid token is needed (expected: Authorization: Bearer TOKEN).";
    private static final String ACTING_FOR = "Storemesh-Acting-For";
    private static final String LOCK = "Storemesh-Lock";
    private static final Duration HELD = Duration.ofSeconds(1);
    private static final Set<String> LINES = Set.of("x-ndjson", "ndjson");
    private static final HttpHeader BEYOND_SCOPE = RawHeader.create(Forwarding.BEYOND, "true");
    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[!-~]{1,200}");

    private final HttpRequest request;
    private final Endpoint endpoint;
    private final Map<String, String> path;
    private final AccessPort access;
    private final Bodies bodies;
    private final Duration timeout;
    private final Optional<Forwarding> forwarding; // of what may still be passed on
    private final long begun = System.nanoTime();

    Exchange(
            HttpRequest request,
            Endpoint endpoint,
            Map<String, String> path,
            AccessPort access,
            Bodies bodies,
            Duration timeout,
            Optional<Forwarding> forwarding) {
        this.request = request;
        this.endpoint = endpoint;
        this.path = path;
        this.access = access;
        this.bodies = bodies;
        this.timeout = timeout;
        this.forwarding = forwarding.filter(to -> all(Forwarding.MARK).isEmpty());
    }

    CompletionStage<HttpResponse> answer() {
        if (forwarding.isPresent() && endpoint.isHqs(showsLock())) {
            return CompletableFuture.completedStage(request)
                    .thenCompose(any -> byHq(forwarding.get(), bearerToken(), away(false)))
                    .handle((response, failure) ->
                            failure == null ? CompletableFuture.completedStage(response) : refusedUnread(failure))
                    .thenCompose(Function.identity());
        }
        return CompletableFuture.completedStage(request)
                .thenCompose(any -> admitted())
                .thenApply(call -> new Begun(call, clockOffset(call)))
                .handle((begun, failure) -> failure == null ? carriedOut(begun) : notAdmitted(failure))
                .thenCompose(Function.identity());
    }

    /// Whom this store does not know HQ may know.
    private CompletionStage<HttpResponse> notAdmitted(Throwable failure) {
        return cause(failure) instanceof UnknownTokenException unknown
                        && endpoint.atStore() != Endpoint.AtStore.BY_NODE
                        && forwarding.map(Forwarding::isHqReachable).orElse(false)
                ? byHq(forwarding.get(), unknown.secret(), unauthenticated(NEEDED))
                : refusedUnread(failure);
    }

    private boolean showsLock() {
        return !all(LOCK).isEmpty();
    }

    // By HQ

    private Problem away(boolean opens) {
        return opens || endpoint.isRefusedWithoutHq(showsLock()) ? Problems.hqOnlyAndAway() : Problems.hqUnreachable();
    }

    /// Passes the body on while it comes.
    private CompletionStage<HttpResponse> byHq(Forwarding to, String secret, Problem away) {
        var isLong = endpoint.body() == Endpoint.Body.LINES;
        var patience = isLong ? Optional.<Duration>empty() : Optional.of(timeout.plus(bodies.deadline()));
        if (isLong) {
            request.getHeader(TimeoutAccess.class)
                    .ifPresent(
                            access -> access.timeoutAccess().updateTimeout(scala.concurrent.duration.Duration.Inf()));
        }
        if (request.entity().isStrict()) {
            return to.answer(request, secret, request.entity(), patience, away);
        }
        var incoming = bodies.incoming(request, false);
        var broken = new AtomicReference<Optional<ProblemException>>(Optional.empty());
        var body = Source.lazySource(incoming::bytes)
                .mapError(new PFBuilder<Throwable, Throwable>()
                        .match(ProblemException.class, failure -> {
                            broken.set(Optional.of(failure));
                            return failure;
                        })
                        .build());
        return to.answer(request, secret, withBytes(request.entity(), body), patience, away)
                .thenApply(response -> broken.get()
                        .filter(failure -> !Forwarding.isByHq(response))
                        .map(failure -> failure.problem().response())
                        .orElse(response))
                .thenCompose(response -> incoming.answered(response, () -> bodies.unread(request, response)));
    }

    private static RequestEntity withBytes(RequestEntity entity, Source<ByteString, ?> bytes) {
        return entity instanceof HttpEntity.Default known
                ? HttpEntities.create(known.getContentType(), known.getContentLength(), bytes)
                : HttpEntities.createChunked(entity.getContentType(), bytes);
    }

    /// A request that is admitted; `clockOffset` where it is a store's link that reported.
    private record Begun(Call call, Optional<Duration> clockOffset) {}

    /// Of the link of a store that says how its store stands. Once: by the time that a poll is answered it is old.
    private Optional<Duration> clockOffset(Call call) {
        var reports = all(StoreReport.HEADER);
        if (reports.isEmpty()) {
            return Optional.empty();
        }
        var store = call.caller().filter(Principal::isLink).flatMap(Principal::store);
        if (store.isEmpty()) {
            throw invalidHeader(StoreReport.HEADER, "only the link of a store reports, and this is none");
        }
        if (reports.size() > 1) {
            throw invalidHeader(StoreReport.HEADER, reports.size() + " of them (expected: one)");
        }
        try {
            return Optional.of(access.heard(store.get(), StoreReport.parse(reports.getFirst())));
        } catch (IllegalArgumentException e) {
            throw invalidHeader(StoreReport.HEADER, String.valueOf(e.getMessage()));
        }
    }

    private CompletionStage<HttpResponse> carriedOut(Begun begun) {
        return carriedOut(begun.call())
                .thenApply(response -> begun.clockOffset()
                        .map(offset -> response.addHeader(
                                RawHeader.create(StoreReport.OFFSET_HEADER, String.valueOf(offset.toMillis()))))
                        .orElse(response));
    }

    private CompletionStage<HttpResponse> refusedUnread(Throwable failure) {
        return bodies.unread(request, problem(failure).response());
    }

    // Before the body

    private CompletionStage<Call> admitted() {
        return switch (endpoint.admission()) {
            case Admission.NobodyNeeded nobody -> CompletableFuture.completedStage(call(Optional.empty(), ""));
            case Admission.JoinToken join -> CompletableFuture.completedStage(call(Optional.empty(), bearerToken()));
            case Admission.Token token -> {
                var secret = bearerToken();
                yield NoAnswerException.of(access.authenticate(secret))
                        .thenApply(found -> permitted(token, known(found)))
                        .thenApply(principal -> call(Optional.of(principal), secret));
            }
        };
    }

    private Principal known(Authentication found) {
        return switch (found) {
            case Authentication.Known(var principal) -> {
                if (isHeardAtItsStore(principal)) {
                    throw unauthenticated();
                }
                yield principal;
            }
            case Authentication.Unknown unknown -> throw new UnknownTokenException(bearerToken());
            case Authentication.OutOfDate(var heardAt, var age) ->
                throw new ProblemException(Problem.of(
                                401,
                                "staff_out_of_date",
                                "HQ issued this token, and this store has not heard from HQ since "
                                        + Moment.format(heardAt) + ", for longer than " + age.toSeconds()
                                        + " s (access.staff-age): it holds again when HQ is back.")
                        .header("WWW-Authenticate", "Bearer"));
            case Authentication.StoreEnded(var store, var standing) ->
                throw new ProblemException(Problem.of(
                        403,
                        "store_" + standing.wireName(),
                        "HQ does not let store " + store + " in: it is " + standing.wireName() + "."));
        };
    }

    /// Whom a store will know in a moment HQ does not answer in its place: what that store's staff asks for it would
    /// otherwise refuse, or do at HQ.
    private boolean isHeardAtItsStore(Principal principal) {
        return principal.staffOf().isPresent()
                && !all(Forwarding.MARK).isEmpty()
                && !endpoint.isHqs(showsLock())
                && !(endpoint.isHqsBeyondWhatIsHeld() && !all(Forwarding.BEYOND).isEmpty());
    }

    private String bearerToken() {
        var headers = all("Authorization");
        var bearer = BEARER.matcher(headers.isEmpty() ? "" : headers.getFirst());
        if (headers.size() != 1 || !bearer.matches()) { // of two, nobody can tell which one is meant
            throw unauthenticated();
        }
        return bearer.group(1);
    }

    private List<String> all(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        var values = new ArrayList<String>(1);
        for (var header : request.getHeaders()) {
            if (header.is(lower)) {
                values.add(header.value());
            }
        }
        return values;
    }

    private static ProblemException unauthenticated() {
        return new ProblemException(unauthenticated(NEEDED));
    }

    static Problem unauthenticated(String detail) {
        return Problem.of(401, "unauthenticated", detail).header("WWW-Authenticate", "Bearer");
    }

    private Principal permitted(Admission.Token admission, Principal principal) {
        if (!admission.admits(principal)) {
            throw new ProblemException(Problem.of(
                    403,
                    "forbidden",
                    "The role " + principal.role().wireName() + " of this token does not allow this."));
        }
        var catalog = path.get("catalog");
        if (catalog != null
                && !principal
                        .catalog()
                        .map(CatalogId::text)
                        .map(catalog::equals)
                        .orElse(true)) {
            throw new ProblemException(Problems.unknownCatalog());
        }
        return principal;
    }

    private Call call(Optional<Principal> principal, String token) {
        return new Call(
                path,
                parameters(),
                MissingNode.getInstance(),
                principal,
                token,
                idempotencyKey(),
                actingFor(principal),
                lock(),
                endpoint.transaction().keepsOut() ? Preferences.wait(all("Prefer")) : Duration.ZERO,
                Optional.empty(),
                Optional.empty());
    }

    /// What is shown as the lock of a transaction; whether it is one its handler says.
    private Optional<String> lock() {
        var locks = all(LOCK);
        if (locks.size() > 1) {
            throw invalidHeader(LOCK, locks.size() + " of them (expected: one)");
        }
        return locks.stream().findFirst();
    }

    /// Whom the caller acts for, which only an app may say.
    private Optional<String> actingFor(Optional<Principal> principal) {
        var persons = all(ACTING_FOR);
        if (persons.isEmpty()) {
            return Optional.empty();
        }
        if (principal.flatMap(Principal::app).isEmpty()) {
            throw invalidHeader(ACTING_FOR, "only an app's token acts for somebody, and this is none");
        }
        if (persons.size() > 1) {
            throw invalidHeader(ACTING_FOR, persons.size() + " of them (expected: one)");
        }
        if (!Provenance.namesPerson(persons.getFirst())) {
            throw invalidHeader(ACTING_FOR, "not a name (expected: 1 to 200 characters, no control characters)");
        }
        return Optional.of(persons.getFirst());
    }

    private static ProblemException invalidHeader(String name, String detail) {
        return new ProblemException(Problem.badRequest("invalid_header", name, name + ": " + detail + "."));
    }

    private Map<String, String> parameters() {
        Map<String, String> parameters;
        try {
            parameters =
                    request.getUri().rawQueryString().map(PercentCoding::query).orElse(Map.of());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.of(400, "invalid_parameter", "The query: " + e.getMessage() + "."));
        }
        for (var name : parameters.keySet()) {
            if (!endpoint.parameters().contains(name)) {
                throw new ProblemException(Problem.badRequest(
                        "unknown_parameter", name, "There is no parameter `" + name + "`" + expected(endpoint)));
            }
        }
        return parameters;
    }

    private static String expected(Endpoint endpoint) {
        return endpoint.parameters().isEmpty()
                ? " (expected: none)."
                : " (expected: "
                        + String.join(
                                ", ", endpoint.parameters().stream().sorted().toList()) + ").";
    }

    private Optional<String> idempotencyKey() {
        var keys = all("Idempotency-Key");
        if (keys.size() > 1) {
            throw Call.invalidParameter(
                    "Idempotency-Key", "Idempotency-Key: " + keys.size() + " of them (expected: one)");
        }
        var key = keys.stream().findFirst();
        if (key.isPresent() && !IDEMPOTENCY_KEY.matcher(key.get()).matches()) {
            throw new ProblemException(Problem.badRequest(
                    "invalid_parameter",
                    "Idempotency-Key",
                    "Idempotency-Key (expected: 1 to 200 printable ASCII characters, no spaces)."));
        }
        return key;
    }

    // The body, and the handler

    private CompletionStage<HttpResponse> carriedOut(Call call) {
        if (endpoint.body() == Endpoint.Body.LINES) {
            return linesTaken(call);
        }
        if (unsupported()) {
            return refusedUnread(new ProblemException(Problem.of(
                    415,
                    "unsupported_media_type",
                    "The body is not plain JSON (expected: Content-Type: application/json, no Content-Encoding).")));
        }
        return bodies.read(request.entity())
                .thenCompose(bytes -> carriedOut(call, bytes, json(bytes)))
                .handle((response, failure) -> failure == null
                        ? response
                        : applied(call, problem(failure).response()));
    }

    private CompletionStage<HttpResponse> carriedOut(Call call, byte[] bytes, JsonNode json) {
        if (forwarding.isPresent() && endpoint.atStore() == Endpoint.AtStore.HERE_BY_BODY && HqsWrites.isHqs(json)) {
            return byHq(request, call, bytes, away(HqsWrites.opens(json)));
        }
        return CompletableFuture.completedStage(call.with(json))
                .thenCompose(this::handled)
                .thenCompose(reply -> stillPermitted(call, reply))
                .handle((answer, failure) -> failure == null ? answer : Reply.refusal(problem(failure)))
                .thenCompose(reply -> isHqsToTell(reply)
                        ? byHq(request.addHeader(BEYOND_SCOPE), call, bytes, Problems.hqUnreachable())
                                .thenApply(response -> Forwarding.isUnknownAtHq(response) ? reply.response() : response)
                        : CompletableFuture.completedStage(applied(call, reply.response())));
    }

    private CompletionStage<HttpResponse> byHq(HttpRequest passed, Call call, byte[] bytes, Problem away) {
        var body = HttpEntities.create(request.entity().getContentType(), bytes);
        return forwarding.orElseThrow().answer(passed, call.bearerToken(), body, Optional.of(timeout), away);
    }

    /// What takes more than this store holds, and, while HQ is within reach, the next page of it: that has HQ's
    /// page token, which only HQ can read. Whom HQ does not know hears from the store what it lacks.
    private boolean isHqsToTell(Reply reply) {
        return endpoint.isHqsBeyondWhatIsHeld()
                && reply instanceof Reply.Refusal(var problem)
                && forwarding
                        .filter(to -> problem.code().equals(FollowedScope.OUT_OF_SCOPE)
                                || (problem.code().equals(PageTokens.BAD) && to.isHqReachable()))
                        .isPresent();
    }

    /// It takes as long as the lines take to come, and what is to be done with them: no time-out holds.
    private CompletionStage<HttpResponse> linesTaken(Call call) {
        var coding = request.getHeader("Content-Encoding")
                .map(header -> header.value().toLowerCase(Locale.ROOT))
                .filter(value -> !value.equals("identity"));
        var type = request.entity().getContentType().mediaType();
        if (coding.filter(value -> !value.equals("gzip")).isPresent()
                || !type.mainType().equals("application")
                || !LINES.contains(type.subType())) {
            return refusedUnread(new ProblemException(Problem.of(
                    415,
                    "unsupported_media_type",
                    "The body is not lines of JSON (expected: Content-Type: application/x-ndjson, and as"
                            + " Content-Encoding gzip or none).")));
        }
        request.getHeader(TimeoutAccess.class)
                .ifPresent(access -> access.timeoutAccess().updateTimeout(scala.concurrent.duration.Duration.Inf()));
        var incoming = bodies.incoming(request, coding.isPresent());
        return CompletableFuture.completedStage(call.with(incoming))
                .thenCompose(endpoint.handler())
                .handle((answer, failure) -> failure == null ? answer : Reply.refusal(problem(failure)))
                .thenCompose(reply -> {
                    var response = applied(call, reply.response());
                    return incoming.answered(response, () -> bodies.unread(request, response));
                });
    }

    private static HttpResponse applied(Call call, HttpResponse response) {
        return call.patience().isZero()
                ? response
                : response.addHeader(RawHeader.create("Preference-Applied", Preferences.applied(call.patience())));
    }

    private boolean unsupported() {
        var type = request.entity().getContentType().mediaType();
        var coded = request.getHeader("Content-Encoding")
                .filter(coding -> !coding.value().equalsIgnoreCase("identity"))
                .isPresent();
        return !request.entity().isKnownEmpty()
                && endpoint.body() != Endpoint.Body.NONE
                && (coded
                        || !(type.mainType().equals("application")
                                && type.subType().equals("json")));
    }

    private JsonNode json(byte[] body) {
        if (endpoint.body() == Endpoint.Body.NONE && body.length > 0) {
            throw new ProblemException(Problem.of(400, "unexpected_body", endpoint + " takes no body."));
        }
        if (body.length == 0 && endpoint.body() != Endpoint.Body.REQUIRED) {
            return MissingNode.getInstance();
        }
        try {
            return Json.parse(body);
        } catch (MalformedInput e) {
            throw new ProblemException(Problems.of(e));
        }
    }

    private CompletionStage<Reply> handled(Call call) {
        try {
            return endpoint.handler()
                    .apply(call)
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (MalformedInput e) {
            throw new ProblemException(Problems.of(e));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.of(400, "invalid_value", String.valueOf(e.getMessage())));
        }
    }

    /// A read that was held, such as a long poll, is answered to who may have it by then.
    private CompletionStage<Reply> stillPermitted(Call call, Reply reply) {
        var isHeld = System.nanoTime() - begun > HELD.toNanos();
        return isHeld && call.caller().isPresent() && endpoint.method().equals("GET")
                ? admitted().thenApply(again -> reply)
                : CompletableFuture.completedStage(reply);
    }

    // What went wrong

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private Problem problem(Throwable failure) {
        var cause = cause(failure);
        return switch (cause) {
            case ProblemException refused -> refused.problem();
            case UnknownTokenException unknown -> unauthenticated(NEEDED);
            case MalformedInput malformed -> Problems.of(malformed);
            case NoAnswerException unanswered -> noAnswer(String.valueOf(unanswered.getCause()));
            case TimeoutException late -> noAnswer("no answer within " + timeout);
            default -> {
                LOG.error("{} failed", endpoint, cause);
                yield Problem.of(500, "internal_error", "There is an error in this server; its log describes it.");
            }
        };
    }

    private Problem noAnswer(String reason) {
        LOG.warn("{} had no answer: {}", endpoint, reason);
        return Problem.unavailable(
                "unavailable",
                endpoint.method().equals("GET")
                        ? "This could not be answered in time: try again."
                        : "There was no answer in time, and the write may have been made: try again with the same idempotency key.");
    }
}
