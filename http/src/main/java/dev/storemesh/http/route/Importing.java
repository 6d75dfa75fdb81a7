package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.bulk.BulkCounts;
import dev.storemesh.protocol.bulk.BulkLine;
import dev.storemesh.protocol.bulk.BulkReader.Parsed;
import dev.storemesh.protocol.bulk.BulkTally;
import dev.storemesh.protocol.bulk.Clusters;
import dev.storemesh.protocol.bulk.ReferredTypes;
import dev.storemesh.protocol.bulk.RefusedLine;
import dev.storemesh.protocol.bulk.SeenTokens;
import dev.storemesh.protocol.bulk.Sieve;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.Closing;
import dev.storemesh.protocol.catalog.Effects;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.catalog.Terms;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.schema.SchemaRules;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/// One import while it is under way: takes lines, a chunk after the other, and then ends. Used by one thread at a
/// time, as is whatever it waits for.
///
/// ```
/// schema lines together -> lines -> (replace: deletions) -> held lines, by who mentions whom -> what is left, with
/// the held deletions, in one step -> (replace: deletions of the schema) -> commit or roll back
/// ```
final class Importing {
    private static final int STEP = 1_000;
    private static final int TOGETHER = 10_000; // lines of one step, at most
    private static final int HELD = 100_000;
    private static final long HELD_BYTES = 64L << 20;
    private static final int MOST_LINES = 10_000_000;
    private static final int ROUNDS = 20; // of parting the same lines
    private static final Duration SILENCE = Duration.ofSeconds(20); // far less than a transaction may idle
    private static final CompletionStage<Done> DONE = CompletableFuture.completedStage(Done.getInstance());

    private final CatalogPort catalogs;
    private final CatalogPort held;
    private final CatalogId catalog;
    private final LockToken lock;
    private final Plan plan;
    private final Provenance provenance;
    private final Materializer materializer;
    private final BulkTally tally = new BulkTally();
    private final SeenTokens seen = new SeenTokens();
    private final Set<TypeName> types = new TreeSet<>();
    private final List<BulkLine> ofSchema = new ArrayList<>(); // wait for those after them
    private final List<BulkLine> late = new ArrayList<>();
    private final List<BulkLine> left = new ArrayList<>();
    private final List<ObjectToken> lateDeletions = new ArrayList<>();
    private final List<ObjectToken> schemaDeletions = new ArrayList<>();
    private long lateBytes;
    private long steppedAtNanos = System.nanoTime();

    /// What is asked for. `whole`: objects have what their lines say and no more, and objects of `types` (else
    /// of all types that lines have) that have no line go. `skipping`: refused lines are left out, and the rest
    /// is brought.
    record Plan(boolean whole, Optional<Set<TypeName>> types, boolean skipping) {}

    /// Ends an import with an answer. Never a bug, so it carries no stack trace.
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Reply reply;

        Stopped(Reply reply) {
            super("status " + reply.status(), null, false, false);
            this.reply = reply;
        }

