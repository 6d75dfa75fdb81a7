package dev.storemesh.node.catalog;

import dev.storemesh.protocol.catalog.CatalogPort.PageQuery;
import dev.storemesh.protocol.catalog.ChangeRequestPort;
import dev.storemesh.protocol.catalog.ChangeRequestPort.Requests;
import dev.storemesh.protocol.catalog.ChangeRequestPort.RequestsQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Reading.BelowFloor;
import dev.storemesh.protocol.catalog.Reading.Diverged;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.catalog.Reading.Invalid;
import dev.storemesh.protocol.catalog.Reading.NoCatalog;
import dev.storemesh.protocol.catalog.Reading.NotYet;
import dev.storemesh.protocol.catalog.Reading.Nothing;
import dev.storemesh.protocol.catalog.Reading.OutOfScope;
import dev.storemesh.protocol.catalog.Reading.TooCostly;
import dev.storemesh.protocol.catalog.Reading.TransactionOver;
import dev.storemesh.protocol.change.AskedValues;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.ChangeRequestJson;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.RequestRecord;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.SchemaRules;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// Change requests as the catalog records them: objects of type `sys.change_request`.
public final class ChangeRequestReads {
    private final CatalogReads reads;

    public ChangeRequestReads(CatalogReads reads) {
        this.reads = reads.over(Optional.of(0L)); // what HQ has to decide it compares with what HQ knows
    }

    public CompletionStage<Reading<ChangeRequest>> get(CatalogId catalog, RequestId id) {
        return reads.object(catalog, id.token(), Optional.empty(), Scope.all()).thenCompose(reading -> {
            if (!(reading instanceof Found<ObjectView.Live>(var version, var view))
                    || !view.type().equals(StandardSchema.CHANGE_REQUEST)) {
                return CompletableFuture.completedFuture(map(reading, (version, other) -> new Nothing<>(version)));
            }
            var found = RequestRecord.find(view.object(), view.rows());
            return found.isPresent()
                    ? CompletableFuture.completedFuture(new Found<>(version, found.get()))
                    : reads.location(catalog).thenApply(held -> new OutOfScope<>(version, held.orElseThrow()));
        });
    }

    /// Three values of each slot that a request asks to change.
    public CompletionStage<List<Conflict>> values(CatalogId catalog, ChangeRequest request) {
        var operations = operations(request);
        var tokens = operations.stream()
                .flatMap(operation ->
                        operation.object() instanceof ObjectRef.Known(var token) ? Stream.of(token) : Stream.empty())
                .distinct()
                .limit(ChangeRequestPort.VALUED)
                .toList();
        return reads.schema(catalog, Optional.empty())
                .thenCompose(reading -> reading instanceof Found<SchemaView>(var version, var view)
                        ? values(catalog, request, operations, SchemaRules.read(view.schemaObjects()), tokens)
                        : CompletableFuture.completedFuture(List.of()))
                .thenCombine(reads.location(catalog), ChangeRequestReads::held);
    }

    /// Those of slots that are held here.
    private static List<Conflict> held(List<Conflict> values, Optional<LocationId> location) {
        var scope = Scope.of(location);
        return values.stream()
                .filter(value ->
                        value.slot().map(slot -> scope.covers(slot.location())).orElse(true))
                .toList();
    }

    /// What could not be read was refused when it came.
    private static List<Operation> operations(ChangeRequest request) {
        return request.status() == Status.REFUSED
                        || request.details().withdraws().isPresent()
                ? List.of()
                : ChangeRequestJson.operations(request.operations());
    }

    private CompletionStage<List<Conflict>> values(
            CatalogId catalog,
            ChangeRequest request,
            List<Operation> operations,
            Schema schema,
            List<ObjectToken> tokens) {
        CompletionStage<List<Conflict>> all = CompletableFuture.completedFuture(List.of());
        for (var token : tokens) {
            var before = rows(catalog, token, Optional.of(request.base()));
            var now = rows(catalog, token, Optional.empty());
            all = all.thenCompose(known -> before.thenCombine(
                    now,
                    (base, current) -> base.isEmpty() || current.isEmpty() // who cannot tell says nothing
                            ? known
                            : Stream.concat(
                                            known.stream(),
                                            AskedValues.of(token, operations, schema, base.get(), current.get())
                                                    .stream())
                                    .toList()));
        }
        return all;
    }

    /// None where there is no such object; empty where that cannot be told.
    private CompletionStage<Optional<List<Row>>> rows(CatalogId catalog, ObjectToken token, Optional<Version> version) {
        return reads.object(catalog, token, version, Scope.all()).thenApply(reading -> switch (reading) {
            case Found<ObjectView.Live>(var at, var view) -> Optional.of(view.rows());
            case Nothing<ObjectView.Live>(var at) -> Optional.of(List.of());
            default -> Optional.empty();
        });
    }

    public CompletionStage<Reading<Requests>> list(CatalogId catalog, RequestsQuery query) {
        Map<DefinitionName, Value> having = new HashMap<>();
        query.status().ifPresent(status -> having.put(RequestRecord.STATUS, new Value.Text(status.wireName())));
        query.store().ifPresent(store -> having.put(RequestRecord.STORE, new Value.Text(store.text())));
        var selection = new Selection(Optional.of(StandardSchema.CHANGE_REQUEST), Scope.all(), having);
        var page = new PageQuery(
                selection, Order.TOKEN, query.version(), query.after().map(RequestId::token), query.limit());
        return reads.page(catalog, page)
                .thenApply(reading -> map(reading, (version, slice) -> new Found<>(version, requests(slice))));
    }

    private static Requests requests(Slice slice) {
        return new Requests(
                slice.objects().stream()
                        .flatMap(view -> view instanceof ObjectView.Live live
                                ? RequestRecord.find(live.object(), live.rows()).stream()
                                : Stream.empty())
                        .toList(),
                slice.more());
    }

    /// The same reading of something else.
    public static <T, U> Reading<U> map(Reading<T> reading, BiFunction<Version, T, Reading<U>> found) {
        return switch (reading) {
            case Found<T>(var version, var value) -> found.apply(version, value);
            case NoCatalog<T>() -> new NoCatalog<>();
            case Nothing<T>(var version) -> new Nothing<>(version);
            case NotYet<T>(var visible) -> new NotYet<>(visible);
            case BelowFloor<T>(var visible, var floor) -> new BelowFloor<>(visible, floor);
            case TransactionOver<T>(var visible, var version, var ending) ->
                new TransactionOver<>(visible, version, ending);
            case Diverged<T>(var visible) -> new Diverged<>(visible);
            case Invalid<T>(var at, var faults) -> new Invalid<>(at, faults);
            case OutOfScope<T>(var visible, var held) -> new OutOfScope<>(visible, held);
            case TooCostly<T>(var at, var what, var limit) -> new TooCostly<>(at, what, limit);
        };
    }
}
