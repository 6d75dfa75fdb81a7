package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogPort.HistoryQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogQuery;
import dev.storemesh.protocol.catalog.CatalogPort.LogSlice;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogPlace;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.overrides.Overrides;
import dev.storemesh.protocol.overrides.SlotOverride;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.schema.Location;
import dev.storemesh.protocol.schema.SchemaRules;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LiteralJson;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Write;
import dev.storemesh.protocol.write.WriteJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Where stores differ from what is global: listed over a catalog, or side by side for one object; ended, and
/// made the same everywhere, by one write each. Read as HQ has it, at a store, too; ended as the store has it.
final class OverrideRoutes {
    private static final String CATALOG = "/api/v1/catalogs/{catalog}";
    private static final Problem UNKNOWN_OBJECT =
            Problem.of(404, "unknown_object", "There is no such object at this version.");
    private static final int MOST_VALUES = 100;

    private final CallCatalogs catalogs;
    private final CallWrites writes;
    private final Supplier<PageTokens> pageTokens;

    OverrideRoutes(CallCatalogs catalogs, CallWrites writes, Supplier<PageTokens> pageTokens) {
        this.catalogs = catalogs;
        this.writes = writes;
        this.pageTokens = pageTokens;
    }

    List<Endpoint> endpoints() {
        var reader = Admission.to(Permission.FOLLOW);
        var writer = Admission.to(Permission.WRITE, Permission.ASK);
        return List.of(
                Endpoint.get(CATALOG + "/overrides", reader, this::list)
                        .taking("attribute", "location", "type", "all", "version", "at", "limit", "page")
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ),
                Endpoint.get(CATALOG + "/objects/{token}/overrides", reader, this::show)
                        .taking("version", "at")
                        .answering(200, 409)
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ),
                Endpoint.get(CATALOG + "/missing", reader, this::missing)
                        .taking("location", "type", "version", "at", "limit", "page")
                        .answered(Endpoint.AtStore.HERE_AS_FAR_AS_HELD)
                        .under(Endpoint.Transaction.READ),
                Endpoint.post(CATALOG + "/overrides/clear", writer, Endpoint.Body.REQUIRED, this::clear)
                        .answering(200, 202, 404, 409, 422, 429)
                        .answered(Endpoint.AtStore.QUEUED)
                        .under(Endpoint.Transaction.WRITTEN),
                Endpoint.post(
                                CATALOG + "/overrides/set-everywhere",
                                writer,
                                Endpoint.Body.REQUIRED,
                                this::setEverywhere)
                        .answering(200, 202, 404, 409, 422, 429)
                        .answered(Endpoint.AtStore.QUEUED)
                        .under(Endpoint.Transaction.WRITTEN));
    }

    /// Which overrides are meant; what is not there does not matter.
    private record Filter(Optional<DefinitionName> attribute, Optional<LocationId> location) {
        private List<SlotOverride> in(ObjectView.Live object) {
            return Overrides.of(object).stream()
                    .filter(override ->
                            attribute.map(override.definition()::equals).orElse(true))
                    .filter(override ->
                            location.map(override.location()::equals).orElse(true))
                    .toList();
        }
    }

    // Over a catalog

    private CompletionStage<Reply> list(Call call) {
        return Paging.of(pageTokens.get(), "overrides", call.catalog(), call)
                .at(catalogs.visible())
                .thenApply(Paging::ofHq)
                .thenCompose(paging -> held(paging.asked(), paging))
                .thenCompose(paging -> {
                    var asked = paging.asked();
                    var filter = new Filter(
                            asked.query("attribute", DefinitionName::new), asked.query("location", LocationId::new));
                    var all = all(asked);
                    return scan(paging)
                            .collect(
                                    object -> filter.in(object).stream()
                                            .filter(override -> all || override.differs())
                                            .toList(),
                                    paging.limit())
                            .thenCompose(reading -> page(paging, reading));
                });
    }

    /// What a site can only tell that holds what is asked about: where it holds one location, that of this one
    /// alone.
    private CompletionStage<Paging> held(Call asked, Paging paging) {
        return FollowedScope.needed(catalogs.visible(), asked, asked.query("location", LocationId::new))
                .thenApply(held -> paging);
    }

    /// Whether those are asked for as well that repeat the global value.
    private static boolean all(Call call) {
        return call.query("all", text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("all: \"" + text + "\" (expected: true or false)");
                })
                .orElse(false);
    }

    private ObjectScan scan(Paging paging) {
        return new ObjectScan(
                catalogs.of(paging.asked()),
                paging.catalog(),
                paging.asked().query("type", TypeName::new),
                paging.version(),
                paging.last().map(ObjectToken::new));
    }

    private CompletionStage<Reply> page(Paging paging, Reading<ObjectScan.Part<SlotOverride>> reading) {
        if (!(reading instanceof Reading.Found<ObjectScan.Part<SlotOverride>>(var version, var part))) {
            return CompletableFuture.completedStage(
                    Answers.of(reading, "version", UNKNOWN_OBJECT, (at, found) -> Json.object()));
        }
        return writers(paging.asked(), version, part.found()).thenApply(writers -> {
            var json = Json.object().put("version", version.number());
            var list = json.putArray("overrides");
            part.found().forEach(override -> {
                var node = Json.object()
                        .put("object", override.object().text())
                        .put("type", override.type().text())
                        .put("attribute", override.definition().text());
                list.add(describe(node, override, writers));
            });
            part.last().ifPresent(last -> json.put("next", paging.next(version, last.text())));
            return Answers.at(version, 200, json);
        });
    }

    private static ObjectNode describe(ObjectNode node, SlotOverride override, Map<Version, Written> writers) {
        node.put("location", override.location().text());
        values(node.putArray("values"), override.own());
        values(node.putArray("global"), override.global());
        node.put("differs", override.differs())
                .put("version", override.version().number());
        var written = Optional.ofNullable(writers.get(override.version()));
        written.ifPresent(by -> {
            node.put("at", Moment.format(by.at())).put("caller", by.provenance().caller());
            by.provenance().store().ifPresent(store -> node.put("store", store.text()));
            by.provenance().reason().ifPresent(reason -> node.put("reason", reason));
        });
        return node;
    }

    private static void values(ArrayNode array, List<Row> rows) {
        rows.forEach(row -> array.add(LiteralJson.write(row.attribute().value().literal())));
    }

    /// Who wrote the versions of these, as the objects' histories say.
    private CompletionStage<Map<Version, Written>> writers(Call call, Version at, List<SlotOverride> overrides) {
        var asked = new LinkedHashMap<Version, ObjectToken>();
        overrides.forEach(override -> asked.putIfAbsent(override.version(), override.object()));
        var port = catalogs.of(call);
        CompletionStage<Map<Version, Written>> all = CompletableFuture.completedStage(new HashMap<>());
        for (var one : asked.entrySet()) {
            var query = new HistoryQuery(
                    Optional.empty(),
                    Scope.all(),
                    Optional.of(at),
                    Optional.of(one.getKey().previous()),
                    1);
            all = all.thenCombine(
                    NoAnswerException.of(port.history(call.catalog(), one.getValue(), query)), (known, reading) -> {
                        if (reading instanceof Reading.Found<ObjectHistory>(var version, var history)) {
                            history.entries()
                                    .forEach(entry -> known.put(entry.step().version(), entry.written()));
                        }
                        return known;
                    });
        }
        return all;
    }

    private CompletionStage<Reply> missing(Call call) {
        return Paging.of(pageTokens.get(), "missing", call.catalog(), call)
                .at(catalogs.visible())
                .thenApply(Paging::ofHq)
                .thenCompose(paging -> held(paging.asked(), paging))
                .thenCompose(paging -> locations(paging.asked(), paging.version())
                        .thenCompose(locations -> missing(paging, locations)));
    }

    private CompletionStage<Reply> missing(Paging paging, List<LocationId> locations) {
        var location = paging.asked()
                .query("location", LocationId::new)
                .orElseThrow(() -> Call.invalidParameter("location", "location: missing (expected: a location)"));
        if (!locations.contains(location)) {
            throw Call.invalidParameter(
                    "location", "location: \"" + location + "\" (expected: a location of this catalog)");
        }
        return scan(paging)
                .collect(
                        object -> Overrides.missing(object, locations).contains(location)
                                ? List.of(object)
                                : List.<ObjectView.Live>of(),
                        paging.limit())
                .thenApply(reading -> Answers.of(reading, "version", UNKNOWN_OBJECT, (version, part) -> {
                    var json = Json.object().put("version", version.number());
                    var list = json.putArray("objects");
                    part.found()
                            .forEach(object -> list.addObject()
                                    .put("object", object.object().text())
                                    .put("type", object.type().text()));
                    part.last().ifPresent(last -> json.put("next", paging.next(version, last.text())));
                    return json;
                }));
    }

    private CompletionStage<List<LocationId>> locations(Call call, Optional<Version> version) {
        return NoAnswerException.of(catalogs.of(call).schema(call.catalog(), version))
                .thenApply(reading -> reading instanceof Reading.Found<SchemaView>(var at, var view)
                        ? SchemaRules.read(view.schemaObjects()).locations().stream()
                                .map(Location::id)
                                .sorted()
                                .toList()
                        : List.of());
    }

    // One object

    private CompletionStage<Reply> show(Call call) {
        var token = call.path("token", ObjectToken::new);
        return FollowedScope.needed(catalogs.visible(), call, Optional.empty())
                .thenCompose(held -> Pinned.of(catalogs.visible(), call.catalog(), call))
                .thenCompose(pinned -> NoAnswerException.of(
                        catalogs.of(call).object(call.catalog(), token, pinned.version(), Scope.all())))
                .thenCompose(reading -> reading instanceof Reading.Found<ObjectView.Live>(var version, var object)
                        ? sideBySide(call, version, object)
                        : CompletableFuture.completedStage(
                                Answers.of(reading, "version", UNKNOWN_OBJECT, (at, found) -> Json.object())));
    }

    private CompletionStage<Reply> sideBySide(Call call, Version version, ObjectView.Live object) {
        var overrides = Overrides.of(object);
        return writers(call, version, overrides).thenCombine(locations(call, Optional.of(version)), (writers, all) -> {
            var json = Json.object()
                    .put("version", version.number())
                    .put("object", object.object().text())
                    .put("type", object.type().text());
            var byDefinition = overrides.stream()
                    .collect(Collectors.groupingBy(SlotOverride::definition, LinkedHashMap::new, Collectors.toList()));
            var attributes = json.putArray("attributes");
            object.rows().stream()
                    .map(row -> row.attribute().definition())
                    .distinct()
                    .forEach(definition -> {
                        var node = attributes.addObject().put("attribute", definition.text());
                        values(
                                node.putArray("global"),
                                object.rows().stream()
                                        .filter(row -> row.attribute()
                                                        .definition()
                                                        .equals(definition)
                                                && row.attribute().location().isEmpty())
                                        .toList());
                        var own = node.putArray("overrides");
                        byDefinition
                                .getOrDefault(definition, List.of())
                                .forEach(override -> own.add(describe(Json.object(), override, writers)));
                    });
            var missing = json.putArray("missingAt");
            Overrides.missing(object, all).forEach(location -> missing.add(location.text()));
            return Answers.at(version, 200, json);
        });
    }

    // Changes

    private CompletionStage<Reply> clear(Call call) {
        writes.admit(call);
        var fields = call.fields();
        var objects = objects(fields);
        var filter = new Filter(
                fields.optionalParsed("attribute", DefinitionName::new),
                StaffScope.location(call, fields.optionalParsed("location", LocationId::new)));
        var type = fields.optionalParsed("type", TypeName::new);
        var reason = call.reason(fields);
        fields.end();
        if (objects.isEmpty()
                && filter.attribute().isEmpty()
                && filter.location().isEmpty()) {
            throw fields.wrong("attribute", "there, or `location` or `objects`: not every override at once");
        }
        return FollowedScope.needed(catalogs.visible(), call, filter.location())
                .thenCompose(held -> Pinned.of(catalogs.visible(), call.catalog(), call))
                .thenCompose(pinned -> {
                    var scan = new ObjectScan(
                            catalogs.of(call, pinned.local()),
                            call.catalog(),
                            type,
                            pinned.version(),
                            Optional.empty());
                    return objects.isEmpty()
                            ? scan.all(filter::in, WriteJson.MAX_OPERATIONS)
                            : scan.among(objects, filter::in);
                })
                .thenCompose(reading -> reading instanceof Reading.Found<List<SlotOverride>>(var at, var overrides)
                        ? write(call, reason, at, Overrides.clearing(overrides), overrides.size())
                        : CompletableFuture.completedStage(
                                Answers.of(reading, "version", UNKNOWN_OBJECT, (at, none) -> Json.object())));
    }

    private static Set<ObjectToken> objects(Fields fields) {
        var objects = new LinkedHashSet<>(fields.list("objects", (node, pointer) -> {
            if (!node.isTextual()) {
                throw fields.wrong("objects", "an array of tokens");
            }
            return fields.translate("objects", node.textValue(), ObjectToken::new);
        }));
        if (objects.size() > WriteJson.MAX_OPERATIONS) {
            throw fields.wrong("objects", "an array of at most " + WriteJson.MAX_OPERATIONS + " tokens");
        }
        return objects;
    }

    private CompletionStage<Reply> setEverywhere(Call call) {
        writes.admit(call);
        var fields = call.fields();
        var object = fields.parsed("object", ObjectToken::new);
        var attribute = fields.parsed("attribute", DefinitionName::new);
        List<Literal> values = fields.list("values", LiteralJson::read);
        var reason = call.reason(fields);
        fields.end();
        if (values.isEmpty() || values.size() > MOST_VALUES) {
            throw fields.wrong("values", "an array of 1 to " + MOST_VALUES + " values");
        }
        return FollowedScope.needed(catalogs.visible(), call, Optional.empty())
                .thenCompose(held -> NoAnswerException.of(
                        catalogs.of(call).object(call.catalog(), object, Optional.empty(), Scope.all())))
                .thenCompose(reading -> {
                    if (!(reading instanceof Reading.Found<ObjectView.Live>(var version, var view))) {
                        return CompletableFuture.completedStage(
                                Answers.of(reading, "version", UNKNOWN_OBJECT, (at, found) -> Json.object()));
                    }
                    var overrides = new Filter(Optional.of(attribute), Optional.empty()).in(view);
                    var operations = Overrides.everywhere(view, attribute, values);
                    return write(call, reason, version, operations, overrides.size());
                });
    }

    /// One write, and how many overrides it ended. Where there is nothing to be done, nothing is written, unless a
    /// former answer may be known by the request's key.
    private CompletionStage<Reply> write(
            Call call, Optional<String> reason, Version at, List<Operation> operations, int ended) {
        if (operations.size() > WriteJson.MAX_OPERATIONS) {
            return CompletableFuture.completedStage(
                    Answers.of(Answer.refuse(new Refusal.TooLarge("objects", WriteJson.MAX_OPERATIONS))));
        }
        if (operations.isEmpty() && call.idempotencyKey().isEmpty()) {
            return CompletableFuture.completedStage(Answers.at(
                    at, 200, Json.object().put("version", at.number()).put("ended", 0)));
        }
        var write = new Write(
                operations,
                call.provenance().withReason(reason).withKey(call.idempotencyKey()),
                call.digestOf("overrides"),
                Optional.empty(),
                Optional.of(call.principal().role().wireName()));
        return writes.checked(call, operations, () -> writes.write(call, write)).thenCompose(answer -> switch (answer) {
            case Answer.Accepted made
            when made.replayed() -> endedBy(call, made.version()).thenApply(before -> told(answer, before));
            default -> CompletableFuture.completedStage(told(answer, ended));
        });
    }

    private static Reply told(Answer answer, int ended) {
        return Made.of(answer)
                .<Reply>map(made -> Answers.at(made.version(), 200, made.json().put("ended", ended)))
                .orElseGet(() -> Answers.of(answer));
    }

    /// How many overrides a version ended, by the log.
    private CompletionStage<Integer> endedBy(Call call, Version version) {
        return NoAnswerException.of(catalogs.visible().location(call.catalog()))
                .thenCompose(held -> NoAnswerException.of(catalogs.visible()
                        .log(
                                call.catalog(),
                                new LogQuery(
                                        LogPlace.of(version.previous()), 1, Duration.ZERO, Optional.empty(), held))))
                .thenApply(reading -> reading instanceof Reading.Found<LogSlice>(var at, var slice)
                        ? slice.entries().stream()
                                .mapToInt(OverrideRoutes::endedIn)
                                .sum()
                        : 0);
    }

    private static int endedIn(LogEntry entry) {
        return entry.changes().stream()
                .mapToInt(change -> (int) change.ended().stream()
                        .map(Row::slot)
                        .filter(slot -> slot.location().isPresent())
                        .distinct()
                        .count())
                .sum();
    }
}