        Reply reply() {
            return reply;
        }
    }

    /// What becomes of lines that others may put right.
    private enum Late {
        HOLD,
        LEAVE
    }

    Importing(
            CatalogPort catalogs,
            CatalogId catalog,
            LockToken lock,
            Plan plan,
            Provenance provenance,
            Materializer materializer) {
        this.catalogs = catalogs;
        this.held = catalogs.on(Terms.holding(lock));
        this.catalog = catalog;
        this.lock = lock;
        this.plan = plan;
        this.provenance = provenance;
        this.materializer = materializer;
    }

    Provenance provenance() {
        return provenance;
    }

    // Lines

    CompletionStage<Done> take(List<Parsed> chunk) {
        tally.read(chunk.size());
        var lines = new ArrayList<BulkLine>(chunk.size());
        for (var parsed : chunk) {
            switch (parsed) {
                case RefusedLine refused -> {
                    seen.add(new ObjectToken(refused.object()));
                    tally.refuse(refused);
                }
                case BulkLine line -> {
                    if (seen.add(line.object())) {
                        lines.add(line);
                    } else {
                        tally.refuse(RefusedLine.of(
                                line, "duplicate_object", "An earlier line is about " + line.object() + ", too."));
                    }
                }
            }
        }
        if (seen.size() > MOST_LINES) {
            throw new ProblemException(
                    Problem.limit(413, "too_large", MOST_LINES, "There are more than " + MOST_LINES + " lines."));
        }
        lines.forEach(line -> types.add(line.type()));
        return each(runs(lines), this::run);
    }

    /// Lines of the schema and others apart, in the order of the file.
    private static List<List<BulkLine>> runs(List<BulkLine> lines) {
        var runs = new ArrayList<List<BulkLine>>();
        for (var line : lines) {
            if (runs.isEmpty() || runs.getLast().getLast().isOfSchema() != line.isOfSchema()) {
                runs.add(new ArrayList<>());
            }
            runs.getLast().add(line);
        }
        return runs;
    }

    private CompletionStage<Done> run(List<BulkLine> lines) {
        if (!lines.getFirst().isOfSchema()) {
            return schemaBrought().thenCompose(done -> brought(lines, Late.HOLD, 0));
        }
        ofSchema.addAll(lines);
        return ofSchema.size() < TOGETHER ? DONE : schemaBrought();
    }

    private CompletionStage<Done> schemaBrought() {
        var lines = List.copyOf(ofSchema);
        ofSchema.clear();
        return brought(lines, Late.HOLD, 0);
    }

    private CompletionStage<Done> brought(List<BulkLine> lines, Late policy, int round) {
        if (lines.isEmpty()) {
            return DONE;
        }
        return step(lines.stream().map(line -> line.operation(plan.whole())).toList())
                .thenCompose(answer -> {
                    if (answer instanceof Answer.Staged staged) {
                        tally.staged(lines.size(), staged.effects().orElse(Effects.NONE));
                        return DONE;
                    }
                    return parted(lines, violations(answer), policy, round);
                });
    }

    private CompletionStage<Done> parted(List<BulkLine> lines, List<Violation> violations, Late policy, int round) {
        var parted = Sieve.part(lines, violations);
        parted.refused().forEach(tally::refuse);
        parted.held().forEach(line -> hold(line, policy));
        if (parted.isFewer()) {
            if (round < ROUNDS) {
                return brought(parted.again(), policy, round + 1);
            }
            parted.again().forEach(line -> hold(line, policy));
            return DONE;
        }
        if (lines.size() == 1 || lines.getFirst().isOfSchema()) {
            refuseTogether(lines, parted.strange());
            return DONE;
        }
        var half = lines.size() / 2;
        return brought(lines.subList(0, half), policy, round)
                .thenCompose(done -> brought(lines.subList(half, lines.size()), policy, round));
    }

    /// Of lines of which nobody can say which one it is.
    private void refuseTogether(List<BulkLine> lines, List<Violation> violations) {
        tally.refuse(RefusedLine.of(lines.getFirst(), violations));
        lines.stream()
                .skip(1)
                .forEach(line -> tally.refuse(RefusedLine.of(
                        line,
                        "refused_together",
                        "The line is refused together with line "
                                + lines.getFirst().number() + ".")));
    }

    private void hold(BulkLine line, Late policy) {
        if (policy == Late.LEAVE) {
            left.add(line);
            return;
        }
        lateBytes += line.sizeBytes();
        if (late.size() < HELD && lateBytes <= HELD_BYTES) {
            late.add(line);
        } else {
            tally.refuse(tooMany(line, "more than " + HELD + " lines, or " + HELD_BYTES + " bytes of them, wait"));
        }
    }

    private static RefusedLine tooMany(BulkLine line, String what) {
        return RefusedLine.of(
                line,
                "too_many_held_back",
                "The line refers to objects of later lines, and " + what + ": put lines after those they refer to.");
    }

    // The end

    /// @param closing what to remember of the counts, under an idempotency key
    CompletionStage<Reply> end(Optional<Function<BulkCounts, Closing>> closing) {
        return schemaBrought()
                .thenCompose(done -> plan.whole() ? lackingDeleted() : DONE)
                .thenCompose(done -> each(Clusters.inOrder(List.copyOf(late), STEP), this::lateBrought))
                .thenCompose(done -> lastBrought())
                .thenCompose(done -> last(List.of(), List.copyOf(schemaDeletions), 0))
                .thenCompose(done -> tally.hasRefused() && !plan.skipping() ? refused() : committed(closing));
    }

    private CompletionStage<Done> lateBrought(List<BulkLine> lines) {
        if (lines.size() > TOGETHER) {
            lines.forEach(line -> tally.refuse(
                    tooMany(line, "these refer to each other in circles of more than " + TOGETHER + " lines")));
            return DONE;
        }
        return brought(lines, Late.LEAVE, 0);
    }

    private CompletionStage<Done> lastBrought() {
        var first = List.copyOf(left.subList(0, Math.min(TOGETHER, left.size())));
        return last(first, List.copyOf(lateDeletions), 0)
                .thenCompose(done -> last(List.copyOf(left.subList(first.size(), left.size())), List.of(), 0));
    }

    /// Nothing can put these right any more.
    private CompletionStage<Done> last(List<BulkLine> lines, List<ObjectToken> deletions, int round) {
        if (lines.isEmpty() && deletions.isEmpty()) {
            return DONE;
        }
        var operations = Stream.concat(
                        deletions.stream().map(Importing::deletion),
                        lines.stream().map(line -> line.operation(plan.whole())))
                .toList();
        return step(operations).thenCompose(answer -> {
            if (answer instanceof Answer.Staged staged) {
                tally.staged(lines.size(), staged.effects().orElse(Effects.NONE));
                return DONE;
            }
            var violations = violations(answer);
            var parted = Sieve.partLast(lines, violations);
            var about = byObject(violations);
            var again = new ArrayList<ObjectToken>();
            for (var token : deletions) {
                var wrong = about.get(token.text());
                if (wrong == null) {
                    again.add(token);
                } else if (!isGone(wrong)) {
                    tally.refuse(RefusedLine.of(Optional.empty(), token.text(), wrong));
                }
            }
            parted.refused().forEach(tally::refuse);
            if (round < ROUNDS && again.size() + parted.again().size() < operations.size()) {
                return last(parted.again(), again, round + 1);
            }
            again.forEach(token -> tally.refuse(RefusedLine.of(Optional.empty(), token.text(), violations)));
            parted.again().forEach(line -> tally.refuse(RefusedLine.of(line, violations)));
            return DONE;
        });
    }

    private CompletionStage<Reply> refused() {
        var counts = tally.counts();
        return rolledBack().thenApply(over -> {
            var problem = Problem.of(
                    422,
                    "import_refused",
                    "Nothing was imported, for " + counts.refused() + " lines or deletions were refused.");
            return Reply.refusal(problem.with("counts", json(counts)).with("refused", tally.refusedLines()));
        });
    }

    private CompletionStage<Reply> committed(Optional<Function<BulkCounts, Closing>> closing) {
        var counts = tally.counts();
        var commit = closing.map(remembered -> held.commit(catalog, lock, remembered.apply(counts)))
                .orElseGet(() -> held.commit(catalog, lock));
        return NoAnswerException.of(commit).thenApply(answer -> {
            if (answer instanceof Answer.Ended(var version, var ending, var replayed)
                    && ending.how() == Ending.How.COMMITTED) {
                return report(version, counts, Optional.of(tally.refusedLines()));
            }
            throw new Stopped(Answers.of(answer));
        });
    }

    CompletionStage<Answer> rolledBack() {
        return NoAnswerException.of(held.rollBack(catalog, lock));
    }

    /// What is answered to an import that is there.
    ///
    /// @param refused empty: it was answered before, and which lines were refused is not remembered
    static Reply report(Version version, BulkCounts counts, Optional<ArrayNode> refused) {
        var json = Json.object().put("version", version.number());
        json.set("counts", json(counts));
        refused.ifPresentOrElse(lines -> json.set("refused", lines), () -> json.put("replayed", true));
        return Answers.at(version, 200, json);
    }

    private static ObjectNode json(BulkCounts counts) {
        var json = Json.object();
        counts.write(json);
        return json;
    }

    // Deletions

    /// Deletes what no line is about, as it was before the import: those that refer to others first.
    private CompletionStage<Done> lackingDeleted() {
        return NoAnswerException.of(held.schema(catalog, Optional.empty())).thenCompose(reading -> {
            if (!(reading instanceof Reading.Found<SchemaView>(var version, var view))) {
                throw new Stopped(
                        Answers.of(reading, "version", Problems.unknownCatalog(), (at, none) -> Json.object()));
            }
            var referred = ReferredTypes.inOrder(SchemaRules.read(view.schemaObjects()));
            var inOrder = plan.types().orElse(types).stream()
                    .filter(type -> !type.isBookkeeping())
                    .sorted(Comparator.comparingInt((TypeName type) -> referred.indexOf(type))
                            .reversed())
                    .sorted(Comparator.comparing(referred::contains))
                    .toList();
            return each(inOrder, this::lackingDeleted);
        });
    }

    private CompletionStage<Done> lackingDeleted(TypeName type) {
        var before = new Version(lock.version().number() - 1);
        if (before.equals(Version.NONE)) {
            return DONE;
        }
        return Source.unfoldAsync(
                        Optional.of(Optional.<ObjectToken>empty()),
                        after -> after.isEmpty()
                                ? CompletableFuture
                                        .<Optional<Pair<Optional<Optional<ObjectToken>>, Slice>>>completedStage(
                                                Optional.empty())
                                : page(type, before, after.get())
                                        .thenApply(slice -> Optional.of(Pair.create(next(slice), slice))))
                .mapAsync(1, slice -> {
                    var lacking = slice.objects().stream()
                            .map(ObjectView::object)
                            .filter(token -> !seen.contains(token))
                            .toList();
                    if (type.isSchema()) {
                        schemaDeletions.addAll(lacking);
                        return DONE;
                    }
                    return lacking.isEmpty() ? keptAlive() : deleted(lacking, 0);
                })
                .runWith(Sink.ignore(), materializer);
    }

    private static Optional<Optional<ObjectToken>> next(Slice slice) {
        return slice.more() ? Optional.of(Optional.of(slice.objects().getLast().object())) : Optional.empty();
    }

    private CompletionStage<Slice> page(TypeName type, Version version, Optional<ObjectToken> after) {
        var query = new PageQuery(
                new Selection(Optional.of(type), Scope.all(), Map.of()),
                Order.PAGE_KEY,
                Optional.of(version),
                after,
                STEP);
        return NoAnswerException.of(catalogs.page(catalog, query)).thenApply(reading -> {
            if (reading instanceof Reading.Found<Slice>(var at, var slice)) {
                return slice;
            }
            throw new Stopped(Answers.of(reading, "version", Problems.unknownCatalog(), (at, none) -> Json.object()));
        });
    }

    /// A transaction ends when nothing is written for long, and reading is not writing.
    private CompletionStage<Done> keptAlive() {
        return System.nanoTime() - steppedAtNanos < SILENCE.toNanos()
                ? DONE
                : step(List.of()).thenApply(answer -> {
                    if (answer instanceof Answer.Staged) {
                        return Done.getInstance();
                    }
                    throw new Stopped(Answers.of(answer));
                });
    }

    private CompletionStage<Done> deleted(List<ObjectToken> tokens, int round) {
        if (tokens.isEmpty()) {
            return DONE;
        }
        return step(tokens.stream().map(Importing::deletion).toList()).thenCompose(answer -> {
            if (answer instanceof Answer.Staged staged) {
                tally.staged(0, staged.effects().orElse(Effects.NONE));
                return DONE;
            }
            var about = byObject(violations(answer));
            var again = tokens.stream()
                    .filter(token -> !about.containsKey(token.text()))
                    .toList();
            if (again.size() < tokens.size() && round < ROUNDS) {
                tokens.stream()
                        .filter(token -> about.containsKey(token.text()) && !isGone(about.get(token.text())))
                        .forEach(this::holdDeletion);
                return deleted(again, round + 1);
            }
            if (tokens.size() == 1 || round >= ROUNDS) {
                tokens.forEach(this::holdDeletion);
                return DONE;
            }
            var half = tokens.size() / 2;
            return deleted(tokens.subList(0, half), round)
                    .thenCompose(done -> deleted(tokens.subList(half, tokens.size()), round));
        });
    }

    private void holdDeletion(ObjectToken token) {
        if (lateDeletions.size() < TOGETHER) {
            lateDeletions.add(token);
        } else {
            tally.refuse(new RefusedLine(
                    Optional.empty(),
                    token.text(),
                    "too_many_held_back",
                    "The object is to be deleted and is referred to, and more than " + TOGETHER + " others are.",
                    List.of()));
        }
    }

    /// Whether an object to be deleted is deleted already, with another.
    private static boolean isGone(List<Violation> violations) {
        return violations.stream().allMatch(violation -> violation.code() == Violation.Code.UNKNOWN_OBJECT);
    }

    private static Operation deletion(ObjectToken token) {
        return new Operation.Delete(new ObjectRef.Known(token), Optional.empty());
    }

    // Steps

    private CompletionStage<Answer> step(List<Operation> operations) {
        steppedAtNanos = System.nanoTime();
        return NoAnswerException.of(held.write(catalog, new Write(operations, provenance, "", Optional.empty())));
    }

    /// Why a step was refused, if it is about its lines; else that is the end.
    private static List<Violation> violations(Answer answer) {
        if (answer instanceof Answer.Refused(Refusal.Violations(var violations, var count), var at)) {
            return violations;
        }
        throw new Stopped(Answers.of(answer));
    }

    private static Map<String, List<Violation>> byObject(List<Violation> violations) {
        return violations.stream().collect(Collectors.groupingBy(Violation::object));
    }

    /// One after the other.
    private <T> CompletionStage<Done> each(List<T> all, Function<T, CompletionStage<Done>> what) {
        return all.size() == 1
                ? what.apply(all.getFirst())
                : Source.from(all).mapAsync(1, what::apply).runWith(Sink.ignore(), materializer);
    }
}
