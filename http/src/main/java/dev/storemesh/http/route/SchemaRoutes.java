package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.install.SchemaWrites;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.schema.Declaration;
import dev.storemesh.protocol.schema.SchemaJson;
import dev.storemesh.protocol.schema.SchemaKind;
import dev.storemesh.protocol.schema.SchemaRules;
import dev.storemesh.protocol.schema.StandardDeclarations;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/// Types, definitions, constraints, locations and decision rules: listed, and changed by ordinary writes that are built
/// here.
final class SchemaRoutes {
    private static final String CATALOG = "/api/v1/catalogs/{catalog}/";
    private static final Integer[] OF_A_WRITE = {200, 404, 409, 422, 429};

    private final CallCatalogs catalogs;

    SchemaRoutes(CallCatalogs catalogs) {
        this.catalogs = catalogs;
    }

    List<Endpoint> endpoints() {
        return Stream.of(
                        SchemaKind.TYPE,
                        SchemaKind.DEFINITION,
                        SchemaKind.CONSTRAINT,
                        SchemaKind.LOCATION,
                        SchemaKind.DECISION_RULE)
                .flatMap(kind -> endpoints(kind).stream())
                .toList();
    }

    private List<Endpoint> endpoints(SchemaKind kind) {
        var reader = Admission.to(Permission.READ);
        var writer = Admission.to(
                switch (kind) {
                    case LOCATION -> Permission.PLACE;
                    case DECISION_RULE -> Permission.RULE;
                    case TYPE, DEFINITION, CONSTRAINT, APP -> Permission.SHAPE;
                });
        var all = CATALOG + kind.path();
        var one = all + "/{" + kind.key() + "}";
        return List.of(
                Endpoint.get(all, reader, call -> list(kind, call))
                        .taking(
                                kind == SchemaKind.LOCATION
                                        ? new String[] {"version", "at", "group", "store"}
                                        : new String[] {"version", "at"})
                        .under(Endpoint.Transaction.READ),
                Endpoint.post(all, writer, Endpoint.Body.REQUIRED, call -> post(kind, call))
                        .answering(OF_A_WRITE)
                        .answered(Endpoint.AtStore.AT_HQ)
                        .under(Endpoint.Transaction.WRITTEN),
                Endpoint.get(one, reader, call -> one(kind, call))
                        .taking("version", "at")
                        .answering(200, 404)
                        .under(Endpoint.Transaction.READ),
                Endpoint.put(one, writer, Endpoint.Body.REQUIRED, call -> put(kind, call))
                        .answering(OF_A_WRITE)
                        .answered(Endpoint.AtStore.AT_HQ)
                        .under(Endpoint.Transaction.WRITTEN),
                Endpoint.delete(one, writer, Endpoint.Body.OPTIONAL, call -> delete(kind, call))
                        .answering(OF_A_WRITE)
                        .answered(Endpoint.AtStore.AT_HQ)
                        .under(Endpoint.Transaction.WRITTEN));
    }

    // Reads

    private CompletionStage<Reply> list(SchemaKind kind, Call call) {
        return read(call)
                .thenApply(reading -> Answers.of(reading, "version", unknown(kind), (version, view) -> {
                    var json = Json.object().put("version", version.number());
                    var array = json.putArray(kind.plural());
                    asked(kind, call, view).forEach(array::add);
                    return json;
                }));
    }

    /// All of a kind; of locations those of a group, or those that a store's site serves, where that is asked for.
    private static Collection<ObjectNode> asked(SchemaKind kind, Call call, SchemaView view) {
        var all = byName(kind, view);
        var group = call.query("group");
        var store = call.query("store", StoreId::new);
        if (group.isPresent() || store.isPresent()) {
            var schema = SchemaRules.read(view.schemaObjects());
            var grouped = schema.locations(group);
            if (group.isPresent() && grouped.isEmpty()) {
                throw new ProblemException(
                        Problem.badRequest("unknown_group", "group", "No location is in this group at this version."));
            }
            all.keySet().retainAll(grouped.stream().map(LocationId::text).toList());
            store.ifPresent(site -> all.keySet()
                    .retainAll(
                            schema.servedBy(site).stream().map(LocationId::text).toList()));
        }
        return all.values();
    }

