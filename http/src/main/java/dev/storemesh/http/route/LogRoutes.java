package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.LogQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSlice;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.log.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// The log: every version whole, for audits and followers. With `wait` the answer comes as soon as there is an entry.
final class LogRoutes {
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_WAIT_SECONDS = 30;

    private final CatalogPort catalogs;

    LogRoutes(CatalogPort catalogs) {
        this.catalogs = catalogs;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/api/v1/catalogs/{catalog}/log", Admission.to(Permission.READ), this::log)
                .taking("after", "limit", "wait", "chain")
                .answering(200, 409)
                .within(Duration.ofSeconds(MAX_WAIT_SECONDS + 15)));
    }

    private CompletionStage<Reply> log(Call call) {
        var query = new LogQuery(
                new Version(call.number("after", 0, Long.MAX_VALUE).orElse(0L)),
                call.number("limit", 1, MAX_LIMIT).orElse(100L).intValue(),
                Duration.ofSeconds(call.number("wait", 0, MAX_WAIT_SECONDS).orElse(0L)),
                call.query("chain", ChainHash::new));
        return NoAnswerException.of(catalogs.log(call.catalog(), query)).thenApply(LogRoutes::reply);
    }

    /// A follower that is ahead of this log has followed another one.
    private static Reply reply(Reading<LogSlice> reading) {
        return reading instanceof Reading.NotYet<LogSlice>(var visible)
                ? Reply.refusal(Answers.diverged(visible))
                : Answers.of(reading, "after", Problems.unknownCatalog(), LogRoutes::json);
    }

    private static ObjectNode json(Version visible, LogSlice slice) {
        var json = Json.object()
                .put("version", visible.number())
                .put("history", slice.history().text());
        var entries = json.putArray("entries");
        slice.entries().forEach(entry -> entries.add(LogJson.write(entry)));
        return json.put("more", slice.more());
    }
}
