package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/// Keeps an app to the namespaces that it claimed: it sets values of its own definitions alone, on whatever object,
/// and makes and deletes objects of its own types alone. Changes of the schema are judged by the write's own rules.
final class AppWrites {
    private static final String AUTHORITY =
            StandardSchema.name(StandardSchema.CONSTRAINT, "authority").text();

    private AppWrites() {}

    /// The same operations; fails with 403 `foreign_namespace` where one is not the app's own.
    static CompletionStage<List<Operation>> judged(
            Call call, List<Operation> operations, CatalogPort catalogs, AccessPort access) {
        return NoAnswerException.of(access.namespaces()).thenCompose(claims -> {
            operations.stream().flatMap(AppWrites::names).forEach(name -> check(call, claims, name));
            var judged = CompletableFuture.completedStage(operations);
            for (var deleted : deleted(operations)) {
                judged = judged.thenCombine(
                        NoAnswerException.of(catalogs.object(call.catalog(), deleted, Optional.empty(), Scope.all())),
                        (all, reading) -> {
                            check(call, claims, reading);
                            return all;
                        });
            }
            return judged;
        });
    }

    /// Fails with 403 where an app's token would say who decides change requests.
    static void checkDecisions(Call call, List<Operation> operations) {
        if (call.principal().role() == Role.APP && operations.stream().anyMatch(AppWrites::decides)) {
            throw Call.forbidden("An app's token says nothing about who decides change requests.");
        }
    }

    private static boolean decides(Operation operation) {
        return operation instanceof Operation.Put put
                && put.set().stream()
                        .map(setting -> setting.slot().definition().text())
                        .anyMatch(AppWrites::decides);
    }

    private static boolean decides(String name) {
        return name.startsWith(StandardSchema.DECISION_RULE.text()) || name.equals(AUTHORITY);
    }

    /// Of the definitions and types that an operation names.
    private static Stream<String> names(Operation operation) {
        return operation instanceof Operation.Put put
                ? Stream.of(
                                put.type().stream().map(TypeName::text),
                                put.set().stream()
                                        .map(setting ->
                                                setting.slot().definition().text()),
                                put.unset().stream()
                                        .map(setting ->
                                                setting.slot().definition().text()))
                        .flatMap(Function.identity())
                : Stream.empty();
    }

    private static List<ObjectToken> deleted(List<Operation> operations) {
        return operations.stream()
                .flatMap(operation -> switch (operation) {
                    case Operation.Delete(ObjectRef.Known(var token), var since) -> Stream.of(token);
                    case Operation.Undelete undelete ->
                        throw Call.forbidden("An app's token brings no deleted objects back.");
                    case Operation.Delete temporary -> Stream.<ObjectToken>empty();
                    case Operation.Put put -> Stream.<ObjectToken>empty();
                    case Operation.Bring bring -> Stream.<ObjectToken>empty();
                })
                .toList();
    }

    /// What is not there is not said to be anybody's: the write's own rules refuse it.
    private static void check(Call call, Namespaces claims, Reading<ObjectView.Live> reading) {
        if (reading instanceof Reading.Found<ObjectView.Live>(var version, var view)) {
            check(call, claims, view.type().text());
        }
    }

    /// Who decides change requests, and about what, is nobody's namespace.
    private static void check(Call call, Namespaces claims, String name) {
        if (decides(name)) {
            throw Call.forbidden("An app's token says nothing about who decides change requests.");
        }
        if (claims.isForeign(name, call.principal().app().map(AppName::text))) {
            throw new ProblemException(Problem.of(
                    403, "foreign_namespace", name + " lies in no namespace of the app whose token this is."));
        }
    }
}
