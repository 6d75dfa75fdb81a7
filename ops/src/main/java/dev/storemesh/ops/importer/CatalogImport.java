package dev.storemesh.ops.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Problem;
import dev.storemesh.ops.importer.Remark.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Makes a catalog say what files say: reads the present state at one version, compares, and writes only what
/// differs, some hundred objects to a write. So a second run writes nothing, and one that was cut short goes on where
/// it ended. Used once, by one thread.
///
/// What the catalog itself refuses is refused row by row: the rest of the write goes again without it.
public final class CatalogImport {
    private static final int OPERATIONS_PER_WRITE = 500;

    private final ImportTarget target;
    private final Progress progress;
    private final LongSupplier nanoTime;
    private final String reason;
    /// Objects that a file has and the catalog refused; nothing can refer to them.
    private final Set<String> unmade = new HashSet<>();

    private long version;
    private long sent;

    /// An import yet to run.
    ///
    /// @param reason stands in the catalog's log with each write
    public CatalogImport(ImportTarget target, Progress progress, LongSupplier nanoTime, String reason) {
        this.target = target;
        this.progress = progress;
        this.nanoTime = nanoTime;
        this.reason = reason;
    }

    /// Brings all groups, one after the other.
    ///
    /// @param groups in an order in which references point to the same or an earlier group
    /// @throws ImportException when it had to stop; what was written until then stays
    public ImportSummary run(List<Group> groups) throws ImportException, InterruptedException {
        var started = nanoTime.getAsLong();
        try {
            progress.begin("reading the catalog", 0);
            var present =
                    target.read(groups.stream().map(Group::type).distinct().toList());
            version = present.version();
            var parts = new ArrayList<ImportSummary.Part>();
            for (var group : groups) {
                parts.add(bring(group, present.objects()));
            }
            return new ImportSummary(parts, version, Duration.ofNanos(nanoTime.getAsLong() - started));
        } catch (ApiException e) {
            throw new ImportException(
                    (sent == 0
                                    ? "Nothing was imported. "
                                    : "The import stopped after " + sent
                                            + " objects; the same command goes on from there. ")
                            + e.getMessage(),
                    e);
        } finally {
            progress.end();
        }
    }

    private ImportSummary.Part bring(Group group, Map<String, Present> present)
            throws ApiException, InterruptedException {
        progress.begin(group.what(), group.rows().size());
        var part = new Tally(group);
        var chunk = new ArrayList<Pending>();
        for (var row : group.rows()) {
            switch (row) {
                case Row.Refused refused -> part.refuse(refused);
                case Row.Taken taken -> compare(taken, present, part, chunk);
            }
            if (chunk.size() >= OPERATIONS_PER_WRITE) {
                write(List.copyOf(chunk), part);
                chunk.clear();
            }
        }
        if (!chunk.isEmpty()) {
            write(List.copyOf(chunk), part);
        }
        return part.end();
    }

    private void compare(Row.Taken taken, Map<String, Present> present, Tally part, List<Pending> chunk) {
        var token = taken.object().token();
        var object = taken.object().without(value -> value instanceof Value.Reference(var to) && unmade.contains(to));
        part.remark(taken.remarks());
        if (object.values().size() < taken.object().values().size()) {
            part.remark(List.of(new Remark(
                    Kind.MISSING_DEPARTMENT, taken.number(), token, "its department was refused by the catalog")));
        }
        var stored = present.get(token);
        if (stored == null) {
            chunk.add(new Pending(taken.number(), token, true, Difference.create(object)));
            return;
        }
        Difference.change(object, stored)
                .ifPresentOrElse(
                        operation -> chunk.add(new Pending(taken.number(), token, false, operation)), part::unchanged);
    }

    private void write(List<Pending> chunk, Tally part) throws ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode();
        var operations = body.putArray("operations");
        chunk.forEach(pending -> operations.add(pending.operation()));
        body.put("reason", reason);
        try {
            version = target.write(body, ImportKey.of(version, body));
        } catch (ApiException.Refusal e) {
            writeRest(chunk, part, e);
            return;
        }
        sent += chunk.size();
        chunk.forEach(part::sent);
    }

    /// Goes on after a refusal: without the objects that it names, or in halves if the write was too large.
    private void writeRest(List<Pending> chunk, Tally part, ApiException.Refusal refusal)
            throws ApiException, InterruptedException {
        if (refusal.problem().status() == 413 && chunk.size() > 1) {
            var half = chunk.size() / 2;
            write(chunk.subList(0, half), part);
            write(chunk.subList(half, chunk.size()), part);
            return;
        }
        var reasons = reasonsByObject(refusal.problem());
        var rest = chunk.stream()
                .filter(pending -> !reasons.containsKey(pending.token()))
                .toList();
        if (rest.size() == chunk.size()) {
            throw refusal; // it is not about single rows
        }
        for (var pending : chunk) {
            var why = reasons.get(pending.token());
            if (why != null) {
                unmade.addAll(pending.create() ? Set.of(pending.token()) : Set.of());
                part.refuse(new Row.Refused(pending.row(), pending.token(), why));
            }
        }
        if (!rest.isEmpty()) {
            write(rest, part);
        }
    }

    private static Map<String, List<String>> reasonsByObject(Problem problem) {
        var reasons = new HashMap<String, List<String>>();
        for (var violation : problem.violations()) {
            violation
                    .object()
                    .ifPresent(token -> reasons.computeIfAbsent(token, key -> new ArrayList<>())
                            .add(violation.sentence()));
        }
        return reasons;
    }

    /// An operation that waits to be sent.
    private record Pending(long row, String token, boolean create, ObjectNode operation) {}

    /// Counts what becomes of one group's rows.
    private final class Tally {
        private final Group group;
        private final List<Row.Refused> refused = new ArrayList<>();
        private final List<Remark> remarks = new ArrayList<>();
        private long created;
        private long changed;
        private long unchanged;

        Tally(Group group) {
            this.group = group;
        }

        void sent(Pending pending) {
            if (pending.create()) {
                created++;
            } else {
                changed++;
            }
            progress.advance(1);
        }

        void unchanged() {
            unchanged++;
            progress.advance(1);
        }

        void refuse(Row.Refused row) {
            refused.add(row);
            progress.advance(1);
        }

        void remark(List<Remark> more) {
            remarks.addAll(more);
        }

        ImportSummary.Part end() {
            var names = refused.stream().map(Row.Refused::name).collect(Collectors.toSet());
            remarks.removeIf(remark -> names.contains(remark.object())); // they tell of rows that were taken
            return new ImportSummary.Part(
                    group.what(), group.rows().size(), created, changed, unchanged, refused, remarks);
        }
    }
}
