package dev.storemesh.ops.bench.eav;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.http.route.Admission;
import dev.storemesh.http.route.Call;
import dev.storemesh.http.route.Endpoint;
import dev.storemesh.http.route.Reply;
import dev.storemesh.ops.bench.eav.Thing.Found;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.page.PageCursor;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Value.Moment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/// The routes that are measured, as Storemesh has them, without views of one location, and writes of global values.
/// Queries are those that are
/// measured, too: one word, or one equal value sorted by one number. JSON is written straight from the rows.
final class EavRoutes {
    private static final String CATALOG = "/api/v1/catalogs/{catalog}";
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    private static final int MOST = 1000;

    private final EavTables tables;
    private final EavReads reads;
    private final Names names;
    private final PageTokens pageTokens;
    private final Executor blocking;

    /// @param blocking where statements wait for the database: never a thread of the HTTP server
    EavRoutes(EavTables tables, PageTokens pageTokens, Executor blocking) {
        this.tables = tables;
        this.reads = tables.reads();
        this.names = tables.names();
        this.pageTokens = pageTokens;
        this.blocking = blocking;
    }

    List<Endpoint> endpoints() {
        return List.of(
                new Endpoint(
                        "GET",
                        "/health/ready",
                        Admission.NOBODY_NEEDED,
                        Set.of(),
                        Endpoint.Body.NONE,
                        Set.of(200),
                        call -> CompletableFuture.completedFuture(Reply.empty(200))),
                get(CATALOG + "/objects/{token}", this::object, "version"),
                get(CATALOG + "/objects", this::page, "version", "limit", "page"),
                get(CATALOG + "/changes", this::changes, "since", "version", "limit", "page"),
                get(CATALOG + "/objects/{token}/history", this::history, "limit"),
                get(CATALOG + "/objects/by/{definition}/{value}", this::byKey),
                new Endpoint(
                        "POST",
                        CATALOG + "/query",
                        Admission.to(Permission.READ),
                        Set.of(),
                        Endpoint.Body.REQUIRED,
                        Set.of(200, 422),
                        call -> CompletableFuture.supplyAsync(() -> handled(this::query, call), blocking)),
                new Endpoint(
                        "PUT",
                        CATALOG,
                        Admission.to(Permission.WRITE),
                        Set.of(),
                        Endpoint.Body.OPTIONAL,
                        Set.of(201),
                        call -> CompletableFuture.supplyAsync(() -> handled(this::make, call), blocking)),
                new Endpoint(
                        "POST",
                        CATALOG + "/writes",
                        Admission.to(Permission.WRITE),
                        Set.of(),
                        Endpoint.Body.REQUIRED,
                        Set.of(200, 404, 422),
                        call -> CompletableFuture.supplyAsync(() -> handled(this::write, call), blocking)));
    }

    @FunctionalInterface
    private interface Handler {
        Reply answer(Call call) throws SQLException, IOException;
    }

    private Endpoint get(String template, Handler handler, String... parameters) {
        return new Endpoint(
                "GET",
                template,
                Admission.to(Permission.READ),
                Set.of(parameters),
                Endpoint.Body.NONE,
                Set.of(200, 404, 422),
                call -> CompletableFuture.supplyAsync(() -> handled(handler, call), blocking));
    }

    private static Reply handled(Handler handler, Call call) {
        try {
            return handler.answer(call);
        } catch (SQLException | IOException e) {
            throw new CompletionException(e);
        }
    }

    // Writes

    private Reply make(Call call) throws SQLException {
        tables.make(segment(call, "catalog"));
        return Reply.empty(201);
    }

