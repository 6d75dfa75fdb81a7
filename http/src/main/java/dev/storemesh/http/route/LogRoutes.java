package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.Findings;
import dev.storemesh.protocol.catalog.CatalogPort.LogQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSearch;
import dev.storemesh.protocol.catalog.CatalogPort.LogSlice;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogFilter;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value.Moment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The log: every version whole, for followers, and those that a filter wants, for audits. With `wait` the answer
/// comes as soon as there is an entry.
final class LogRoutes {
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_WAIT_SECONDS = 30;
    private static final List<String> FOLLOWING = List.of("step", "wait", "chain", FollowedScope.PARAMETER);

    private static final long KEPT_BYTES = 16 << 20; // of entries that were sent last

    private final CatalogPort catalogs;
    private final WrittenEntries written = new WrittenEntries(KEPT_BYTES);

    LogRoutes(CatalogPort catalogs) {
        this.catalogs = catalogs;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/api/v1/catalogs/{catalog}/log", Admission.to(Permission.FOLLOW), this::log)
                .taking(
                        "after",
                        "step",
                        "limit",
                        "wait",
                        "chain",
                        "caller",
                        "app",
                        "actingFor",
                        "object",
                        "store",
                        "from",
                        "until",
                        FollowedScope.PARAMETER)
                .answering(200, 409, 410)
                .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD));
    }

    private CompletionStage<Reply> log(Call call) {
        var filter = new LogFilter(
                call.query("caller"),
                call.query("app"),
                call.query("actingFor"),
                call.query("store", StoreId::new),
                call.query("object", ObjectToken::new),
                call.query("from", Moment::parse),
                call.query("until", Moment::parse));
        if (call.principal().staffOf().isPresent()) {
            throw Call.forbidden("The log holds what is at all locations, and this token is for one store.");
        }
        return filter.equals(LogFilter.ALL) ? whole(call) : search(call, filter);
    }

    /// Who searches does not follow: neither waits for what comes nor says what it holds.
    private CompletionStage<Reply> search(Call call, LogFilter filter) {
        for (var name : FOLLOWING) {
            if (call.query(name).isPresent()) {
                throw Call.invalidParameter(name, name + ": beside a filter (expected: only without)");
            }
        }
        var search = new LogSearch(after(call), limit(call), filter);
        return NoAnswerException.of(catalogs.search(call.catalog(), search))
                .thenApply(reading -> Answers.of(reading, "after", Problems.unknownCatalog(), this::json));
    }

    private static Version after(Call call) {
        return new Version(call.number("after", 0, Long.MAX_VALUE).orElse(0L));
    }

    private static int limit(Call call) {
        return call.number("limit", 1, MAX_LIMIT).orElse(100L).intValue();
    }

    private CompletionStage<Reply> whole(Call call) {
        var steps = call.number("step", 0, Integer.MAX_VALUE).orElse(0L).intValue();
        var query = new LogQuery(
                new LogPlace(after(call), steps),
                limit(call),
                Duration.ofSeconds(call.number("wait", 0, MAX_WAIT_SECONDS).orElse(0L)),
                call.query("chain", ChainHash::new),
                FollowedScope.asked(call));
        return NoAnswerException.of(catalogs.log(call.catalog(), query))
                .thenApply(reading -> reply(reading, query.location()));
    }

    /// A follower that is ahead of this log has followed another one.
    private Reply reply(Reading<LogSlice> reading, Optional<LocationId> location) {
        return reading instanceof Reading.NotYet<LogSlice>(var visible)
                ? Reply.refusal(Answers.diverged(visible))
                : Answers.written(
                        reading,
                        "after",
                        Problems.unknownCatalog(),
                        (version, slice) -> json(version, slice, location));
    }

    /// The fields of [#head], `origin` where it is another, and `entries` and `more` after them.
    private byte[] json(Version visible, LogSlice slice, Optional<LocationId> location) {
        var fields = head(visible, slice.history());
        slice.origin().ifPresent(origin -> fields.put("origin", origin.text()));
        location.ifPresent(place -> fields.set("scope", FollowedScope.json(place)));
        var head = Json.text(fields);
        var entries = slice.entries().stream()
                .map(entry -> written.of(entry, location))
                .toList();
        var json = new ByteArrayOutputStream(
                128 + entries.stream().mapToInt(entry -> entry.length + 1).sum());
        json.writeBytes(utf8(head.substring(0, head.length() - 1) + ",\"entries\":["));
        for (var i = 0; i < entries.size(); i++) {
            if (i > 0) {
                json.write(',');
            }
            json.writeBytes(entries.get(i));
        }
        json.writeBytes(utf8("],\"more\":" + slice.more() + "}"));
        return json.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode json(Version visible, Findings findings) {
        var json = head(visible, findings.history());
        var entries = json.putArray("entries");
        findings.entries().forEach(entry -> entries.add(LogJson.write(entry)));
        return json.put("more", findings.more())
                .put("scannedTo", findings.scannedTo().number());
    }

    private static ObjectNode head(Version visible, HistoryId history) {
        return Json.object().put("version", visible.number()).put("history", history.text());
    }
}
