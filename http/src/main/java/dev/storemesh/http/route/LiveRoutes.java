package dev.storemesh.http.route;

import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.Principal;
import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// A poke for each new version of a catalog, as server-sent events: the version that is visible at the beginning,
/// and then each newer one, with none of its data. Where several come at once, the last of them. It ends when the
/// token does.
final class LiveRoutes {
    /// How long nothing may be sent, so that everybody on the way knows that the connection lives.
    private static final Duration QUIET = Duration.ofSeconds(15);

    private static final ByteString STILL_HERE = ByteString.fromString(":\n\n");

    private final CatalogPort catalogs;
    private final AccessPort access;

    LiveRoutes(CatalogPort catalogs, AccessPort access) {
        this.catalogs = catalogs;
        this.access = access;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/api/v1/catalogs/{catalog}/live", Admission.to(Permission.READ), this::live));
    }

    private CompletionStage<Reply> live(Call call) {
        return NoAnswerException.of(catalogs.head(call.catalog()))
                .thenApply(reading -> reading instanceof Reading.Found<CatalogHead>(var version, var head)
                        ? new Reply.Events(pokes(call, version))
                        : Answers.of(reading, "version", Problems.unknownCatalog(), (at, head) -> Json.object()));
    }

    private Source<ByteString, NotUsed> pokes(Call call, Version begin) {
        var caller = call.principal();
        var token = call.bearerToken();
        var catalog = call.catalog();
        return Source.single(poke(begin)).concat(Source.unfoldAsync(begin, told -> next(caller, token, catalog, told)));
    }

    private CompletionStage<Optional<Pair<Version, ByteString>>> next(
            Principal caller, String token, CatalogId catalog, Version told) {
        return catalogs.newest(catalog, told, QUIET)
                .thenCompose(reading ->
                        isStill(caller, token).thenApply(still -> still ? after(told, reading) : Optional.empty()));
    }

    private CompletionStage<Boolean> isStill(Principal caller, String token) {
        return access.authenticate(token)
                .thenApply(found -> found.known().filter(caller::equals).isPresent());
    }

    private static Optional<Pair<Version, ByteString>> after(Version told, Reading<Version> reading) {
        if (!(reading instanceof Reading.Found<Version>(var at, var newest))) {
            return Optional.empty(); // the client begins anew, and is told why
        }
        return Optional.of(Pair.create(newest, newest.isAfter(told) ? poke(newest) : STILL_HERE));
    }

    private static ByteString poke(Version version) {
        return ByteString.fromString("event: version\nid: " + version + "\ndata: {\"version\":" + version + "}\n\n");
    }
}
