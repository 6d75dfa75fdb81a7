package dev.storemesh.http.route;

import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Write;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Writes of objects, whichever route they come by: who may make which is looked at here.
final class CallWrites {
    private final CallCatalogs catalogs;
    private final AccessPort access;
    private final SitePort site;

    CallWrites(CallCatalogs catalogs, AccessPort access, SitePort site) {
        this.catalogs = catalogs;
        this.access = access;
        this.site = site;
    }

    /// Who only asks, asks at its store.
    void admit(Call call) {
        if (site.standing().kind() == SitePort.Kind.HQ) {
            call.needs(Permission.WRITE, "This token asks for changes at its store, and changes nothing at HQ.");
        }
    }

    /// Carries out what writes these operations, if the caller may write all of them.
    <T> CompletionStage<T> checked(Call call, List<Operation> operations, Supplier<CompletionStage<T>> writing) {
        StaffScope.check(call, locations(operations));
        return call.principal().role() == Role.APP
                ? AppWrites.judged(call, operations, catalogs.of(call), access).thenCompose(own -> writing.get())
                : writing.get();
    }

    CompletionStage<Answer> write(Call call, Write write) {
        return NoAnswerException.of(catalogs.of(call).write(call.catalog(), write));
    }

    private static Stream<LocationId> locations(List<Operation> operations) {
        return operations.stream()
                .flatMap(operation -> operation instanceof Operation.Put put
                        ? Stream.concat(
                                put.set().stream().map(Operation.Setting::slot),
                                put.unset().stream().map(Operation.Unsetting::slot))
                        : Stream.empty())
                .flatMap(slot -> slot.location().stream());
    }
}
