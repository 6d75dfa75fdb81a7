package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.LongNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.install.AppPackage;
import dev.storemesh.protocol.install.Installation;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.schema.SchemaKind;
import dev.storemesh.protocol.value.AppName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The apps of a catalog: what they need of its schema is installed, and taken away, by one ordinary write each.
final class AppRoutes {
    private static final String APPS = "/api/v1/catalogs/{catalog}/apps";

    private final CallCatalogs catalogs;

    AppRoutes(CallCatalogs catalogs) {
        this.catalogs = catalogs;
    }

    List<Endpoint> endpoints() {
        var writer = Admission.to(Permission.SHAPE);
        return List.of(
                Endpoint.get(APPS, Admission.to(Permission.READ), this::list)
                        .taking("version", "at")
                        .under(Endpoint.Transaction.READ),
                Endpoint.post(APPS, writer, Endpoint.Body.REQUIRED, this::install)
                        .answering(200, 404, 409, 422, 429)
                        .answered(Endpoint.AtStore.AT_HQ)
                        .under(Endpoint.Transaction.WRITTEN),
                Endpoint.delete(APPS + "/{app}", writer, Endpoint.Body.OPTIONAL, this::uninstall)
                        .answering(200, 404, 409, 422, 429)
                        .answered(Endpoint.AtStore.AT_HQ)
                        .under(Endpoint.Transaction.WRITTEN));
    }

    private CompletionStage<Reply> list(Call call) {
        return AsOf.of(catalogs.visible(), call.catalog(), call)
                .thenCompose(version -> NoAnswerException.of(catalogs.of(call).schema(call.catalog(), version)))
                .thenApply(reading -> Answers.of(reading, "version", unknown(), (at, view) -> {
                    var json = Json.object().put("version", at.number());
                    var array = json.putArray("apps");
                    installed(view)
                            .forEach((name, app) -> array.add(Json.object()
                                    .put("app", name)
                                    .put("version", app.version())
                                    .put("object", app.object())
                                    .put("changed", app.changed().number())));
                    return json;
                }));
    }

    private record Installed(long version, String object, Version changed) {}

    private static Map<String, Installed> installed(SchemaView view) {
        var all = new TreeMap<String, Installed>();
        view.of(SchemaKind.APP).forEach(object -> {
            var record = SchemaView.schemaObject(object);
            all.put(
                    SchemaKind.APP.nameIn(record.attributes()),
                    new Installed(
                            Installation.versionIn(record).orElse(0L),
                            object.object().text(),
                            object.version()));
        });
        return all;
    }

    private static Problem unknown() {
        return Problem.of(404, "unknown_app", "This app is not installed in this catalog.");
    }

    private CompletionStage<Reply> install(Call call) {
        var fields = call.fields();
        var wanted = AppPackage.read(fields);
        checkOwn(call, wanted.app());
        var downgrade = fields.flag("downgrade", false);
        var change = SchemaChange.of(catalogs.of(call), "install", call, fields);
        return change.seeing((version, view) -> carriedOut(
                change,
                wanted.app(),
                Optional.of(wanted.version()),
                version,
                installation(change, version, view).install(wanted, downgrade)));
    }

    private CompletionStage<Reply> uninstall(Call call) {
        var app = call.path("app", AppName::new);
        checkOwn(call, app);
        var change = SchemaChange.of(catalogs.of(call), "uninstall", call, call.fields());
        return change.seeing((version, view) -> carriedOut(
                change,
                app,
                Optional.empty(),
                version,
                installation(change, version, view).uninstall(app)));
    }

    /// An app installs itself and no other; what others install is judged by whose namespaces it lies in.
    private static void checkOwn(Call call, AppName app) {
        if (call.principal().app().filter(caller -> !caller.equals(app)).isPresent()) {
            throw new ProblemException(Problem.of(403, "forbidden", "An app's token is for that app alone."));
        }
    }

    /// The plan holds for what was seen: an object that changes before the write has it refused.
    private static Installation installation(SchemaChange change, Version seen, SchemaView view) {
        var since = change.ifVersion().filter(seen::isAfter).orElse(seen);
        return new Installation(view.schemaObjects(), Optional.of(since));
    }

    private static CompletionStage<Reply> carriedOut(
            SchemaChange change, AppName app, Optional<Long> installs, Version seen, Installation.Plan plan) {
        return switch (plan) {
            case Installation.Change(var operations) -> change.write(operations, made -> reply(made, app, installs));
            case Installation.Nothing nothing ->
                CompletableFuture.completedStage(
                        reply(new Made(seen, Optional.empty(), Map.of(), false), app, installs));
            case Installation.Newer(var newer) ->
                change.refuse(
                        Problem.of(
                                        409,
                                        "newer_installed",
                                        "Version " + newer + " of " + app
                                                + " is installed, which is newer (expected: \"downgrade\": true).")
                                .with("installed", LongNode.valueOf(newer))
                                .header("Storemesh-Version", seen.toString()),
                        made -> reply(made, app, installs));
            case Installation.Foreign(var violations) ->
                CompletableFuture.completedStage(
                        Reply.refusal(Problems.of(new Refusal.Violations(violations, violations.size()))
                                .header("Storemesh-Version", seen.toString())));
            case Installation.Unknown unknown ->
                change.refuse(
                        unknown().header("Storemesh-Version", seen.toString()), made -> reply(made, app, installs));
        };
    }

    private static Reply reply(Made made, AppName app, Optional<Long> installs) {
        return installs.<Reply>map(version ->
                        made.with("app", Json.object().put("app", app.text()).put("version", version)))
                .orElseGet(() -> Answers.at(made.version(), 200, made.json()));
    }
}
