package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.LocalView;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Digest;
import dev.storemesh.protocol.object.DigestJson;
import dev.storemesh.protocol.object.ObjectJson;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Objects at any version: one, a page of them, a page of those that changed.
final class ObjectRoutes {
    private static final String CATALOG = "/api/v1/catalogs/{catalog}";
    private static final Problem UNKNOWN_OBJECT =
            Problem.of(404, "unknown_object", "There is no such object at this version.");

    private static final long BUCKETS = 64;
    private static final int OBJECT_BYTES = 600; // about what one takes in JSON

    private final CallCatalogs catalogs;
    private final Supplier<PageTokens> pageTokens;

    ObjectRoutes(CallCatalogs catalogs, Supplier<PageTokens> pageTokens) {
        this.catalogs = catalogs;
        this.pageTokens = pageTokens;
    }

    List<Endpoint> endpoints() {
        var reader = Admission.to(Permission.READ);
        return List.of(
                Endpoint.get(CATALOG + "/objects/{token}", reader, this::object)
                        .taking("version", "local", "at", "location", "pending")
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ),
                Endpoint.get(CATALOG + "/objects", reader, this::page)
                        .taking("type", "version", "local", "at", "location", "pending", "limit", "page")
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ),
                Endpoint.get(CATALOG + "/changes", reader, this::changes)
                        .taking("since", "sinceLocal", "type", "version", "local", "at", "location", "limit", "page")
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ),
                Endpoint.get(CATALOG + "/digest", Admission.to(Permission.FOLLOW), this::digest)
                        .taking("version", "at", "buckets", "bucket", FollowedScope.PARAMETER)
                        .answering(200, 413)
                        .under(Endpoint.Transaction.READ),
                Endpoint.get(CATALOG + "/export", reader, this::export)
                        .taking("type", "version", "local", "at", "location")
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ));
    }

    private CompletionStage<Reply> object(Call call) {
        var token = call.path("token", ObjectToken::new);
        var scope = scope(call);
        return Pinned.of(catalogs.visible(), call.catalog(), call)
                .thenCompose(pinned -> NoAnswerException.of(
                                catalogs.of(call, pinned).object(call.catalog(), token, pinned.version(), scope))
                        .thenApply(reading -> pinned.on(Answers.written(
                                reading,
                                "version",
                                UNKNOWN_OBJECT,
                                (at, view) -> Json.bytes(OBJECT_BYTES, json -> ObjectJson.write(json, view))))));
    }

    private CompletionStage<Reply> page(Call call) {
        return Paging.of(pageTokens.get(), "objects", call.catalog(), call)
                .at(catalogs.visible())
                .thenCompose(paging -> NoAnswerException.of(
                                catalogs.of(call, paging.pinned()).page(paging.catalog(), query(paging)))
                        .thenApply(reading -> paging.pinned()
                                .on(Answers.written(
                                        reading, "version", UNKNOWN_OBJECT, (at, slice) -> json(paging, at, slice)))));
    }

    private CompletionStage<Reply> changes(Call call) {
        var asked = Paging.of(pageTokens.get(), "changes", call.catalog(), call);
        var since = asked.asked()
                .number("since", 0, Long.MAX_VALUE)
                .map(Version::new)
                .orElseThrow(() -> Call.invalidParameter("since", "since: missing (expected: a version)"));
        var sinceLocal = asked.asked().number("sinceLocal", 0, Long.MAX_VALUE);
        if (sinceLocal.isEmpty() && call.query("local").isPresent()) {
            throw Call.invalidParameter("local", "local: without `sinceLocal` (expected: both or none)");
        }
        return asked.at(catalogs.visible()).thenCompose(paging -> {
            checkOrder(paging, since);
            return sinceLocal
                    .map(local -> changes(paging, new LocalView(since, local)))
                    .orElseGet(() -> changes(paging.ofHq(), since));
        });
    }

    private static void checkOrder(Paging paging, Version since) {
        if (paging.version().filter(since::isAfter).isPresent()) {
            throw Call.invalidParameter("since", "since: " + since + " (expected: at most the version that is read)");
        }
    }

    /// Of what a store sees.
    private CompletionStage<Reply> changes(Paging paging, LocalView since) {
        return Pinned.checked(catalogs.visible(), paging.catalog(), since.local(), "sinceLocal")
                .thenCompose(known -> reply(
                        paging,
                        catalogs.of(paging.asked(), paging.pinned().local())
                                .changes(paging.catalog(), since, query(paging))));
    }

    /// Of what HQ knows.
    private CompletionStage<Reply> changes(Paging paging, Version since) {
        return reply(paging, catalogs.of(paging.asked()).changes(paging.catalog(), since, query(paging)));
    }

    private static CompletionStage<Reply> reply(Paging paging, CompletionStage<Reading<Slice>> reading) {
        var blamed = paging.version().isPresent() ? "version" : "since";
        return NoAnswerException.of(reading)
                .thenApply(found -> paging.pinned()
                        .on(Answers.written(found, blamed, UNKNOWN_OBJECT, (at, slice) -> json(paging, at, slice))));
    }

    /// Of what HQ knows at a version, also at a store: so that both can be held against each other.
    private CompletionStage<Reply> digest(Call call) {
        var buckets =
                call.number("buckets", 1, Digest.MAX_BUCKETS).orElse(BUCKETS).intValue();
        var inDetail = call.query("bucket", DigestJson::buckets);
        inDetail.filter(asked -> asked.stream().anyMatch(bucket -> bucket >= buckets))
                .ifPresent(asked -> {
                    throw Call.invalidParameter(
                            "bucket", "bucket: above " + (buckets - 1) + " (expected: less than buckets)");
                });
        var location = call.query(FollowedScope.PARAMETER, LocationId::new);
        return FollowedScope.needed(catalogs.visible(), call, location)
                .thenCompose(held -> Pinned.of(catalogs.visible(), call.catalog(), call))
                .thenCompose(pinned -> digests(call, pinned.version(), buckets, inDetail.orElse(Set.of()), location))
                .thenApply(reading -> Answers.of(reading, "version", UNKNOWN_OBJECT, (version, summed) -> {
                    var json = Json.object().put("version", version.number());
                    location.ifPresent(place -> json.set("scope", FollowedScope.json(place)));
                    DigestJson.write(json.putArray("digests"), summed.digest());
                    inDetail.ifPresent(asked -> {
                        var objects = json.putArray("objects");
                        summed.objects()
                                .forEach((object, digest) -> DigestJson.write(
                                        objects.addObject()
                                                .put("object", object.text())
                                                .putArray("digests"),
                                        digest));
                    });
                    return json;
                }));
    }

    private CompletionStage<Reading<CatalogDigests.Summed>> digests(
            Call call, Optional<Version> version, int buckets, Set<Integer> inDetail, Optional<LocationId> location) {
        try {
            return CatalogDigests.of(catalogs.of(call), call.catalog(), version, buckets, inDetail, location);
        } catch (IllegalArgumentException e) {
            throw Call.invalidParameter("buckets", String.valueOf(e.getMessage()));
        }
    }

    private CompletionStage<Reply> export(Call call) {
        return Pinned.of(catalogs.visible(), call.catalog(), call).thenCompose(pinned -> export(call, pinned));
    }

    private CompletionStage<Reply> export(Call call, Pinned pinned) {
        var export = new Export(
                catalogs.of(call, pinned.local()),
                call.catalog(),
                new Selection(call.query("type", TypeName::new), scope(call), Map.of()));
        return export.first(pinned.version())
                .<Reply>thenApply(reading -> {
                    if (reading instanceof Reading.Found<Slice>(var version, var first)) {
                        return new Reply.Lines(
                                Map.of("Storemesh-Version", version.toString()), export.lines(version, first));
                    }
                    return Answers.of(reading, "version", UNKNOWN_OBJECT, (at, slice) -> Json.object());
                })
                .thenApply(pinned::on);
    }

    private static PageQuery query(Paging paging) {
        var type = paging.asked().query("type", TypeName::new);
        return new PageQuery(
                new Selection(type, scope(paging.asked()), Map.of()),
                Order.PAGE_KEY,
                paging.version(),
                paging.last().map(ObjectToken::new),
                paging.limit());
    }

    private static Scope scope(Call call) {
        return Scope.of(call.query("location", LocationId::new));
    }

    private static byte[] json(Paging paging, Version version, Slice slice) {
        return Json.bytes(OBJECT_BYTES * (slice.objects().size() + 1), json -> {
            json.writeStartObject();
            json.writeNumberField("version", version.number());
            if (paging.pinned().local().isPresent()) {
                json.writeNumberField("local", paging.pinned().local().get());
            }
            json.writeArrayFieldStart("objects");
            for (var view : slice.objects()) {
                ObjectJson.write(json, view);
            }
            json.writeEndArray();
            if (slice.more()) {
                json.writeStringField(
                        "next",
                        paging.next(version, slice.objects().getLast().object().text()));
            }
            json.writeEndObject();
        });
    }
}
