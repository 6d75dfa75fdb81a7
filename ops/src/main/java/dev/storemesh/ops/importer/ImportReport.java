package dev.storemesh.ops.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Says what an import did: briefly for a person, in full for a file.
public final class ImportReport {
    private static final int SHOWN_REFUSALS = 20;

    private ImportReport() {}

    /// Some lines for a terminal: counts, the first refusals, remarks by kind.
    public static List<String> lines(ImportSummary summary) {
        var lines = new ArrayList<String>();
        for (var part : summary.parts()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-12s %,7d rows: %,d created, %,d changed, %,d unchanged, %,d refused",
                    part.what(),
                    part.rows(),
                    part.created(),
                    part.changed(),
                    part.unchanged(),
                    part.refused().size()));
        }
        refusals(summary, lines);
        remarks(summary)
                .forEach((kind, count) ->
                        lines.add(String.format(Locale.ROOT, "remark: %,d × %s", count, kind.sentence())));
        lines.add(speed(summary));
        return lines;
    }

    /// The counts as JSON, for scripts.
    public static ObjectNode json(ImportSummary summary) {
        var json = JsonNodeFactory.instance.objectNode();
        var parts = json.putArray("parts");
        for (var part : summary.parts()) {
            parts.addObject()
                    .put("what", part.what())
                    .put("rows", part.rows())
                    .put("created", part.created())
                    .put("changed", part.changed())
                    .put("unchanged", part.unchanged())
                    .put("refused", part.refused().size());
        }
        var remarks = json.putObject("remarks");
        remarks(summary).forEach((kind, count) -> remarks.put(kind.name().toLowerCase(Locale.ROOT), count));
        return json.put("version", summary.version())
                .put("tookMillis", summary.took().toMillis());
    }

    /// Every refusal and every remark, as CSV.
    public static void write(ImportSummary summary, Path file) throws ImportException {
        try (var writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            writer.write(csv("what", "rows", "row", "object", "detail"));
            for (var part : summary.parts()) {
                for (var refused : part.refused()) {
                    var reasons = String.join("; ", refused.reasons());
                    writer.write(csv("refused", part.what(), "" + refused.number(), refused.name(), reasons));
                }
                for (var remark : part.remarks()) {
                    var kind = remark.kind().name().toLowerCase(Locale.ROOT);
                    writer.write(csv(kind, part.what(), "" + remark.row(), remark.object(), remark.detail()));
                }
            }
        } catch (IOException e) {
            throw new ImportException(
                    "The import is done, but its report could not be written to " + file + " (" + e.getMessage() + ")",
                    e);
        }
    }

    /// One record by RFC 4180, every cell quoted.
    private static String csv(String... cells) {
        return Arrays.stream(cells)
                .map(cell -> '"' + cell.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(",", "", "\r\n"));
    }

    private static void refusals(ImportSummary summary, List<String> lines) {
        var all = new ArrayList<String>();
        for (var part : summary.parts()) {
            for (var refused : part.refused()) {
                all.add("refused: " + part.what() + " row " + refused.number() + " " + refused.name() + ": "
                        + String.join("; ", refused.reasons()));
            }
        }
        lines.addAll(all.subList(0, Math.min(SHOWN_REFUSALS, all.size())));
        if (all.size() > SHOWN_REFUSALS) {
            lines.add("refused: " + (all.size() - SHOWN_REFUSALS) + " more (--report FILE lists all)");
        }
    }

    private static Map<Remark.Kind, Long> remarks(ImportSummary summary) {
        var counts = new EnumMap<Remark.Kind, Long>(Remark.Kind.class);
        for (var part : summary.parts()) {
            part.remarks().forEach(remark -> counts.merge(remark.kind(), 1L, Long::sum));
        }
        return counts;
    }

    private static String speed(ImportSummary summary) {
        var seconds = Math.max(summary.took().toMillis(), 1) / 1000.0;
        var version = "catalog version " + summary.version();
        return summary.changedNothing()
                ? String.format(
                        Locale.ROOT,
                        "nothing to change: %s already says all of it (%,d objects compared in %.1f s)",
                        version,
                        summary.taken(),
                        seconds)
                : String.format(
                        Locale.ROOT,
                        "%s; %,d objects written in %.1f s (%,.0f objects/s)",
                        version,
                        summary.sent(),
                        seconds,
                        summary.sent() / seconds);
    }
}
