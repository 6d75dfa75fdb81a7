package dev.storemesh.ops.bench.eav;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.Authentication;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.access.StoreReport;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespace;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.verify.Verification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The tokens of the table `token`, read at the start and kept in memory. It only tells who calls: this side has no
/// routes to make tokens or stores.
final class EavAccess implements AccessPort {
    private final Map<SecretHash, Principal> known;

    EavAccess(Map<SecretHash, Principal> known) {
        this.known = Map.copyOf(known);
    }

    static Principal operator(String id) {
        return new Principal(id, "operator", Role.OPERATOR, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Override
    public CompletionStage<Authentication> authenticate(String secret) {
        return CompletableFuture.completedFuture(
                Authentication.of(Optional.ofNullable(known.get(SecretHash.of(secret)))));
    }

    @Override
    public CompletionStage<Issued> issue(NewToken token) {
        throw notHere();
    }

    @Override
    public CompletionStage<Changed> change(StoreId store, Access.Standing standing) {
        throw notHere();
    }

    @Override
    public CompletionStage<Optional<String>> renew(StoreId store) {
        throw notHere();
    }

    @Override
    public CompletionStage<StaffNews> staff(StoreId store, String known, Optional<String> order, Duration patience) {
        throw notHere();
    }

    @Override
    public CompletionStage<Ordered> verify(StoreId store, boolean repair) {
        throw notHere();
    }

    @Override
    public CompletionStage<?> keep(StoreId store, Verification verification) {
        throw notHere();
    }

    @Override
    public CompletionStage<Boolean> revoke(String id) {
        throw notHere();
    }

    @Override
    public CompletionStage<List<Access.Token>> tokens() {
        throw notHere();
    }

    @Override
    public CompletionStage<Invited> invite(StoreId store, CatalogId catalog, Duration valid) {
        throw notHere();
    }

    @Override
    public CompletionStage<Joined> enrol(String joinToken, String node) {
        throw notHere();
    }

    @Override
    public CompletionStage<Optional<List<StoreStanding>>> stores() {
        throw notHere();
    }

    @Override
    public Duration heard(StoreId store, StoreReport report) {
        throw notHere();
    }

    @Override
    public CompletionStage<Claim> claim(Namespace namespace, AppName app) {
        throw notHere();
    }

    @Override
    public CompletionStage<Namespaces> namespaces() {
        throw notHere();
    }

    private static UnsupportedOperationException notHere() {
        return new UnsupportedOperationException("the hand-built side makes no tokens and no stores");
    }
}