    /// Without idempotency keys, answers to temporary names and preconditions.
    private Reply write(Call call) throws SQLException, IOException {
        var caller = call.caller().map(Principal::name).orElseThrow();
        var version = tables.write(catalog(call), tables.parse(call.body()), caller);
        var bytes = new ByteArrayOutputStream(64);
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("version", version);
            json.writeEndObject();
        }
        return at(version, bytes);
    }

    // Reads

    private Reply object(Call call) throws SQLException, IOException {
        var token = segment(call, "token");
        var version = number(call.query(), "version");
        var found = version.isPresent()
                ? reads.object(catalog(call), token, version.get())
                : reads.object(catalog(call), token);
        return one(found, version.orElse(found.visible()));
    }

    private Reply byKey(Call call) throws SQLException, IOException {
        var definition = names.definition(segment(call, "definition"))
                .orElseThrow(() -> refused(422, "not_unique_attribute", "There is no such attribute."));
        var found = reads.byKey(catalog(call), definition, Folding.fold(segment(call, "value")));
        return one(found, found.visible());
    }

    private Reply page(Call call) throws SQLException, IOException {
        var place = place("objects", call);
        var version = place.version();
        var catalog = catalog(call);
        var found = version.isPresent()
                ? reads.page(catalog, version.get(), place.after(), place.limit() + 1)
                : reads.page(catalog, place.after(), place.limit() + 1);
        return some(found, version.orElse(found.visible()), place);
    }

    private Reply changes(Call call) throws SQLException, IOException {
        var place = place("changes", call);
        var since = number(place.parameters(), "since")
                .orElseThrow(() -> refused(400, "invalid_parameter", "since: missing (expected: a version)"));
        var version = place.version();
        var catalog = catalog(call);
        var found = version.isPresent()
                ? reads.changes(catalog, since, version.get(), place.after(), place.limit() + 1)
                : reads.changes(catalog, since, place.after(), place.limit() + 1);
        return some(found, version.orElse(found.visible()), place);
    }

    private Reply query(Call call) throws SQLException, IOException {
        var body = call.body();
        var limit = Math.clamp(body.path("limit").asInt(100), 1, MOST);
        for (var filter : body.path("filter").path("and")) {
            var definition = names.definition(filter.path("attribute").asText());
            if (definition.isPresent() && filter.has("word") && !body.has("sort")) {
                var word = Folding.fold(filter.path("word").asText());
                return hits(reads.word(catalog(call), definition.get(), word, limit + 1), call, body, limit);
            }
            var sort =
                    names.definition(body.path("sort").path(0).path("attribute").asText());
            if (definition.isPresent() && sort.isPresent() && filter.has("equal")) {
                var value = filter.path("equal").asText();
                var found = reads.equalSorted(catalog(call), definition.get(), value, sort.get(), limit + 1);
                return hits(found, call, body, limit);
            }
        }
        throw refused(422, "invalid_query", "Only the queries that are measured can be answered here.");
    }

    private Reply history(Call call) throws SQLException, IOException {
        return reads.<Reply, IOException>history(catalog(call), segment(call, "token"), this::history);
    }

    // Where a read stands

    private record Place(
            String kind,
            String catalog,
            Map<String, String> parameters,
            Optional<Long> version,
            long after,
            int limit) {}

    private Place place(String kind, Call call) {
        var page = Optional.ofNullable(call.query().get("page"));
        var limit = number(call.query(), "limit").orElse(100L);
        if (limit < 1 || limit > MOST) {
            throw refused(400, "invalid_parameter", "limit: " + limit + " (expected: 1 to " + MOST + ")");
        }
        var catalog = segment(call, "catalog");
        if (page.isEmpty()) {
            return new Place(kind, catalog, call.query(), number(call.query(), "version"), -1, limit.intValue());
        }
        var cursor = pageTokens.read(page.get(), kind, new CatalogId(catalog));
        return new Place(
                kind,
                catalog,
                cursor.parameters(),
                Optional.of(cursor.version().number()),
                Long.parseLong(cursor.last()),
                limit.intValue());
    }

    private static Optional<Long> number(Map<String, String> parameters, String name) {
        try {
            return Optional.ofNullable(parameters.get(name)).map(Long::valueOf);
        } catch (NumberFormatException e) {
            throw refused(400, "invalid_parameter", name + ": " + parameters.get(name) + " (expected: a whole number)");
        }
    }

    private int catalog(Call call) {
        return names.catalog(segment(call, "catalog"))
                .orElseThrow(() -> refused(404, "unknown_catalog", "There is no such catalog."));
    }

    private static String segment(Call call, String name) {
        return Optional.ofNullable(call.path().get(name)).orElseThrow();
    }

    // Answers

    private Reply one(Found found, long version) throws IOException {
        checkThere(found, version);
        if (found.things().isEmpty() || !found.things().getFirst().holds(version)) {
            return Reply.refusal(Problem.of(404, "unknown_object", "There is no such object at this version.")
                    .header("Storemesh-Version", Long.toString(version)));
        }
        var bytes = new ByteArrayOutputStream(1024);
        try (var json = JSON.createGenerator(bytes)) {
            found.things().getFirst().write(json, names, version);
        }
        return at(version, bytes);
    }

    private Reply some(Found found, long version, Place place) throws IOException {
        var parameters = new HashMap<>(place.parameters());
        parameters.keySet().removeAll(Set.of("limit", "page", "version"));
        return list(found, version, place.limit(), place.kind(), place.catalog(), parameters);
    }

    private Reply hits(Found found, Call call, JsonNode body, int limit) throws IOException {
        return list(
                found,
                found.visible(),
                limit,
                "query",
                segment(call, "catalog"),
                Map.of("body", Integer.toHexString(body.hashCode())));
    }

    private Reply list(
            Found found, long version, int limit, String kind, String catalog, Map<String, String> parameters)
            throws IOException {
        checkThere(found, version);
        var things = found.things();
        var shown = things.subList(0, Math.min(limit, things.size()));
        var bytes = new ByteArrayOutputStream(64 + 700 * shown.size());
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("version", version);
            json.writeArrayFieldStart("objects");
            for (var thing : shown) {
                thing.write(json, names, version);
            }
            json.writeEndArray();
            if (things.size() > limit) {
                var last = Long.toString(shown.getLast().id());
                json.writeStringField(
                        "next",
                        pageTokens.write(
                                new PageCursor(kind, new CatalogId(catalog), new Version(version), parameters, last)));
            }
            json.writeEndObject();
        }
        return at(version, bytes);
    }

    private Reply history(ResultSet rows) throws SQLException, IOException {
        var bytes = new ByteArrayOutputStream(4096);
        var visible = 0L;
        try (var json = JSON.createGenerator(bytes)) {
            var entry = -1L;
            var ended = false;
            while (rows.next()) {
                if (entry < 0) {
                    visible = rows.getLong(1);
                    if (rows.getString(2) == null) {
                        throw refused(404, "unknown_object", "There is no such object at this version.");
                    }
                    json.writeStartObject();
                    json.writeNumberField("version", visible);
                    json.writeStringField("object", rows.getString(2));
                    json.writeFieldName("type");
                    json.writeString(names.type(rows.getInt(3)));
                    json.writeArrayFieldStart("entries");
                }
                if (rows.getLong(5) != entry) {
                    if (entry >= 0) {
                        endEntry(json, ended);
                    }
                    entry = rows.getLong(5);
                    ended = false;
                    beginEntry(json, rows);
                }
                if (rows.getBoolean(11) && !ended) {
                    ended = true;
                    json.writeEndArray();
                    json.writeArrayFieldStart("ended");
                }
                Thing.write(json, names, rows.getInt(12), rows.getString(13), rows.getString(14), rows.getLong(15));
            }
            endEntry(json, ended);
            json.writeEndArray();
            json.writeEndObject();
        }
        return at(visible, bytes);
    }

    private static void beginEntry(JsonGenerator json, ResultSet rows) throws SQLException, IOException {
        json.writeStartObject();
        json.writeNumberField("version", rows.getLong(5));
        var at = rows.getObject(6, OffsetDateTime.class).toInstant();
        json.writeStringField("at", Moment.format(at));
        json.writeStringField("caller", rows.getString(7));
        optional(json, "app", rows, 8);
        optional(json, "store", rows, 9);
        optional(json, "reason", rows, 10);
        json.writeBooleanField("deleted", Thing.end(rows, 4) == rows.getLong(5));
        json.writeArrayFieldStart("set");
    }

    private static void optional(JsonGenerator json, String name, ResultSet rows, int column)
            throws SQLException, IOException {
        var text = rows.getString(column);
        if (text != null) {
            json.writeStringField(name, text);
        }
    }

    private static void endEntry(JsonGenerator json, boolean ended) throws IOException {
        json.writeEndArray();
        if (!ended) {
            json.writeArrayFieldStart("ended");
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void checkThere(Found found, long version) {
        if (version > found.visible()) {
            throw refused(
                    400, "invalid_parameter", "version: not there yet (expected: at most " + found.visible() + ")");
        }
    }

    private static Reply at(long version, ByteArrayOutputStream json) {
        return Reply.json(200, json.toByteArray()).with("Storemesh-Version", Long.toString(version));
    }

    private static ProblemException refused(int status, String code, String detail) {
        return new ProblemException(Problem.of(status, code, detail));
    }
}
