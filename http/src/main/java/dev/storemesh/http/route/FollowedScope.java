package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.LocationId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Which part of a catalog a follower wants, or a site holds: what is global and at one location, or all.
final class FollowedScope {
    static final String PARAMETER = "location";
    /// Of the problem that says that a site holds less than is asked for.
    static final String OUT_OF_SCOPE = "out_of_scope";

    private FollowedScope() {}

    /// The part that a follower asks for. A store's link may ask for its own, and for all.
    ///
    /// @throws ProblemException 403 where a store's link asks for another store's
    static Optional<LocationId> asked(Call call) {
        var location = call.query(PARAMETER, LocationId::new);
        var principal = call.principal();
        if (principal.isLink()
                && location.filter(place ->
                                !principal.store().orElseThrow().location().equals(place))
                        .isPresent()) {
            throw Call.forbidden("The location " + location.get() + " is not that of store "
                    + principal.store().orElseThrow() + ", which this token is for.");
        }
        return location;
    }

    /// `{"location": …}`
    static ObjectNode json(LocationId location) {
        return Json.object().put("location", location.text());
    }

    static Problem outOfScope(LocationId held) {
        return Problem.of(
                        409,
                        OUT_OF_SCOPE,
                        "This store holds what is global and at " + held
                                + ", and what is asked for takes more: ask HQ.")
                .with("scope", json(held));
    }

    static Problem outOfScope(Version visible, LocationId held) {
        return outOfScope(held).header("Storemesh-Version", visible.toString());
    }

    /// Done where a site holds what is global and at `asked`, or without that where it holds all; else fails with
    /// 409 `out_of_scope`.
    static CompletionStage<Void> needed(CatalogPort catalogs, Call call, Optional<LocationId> asked) {
        return NoAnswerException.of(catalogs.location(call.catalog())).thenAccept(held -> {
            if (held.isPresent() && !held.equals(asked)) {
                throw new ProblemException(outOfScope(held.get()));
            }
        });
    }
}
