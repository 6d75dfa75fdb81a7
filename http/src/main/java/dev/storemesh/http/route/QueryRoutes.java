package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.CatalogPort.QueryPage;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectJson;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.page.PageCursor;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.query.Query;
import dev.storemesh.protocol.query.QueryAnswer;
import dev.storemesh.protocol.query.QueryJson;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value.Moment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Objects by what they hold: queries, reports about a group of locations, and the one object that has a unique
/// value.
final class QueryRoutes {
    private static final String CATALOG = "/api/v1/catalogs/{catalog}";
    private static final String KIND = "query";
    private static final String DIGEST = "digest";
    /// About how many bytes an object takes.
    private static final int OBJECT_BYTES = 1024;
    private static final Set<String> OF_THE_PAGE = Set.of("page", "limit", "version", "local");
    private static final Problem NO_HOLDER =
            Problem.of(404, "unknown_object", "No object has this value at this version.");

    private final CallCatalogs catalogs;
    private final Supplier<PageTokens> pageTokens;

    QueryRoutes(CallCatalogs catalogs, Supplier<PageTokens> pageTokens) {
        this.catalogs = catalogs;
        this.pageTokens = pageTokens;
    }

    List<Endpoint> endpoints() {
        var reader = Admission.to(Permission.READ);
        return List.of(
                Endpoint.post(CATALOG + "/query", reader, Endpoint.Body.REQUIRED, this::query)
                        .answering(200, 409, 422)
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ),
                Endpoint.get(CATALOG + "/objects/by/{definition}/{value}", reader, this::objectBy)
                        .taking("version", "local", "at", "location", "pending")
                        .answering(200, 422)
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ));
    }

    private CompletionStage<Reply> objectBy(Call call) {
        var definition = call.path("definition", DefinitionName::new);
        var scope = Scope.of(call.query("location", LocationId::new));
        return Pinned.of(catalogs.visible(), call.catalog(), call)
                .thenCompose(pinned -> NoAnswerException.of(catalogs.of(call, pinned)
                                .objectBy(call.catalog(), definition, call.path("value"), pinned.version(), scope))
                        .thenApply(reading -> pinned.on(Answers.written(
                                reading,
                                "version",
                                NO_HOLDER,
                                (at, view) -> Json.bytes(OBJECT_BYTES, json -> ObjectJson.write(json, view))))));
    }

    private CompletionStage<Reply> query(Call call) {
        var fields = call.fields();
        if (QueryJson.isReport(fields)) {
            if (call.principal().staffOf().isPresent()) {
                throw Call.forbidden("A report is about the locations of many stores, and this token is for one.");
            }
            return report(call, fields);
        }
        var scoped = scoped(call, fields);
        return objects(scoped, scoped.fields());
    }

    /// The call as that of one who names the location that it reads by.
    private static Call scoped(Call call, Fields fields) {
        if (call.principal().staffOf().isEmpty()) {
            return call;
        }
        var location = StaffScope.location(call, fields.optionalParsed("location", LocationId::new));
        var body = call.body().<ObjectNode>deepCopy();
        location.ifPresent(own -> body.put("location", own.text()));
        return call.with(body);
    }

    private CompletionStage<Reply> report(Call call, Fields fields) {
        var report = QueryJson.report(fields);
        var version = version(fields);
        var local = local(fields);
        var instant = moment(fields, version);
        fields.end();
        return Pinned.of(catalogs.visible(), call.catalog(), call, version, instant, local, "/local")
                .thenCompose(pinned -> NoAnswerException.of(
                                catalogs.of(call, pinned.local()).report(call.catalog(), report, pinned.version()))
                        .thenApply(reading -> pinned.on(Answers.of(
                                reading,
                                "/version",
                                NO_HOLDER,
                                (at, answer) -> Json.object()
                                        .put("version", at.number())
                                        .set("locations", QueryJson.write(answer))))));
    }

    private CompletionStage<Reply> objects(Call call, Fields fields) {
        var page = Page.of(pageTokens.get(), call, fields);
        fields.end();
        return page.at(catalogs.visible(), call)
                .thenCompose(one -> NoAnswerException.of(
                                catalogs.of(call, one.pinned()).query(one.catalog(), one.asked()))
                        .thenApply(reading -> one.pinned()
                                .on(Answers.written(
                                        reading, "/version", NO_HOLDER, (at, answer) -> json(one, at, answer)))));
    }

    private static byte[] json(Page page, Version version, QueryAnswer answer) {
        return Json.bytes(OBJECT_BYTES * (answer.objects().size() + 1), json -> {
            json.writeStartObject();
            json.writeNumberField("version", version.number());
            if (page.local().isPresent()) {
                json.writeNumberField("local", page.local().get());
            }
            json.writeArrayFieldStart("objects");
            for (var view : answer.objects()) {
                ObjectJson.write(json, view);
            }
            json.writeEndArray();
            if (answer.more()) {
                json.writeStringField(
                        "next", page.next(version, answer.objects().getLast().object()));
            }
            if (answer.total().isPresent()) {
                json.writeNumberField("total", answer.total().get());
            }
            if (!page.asked().query().facets().isEmpty()) {
                json.writeFieldName("facets");
                json.writeRawValue(QueryJson.facets(answer.facets()).toString());
            }
            json.writeEndObject();
        });
    }

    private static Optional<Version> version(Fields fields) {
        return fields.optionalNumber("version").map(number -> {
            if (number < 0) {
                throw fields.wrong("version", "a version, from 0 on");
            }
            return new Version(number);
        });
    }

    private static Optional<Long> local(Fields fields) {
        return fields.optionalNumber("local").map(number -> {
            if (number < 0) {
                throw fields.wrong("local", "a number, from 0 on");
            }
            return number;
        });
    }

    private static Optional<Instant> moment(Fields fields, Optional<Version> version) {
        var instant = fields.optionalParsed("at", Moment::parse);
        if (version.isPresent() && instant.isPresent()) {
            throw fields.wrong("at", "absent beside `version`");
        }
        return instant;
    }

    /// Which page of which query is asked for. A page token goes with the body of the first page, whose digest it
    /// carries, and pins the version; only `limit` is free on every page.
    private record Page(
            PageTokens tokens,
            CatalogId catalog,
            String digest,
            Optional<Instant> instant,
            Optional<Long> local,
            Optional<String> pending,
            QueryPage asked) {
        /// @throws MalformedInput `bad_page_token`, or naming the field that is not of the form
        static Page of(PageTokens tokens, Call call, Fields fields) {
            var catalog = call.catalog();
            var query = QueryJson.read(fields);
            var version = version(fields);
            var local = QueryRoutes.local(fields);
            var instant = moment(fields, version);
            var pending = fields.optionalText("pending");
            var digest = digest(call);
            var token = fields.optionalText("page");
            return token.isEmpty()
                    ? new Page(
                            tokens,
                            catalog,
                            digest,
                            instant,
                            local,
                            pending,
                            new QueryPage(query, version, Optional.empty()))
                    : after(cursor(tokens, token.get(), catalog), tokens, digest, query, version, local, pending);
        }

        private static PageCursor cursor(PageTokens tokens, String token, CatalogId catalog) {
            try {
                return tokens.read(token, KIND, catalog);
            } catch (MalformedInput e) {
                throw new MalformedInput(e.code(), "/page", String.valueOf(e.getMessage()));
            }
        }

        private static Page after(
                PageCursor cursor,
                PageTokens tokens,
                String digest,
                Query query,
                Optional<Version> version,
                Optional<Long> local,
                Optional<String> pending) {
            if (!digest.equals(cursor.parameters().get(DIGEST))
                    || version.filter(asked -> !asked.equals(cursor.version())).isPresent()
                    || local.isPresent() && !local.equals(cursor.local())) {
                throw new MalformedInput(PageTokens.BAD, "/page", "The page token is of another query.");
            }
            var last = Optional.of(new ObjectToken(cursor.last()));
            return new Page(
                    tokens,
                    cursor.catalog(),
                    digest,
                    Optional.empty(),
                    cursor.local(),
                    pending,
                    new QueryPage(query, Optional.of(cursor.version()), last));
        }

        /// The same at the version that an instant stands for, or that is the newest at a store.
        CompletionStage<Page> at(CatalogPort catalogs, Call call) {
            return asked.after().isPresent()
                    ? CompletableFuture.completedStage(this)
                    : pinnedAt(catalogs, call)
                            .thenApply(found -> new Page(
                                    tokens,
                                    catalog,
                                    digest,
                                    instant,
                                    found.local(),
                                    pending,
                                    new QueryPage(asked.query(), found.version(), asked.after())));
        }

        private CompletionStage<Pinned> pinnedAt(CatalogPort catalogs, Call call) {
            return pending.map(include -> Pinned.pending(
                            catalogs,
                            catalog,
                            call,
                            include,
                            asked.version().isEmpty() && instant.isEmpty() && local.isEmpty(),
                            "/pending"))
                    .orElseGet(() -> Pinned.of(catalogs, catalog, call, asked.version(), instant, local, "/local"));
        }

        Pinned pinned() {
            return new Pinned(asked.version(), local, pending.isPresent());
        }

        private static String digest(Call call) {
            var body = call.body().<ObjectNode>deepCopy();
            body.remove(OF_THE_PAGE);
            return Digest.of(body);
        }

        String next(Version readAt, ObjectToken last) {
            return tokens.write(new PageCursor(KIND, catalog, readAt, local, Map.of(DIGEST, digest), last.text()));
        }
    }
}
