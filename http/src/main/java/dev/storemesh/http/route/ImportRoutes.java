package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.LongNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.bulk.BulkCounts;
import dev.storemesh.protocol.bulk.BulkReader;
import dev.storemesh.protocol.bulk.BulkReader.Parsed;
import dev.storemesh.protocol.bulk.LineSplitter;
import dev.storemesh.protocol.bulk.LineSplitter.Line;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort.Opening;
import dev.storemesh.protocol.catalog.Closing;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Remembered;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lines of JSON into a catalog, as one transaction that nobody but this request holds: all of it becomes
/// visible, or nothing. The lines are cut, read and brought while they come: while one step is decided and
/// journaled, the next is read, and no more than that is in memory.
final class ImportRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ImportRoutes.class);
    private static final int LINE_BYTES = 1 << 20;
    private static final int STEP_LINES = 1_000;
    private static final long STEP_BYTES = 1 << 20;

    /// Lines that came wait no longer for others to be brought with.
    private static final Duration STEP_TIME = Duration.ofSeconds(5);

    private final CallCatalogs catalogs;

    ImportRoutes(CallCatalogs catalogs) {
        this.catalogs = catalogs;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.post(
                        "/api/v1/catalogs/{catalog}/import",
                        Admission.to(Permission.BULK),
                        Endpoint.Body.LINES,
                        this::bring)
                .taking("mode", "types", "onRefused", "reason")
                .answering(200, 404, 409, 410, 422, 429)
                .answered(Endpoint.AtStore.AT_HQ_OR_REFUSED)
                .under(Endpoint.Transaction.AWAITED));
    }

    private CompletionStage<Reply> bring(Call call) {
        if (call.lock().isPresent()) {
            throw new ProblemException(Problem.badRequest(
                    "invalid_header", "Storemesh-Lock", "Storemesh-Lock: an import is a transaction of its own."));
        }
        var plan = plan(call);
        var provenance = call.provenance().withReason(call.reasonParameter());
        return recalled(call, provenance)
                .thenCompose(before ->
                        before.map(answer -> repeated(call, answer)).orElseGet(() -> begun(call, plan, provenance)))
                .handle((reply, failure) -> failure == null
                        ? CompletableFuture.completedStage(reply)
                        : cause(failure) instanceof Importing.Stopped stopped
                                ? CompletableFuture.completedStage(stopped.reply())
                                : CompletableFuture.<Reply>failedStage(cause(failure)))
                .thenCompose(Function.identity());
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    // What is asked for

    private static Importing.Plan plan(Call call) {
        var whole = call.query("mode", mode -> switch (mode) {
                    case "merge" -> false;
                    case "replace" -> true;
                    default ->
                        throw new IllegalArgumentException("mode: \"" + mode + "\" (expected: merge or replace)");
                })
                .orElse(false);
        var skipping = call.query("onRefused", word -> switch (word) {
                    case "refuse" -> false;
                    case "skip" -> true;
                    default ->
                        throw new IllegalArgumentException("onRefused: \"" + word + "\" (expected: refuse or skip)");
                })
                .orElse(false);
        var types = call.query("types", ImportRoutes::types);
        if (types.isPresent() && !whole) {
            throw Call.invalidParameter("types", "types: without mode=replace (expected: none)");
        }
        return new Importing.Plan(whole, types.map(TreeSet::new), skipping);
    }

    private static List<TypeName> types(String names) {
        var types = new ArrayList<TypeName>();
        for (var name : names.split(",", -1)) {
            var type = new TypeName(name);
            if (type.isBookkeeping()) {
                throw new IllegalArgumentException("types: " + type + " is the servers' own (expected: others)");
            }
            types.add(type);
        }
        return types;
    }

    /// By what a repeated request is known: what was sent, unpacked, and what was asked for.
    private static String digest(Call call, MessageDigest body) {
        var asked =
                Json.object().put("what", "import").put("body", HexFormat.of().formatHex(body.digest()));
        call.query().forEach((name, value) -> asked.put("query/" + name, value));
        return Digest.of(asked);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    // The same again

    private CompletionStage<Optional<Remembered>> recalled(Call call, Provenance provenance) {
        var key = IdempotencyKey.of(provenance.withKey(call.idempotencyKey()));
        return key.isEmpty()
                ? CompletableFuture.completedStage(Optional.empty())
                : NoAnswerException.of(catalogs.visible().recall(call.catalog(), key.get()))
                        .thenApply(ImportRoutes::before);
    }

    private static Optional<Remembered> before(Answer answer) {
        if (answer instanceof Answer.Recalled(var before)) {
            return before;
        }
        throw new Importing.Stopped(Answers.of(answer));
    }

    /// Reads what is sent, but for its digest brings nothing.
    private static CompletionStage<Reply> repeated(Call call, Remembered before) {
        var incoming = incoming(call);
        var body = sha256();
        return lines(incoming, body)
                .runWith(Sink.ignore(), incoming.materializer())
                .thenApply(done -> digest(call, body).equals(before.digest())
                        ? Importing.report(before.version(), BulkCounts.of(before.names()), Optional.empty())
                        : Answers.of(Answer.refuse(new Refusal.KeyReused())));
    }

    // For the first time

    private CompletionStage<Reply> begun(Call call, Importing.Plan plan, Provenance provenance) {
        var opening = new Opening(provenance, "", Opening.DEFAULT_IDLE, Optional.empty());
        return NoAnswerException.of(catalogs.of(call).open(call.catalog(), opening))
                .thenCompose(answer -> answer instanceof Answer.Opened opened
                        ? brought(
                                call,
                                new Importing(
                                        catalogs.visible(),
                                        call.catalog(),
                                        opened.lock(),
                                        plan,
                                        provenance,
                                        incoming(call).materializer()))
                        : CompletableFuture.completedStage(Answers.of(answer)));
    }

    private static CompletionStage<Reply> brought(Call call, Importing importing) {
        var incoming = incoming(call);
        var body = sha256();
        return lines(incoming, body)
                .groupedWeightedWithin(STEP_BYTES, STEP_LINES, line -> (long) line.sizeBytes(), STEP_TIME)
                .mapAsync(1, reading(incoming.materializer()))
                .mapAsync(1, importing::take)
                .runWith(Sink.ignore(), incoming.materializer())
                .thenCompose(done -> importing.end(call.idempotencyKey()
                        .map(key -> counts -> new Closing(
                                importing.provenance().withKey(Optional.of(key)), digest(call, body), counts.names()))))
                .handle((reply, failure) -> failure == null
                        ? CompletableFuture.completedStage(reply)
                        : failed(call, importing, cause(failure)))
                .thenCompose(Function.identity());
    }

    /// Whatever it was, nothing of it stays.
    private static CompletionStage<Reply> failed(Call call, Importing importing, Throwable failure) {
        return importing
                .rolledBack()
                .handle((over, late) -> {
                    if (late != null) {
                        LOG.warn(
                                "catalog [{}]: the transaction of an import that failed ends by itself: {}",
                                call.path("catalog"),
                                late.toString());
                    }
                    return CompletableFuture.<Reply>failedStage(failure);
                })
                .thenCompose(Function.identity());
    }

    private static Incoming incoming(Call call) {
        return call.incoming().orElseThrow(() -> new IllegalStateException("an endpoint that takes lines has them"));
    }

    /// The lines as they come. Fails with a [ProblemException].
    private static Source<Line, ?> lines(Incoming incoming, MessageDigest body) {
        return incoming.bytes()
                .map(Optional::of)
                .concat(Source.single(Optional.empty()))
                .statefulMapConcat(() -> {
                    var splitter = new LineSplitter(LINE_BYTES, incoming.limitBytes());
                    return some -> cut(splitter, some, body);
                });
    }

    private static List<Line> cut(LineSplitter splitter, Optional<ByteString> some, MessageDigest body) {
        if (some.isEmpty()) {
            return splitter.end();
        }
        var bytes = some.get().toArray();
        body.update(bytes);
        try {
            return splitter.take(bytes);
        } catch (LineSplitter.TooLarge e) {
            throw new ProblemException(
                    Problem.limit(413, "too_large", e.limit(), e.what() + " has more than " + e.limit() + " bytes."));
        }
    }

    /// On another thread than that which cuts and that which brings.
    private static org.apache.pekko.japi.function.Function<List<Line>, CompletionStage<List<Parsed>>> reading(
            Materializer materializer) {
        var reader = new BulkReader();
        return lines -> CompletableFuture.supplyAsync(() -> read(reader, lines), materializer.executionContext());
    }

    private static List<Parsed> read(BulkReader reader, List<Line> lines) {
        var parsed = new ArrayList<Parsed>(lines.size());
        for (var line : lines) {
            try {
                parsed.add(reader.read(line));
            } catch (MalformedInput e) {
                throw new ProblemException(
                        Problem.badRequest(e.code(), e.field(), "Line " + line.number() + ": " + e.getMessage())
                                .with("line", LongNode.valueOf(line.number())));
            }
        }
        return parsed;
    }
}