    private CompletionStage<Reply> one(SchemaKind kind, Call call) {
        return read(call).thenApply(reading -> {
            var found = reading instanceof Reading.Found<SchemaView>(var version, var view)
                    ? Optional.ofNullable(byName(kind, view).get(call.path(kind.key())))
                    : Optional.<ObjectNode>empty();
            Reading<SchemaView> seen =
                    reading instanceof Reading.Found<SchemaView>(var version, var view) && found.isEmpty()
                            ? new Reading.Nothing<>(version)
                            : reading;
            return Answers.of(seen, "version", unknown(kind), (version, view) -> found.orElseThrow());
        });
    }

    private CompletionStage<Reading<SchemaView>> read(Call call) {
        return AsOf.of(catalogs.visible(), call.catalog(), call)
                .thenCompose(version -> NoAnswerException.of(catalogs.of(call).schema(call.catalog(), version)));
    }

    /// Standard and own; no own one has the name of a standard one.
    private static Map<String, ObjectNode> byName(SchemaKind kind, SchemaView view) {
        var all = new TreeMap<String, ObjectNode>();
        view.of(kind).forEach(object -> {
            var declaration = Declaration.of(kind, SchemaView.schemaObject(object));
            all.put(declaration.name(), own(declaration, object));
        });
        StandardDeclarations.all(kind)
                .forEach(declaration -> all.put(
                        declaration.name(), SchemaJson.write(declaration).put("standard", true)));
        return all;
    }

    private static ObjectNode own(Declaration declaration, ObjectView.Live object) {
        return SchemaJson.write(declaration)
                .put("object", object.object().text())
                .put("version", object.version().number());
    }

    private static Problem unknown(SchemaKind kind) {
        return Problem.of(
                404, "unknown_" + kind.wireName(), "There is no " + kind.words() + " of this name at this version.");
    }

    // Changes

    private CompletionStage<Reply> post(SchemaKind kind, Call call) {
        return declared(kind, call, Optional.empty());
    }

    private CompletionStage<Reply> put(SchemaKind kind, Call call) {
        return declared(kind, call, Optional.of(call.path(kind.key())));
    }

    /// What is in the path is replaced; what is not is added to.
    private CompletionStage<Reply> declared(SchemaKind kind, Call call, Optional<String> inPath) {
        var fields = call.fields();
        var declaration = SchemaJson.read(kind, fields, inPath);
        var what = (inPath.isPresent() ? "put " : "post ") + kind.wireName();
        var change = SchemaChange.of(catalogs.of(call), what, call, fields);
        return change.seeing((version, view) -> {
            var present = view.find(kind, declaration.name()).map(ObjectView.Live::object);
            var put = inPath.isPresent()
                    ? SchemaWrites.replacing(declaration, present, change.ifVersion())
                    : SchemaWrites.adding(declaration, present, change.ifVersion());
            return change.write(List.of(put), made -> reply(declaration, present, made));
        });
    }

    private static Reply reply(Declaration declaration, Optional<ObjectToken> present, Made made) {
        var json = SchemaJson.write(declaration);
        Optional.ofNullable(made.names()
                        .get(SchemaWrites.temporary(declaration.kind(), declaration.name())
                                .text()))
                .or(() -> present)
                .ifPresent(token -> json.put("object", token.text()));
        return made.with(declaration.kind().singular(), json);
    }

    private CompletionStage<Reply> delete(SchemaKind kind, Call call) {
        var name = call.path(kind.key());
        var change = SchemaChange.of(catalogs.of(call), "delete " + kind.wireName(), call, call.fields());
        return change.seeing((version, view) -> view.find(kind, name)
                .map(object -> change.write(
                        List.of(new Operation.Delete(new ObjectRef.Known(object.object()), change.ifVersion())),
                        SchemaRoutes::deleted))
                .orElseGet(() -> change.refuse(
                        missing(kind, name).header("Storemesh-Version", version.toString()), SchemaRoutes::deleted)));
    }

    private static Reply deleted(Made made) {
        return Answers.at(made.version(), 200, made.json());
    }

    private static Problem missing(SchemaKind kind, String name) {
        var standard = StandardDeclarations.all(kind).stream()
                .anyMatch(declaration -> declaration.name().equals(name));
        return standard
                ? Problems.of(new Refusal.Violations(
                        List.of(Violation.of(
                                Violation.Code.STANDARD_NAME,
                                name,
                                "The " + kind.words() + " " + name + " is a standard one, which nobody changes.")),
                        1))
                : unknown(kind);
    }
}
