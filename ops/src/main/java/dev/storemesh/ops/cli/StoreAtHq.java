package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.node.NodeMain;
import dev.storemesh.node.site.Join;
import dev.storemesh.node.site.NodeSettings;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.node.site.StorageSettings;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Endpoint;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// The shop in HQ's own building: a store in the same process as HQ, with a folder in HQ's and a port of its own.
/// It is a store like any other, also to HQ: it follows HQ's log, queues what HQ decides, and keeps its own
/// values. It joins by itself, as soon as its catalog is there.
///
/// One node that is both at once would have to keep a queue beside the log that it is meant for. So all that
/// holds for a store holds here because it is one; the price is a second copy of the catalog.
final class StoreAtHq {
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
    private static final Set<Integer> NOT_YET = Set.of(404, 503);
    private static final long PAUSE_NANOS = 300_000_000;
    private static final String ENROLMENT = "link.json";

    private final String store;
    private final Optional<String> catalog;
    private final int port;
    private final Path hqHome;
    private final URI hq;
    private final Optional<Path> trust;

    private StoreAtHq(String store, Optional<String> catalog, int port, Path hqHome, URI hq, Optional<Path> trust) {
        this.store = store;
        this.catalog = catalog;
        this.port = port;
        this.hqHome = hqHome;
        this.hq = hq;
        this.trust = trust;
    }

    /// @param overrides HQ's
    /// @param port the store's; absent: the one after HQ's
    /// @throws CommandFailed if HQ is none that can have one
    static StoreAtHq of(
            Path home, Map<String, String> overrides, String store, Optional<String> catalog, Optional<Integer> port)
            throws CommandFailed {
        try {
            var settings = NodeSettings.load(home, overrides);
            if (!(settings.storage() instanceof StorageSettings.Sqlite)) {
                throw new CommandFailed("--location: HQ's storage is a database that its nodes share "
                        + "(expected: sqlite; run the store as a process of its own, with --join)");
            }
            var http = settings.http();
            if (http.port() == 0) {
                throw new CommandFailed("--location: HQ's port must be known before (expected: --port N)");
            }
            var host = EVERYWHERE.contains(http.bind()) ? "127.0.0.1" : http.bind();
            var address = settings.link()
                    .hq()
                    .orElse(URI.create((http.tls().isPresent() ? "https://" : "http://")
                            + (host.contains(":") ? "[" + host + "]" : host) + ":" + http.port()));
            var found = new StoreAtHq(
                    store,
                    catalog,
                    port.orElse(http.port() + 1),
                    home,
                    address,
                    settings.link().trust());
            if (catalog.isEmpty() && !found.hasJoined()) {
                throw new CommandFailed(
                        "--location: which catalog does it follow? (expected: --location-catalog NAME)");
            }
            return found;
        } catch (StartFailure failure) {
            throw new CommandFailed(failure.sentence(), failure);
        }
    }

    private Path home() {
        return hqHome.resolve(store);
    }

    private boolean hasJoined() {
        return Files.exists(home().resolve(ENROLMENT));
    }

    /// Runs it beside HQ. If it cannot run, the process ends, HQ in good order: who started both is told.
    void start() {
        var thread = new Thread(this::run, "store-at-hq");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            var join = hasJoined() ? Optional.<Join>empty() : Optional.of(new Join(hq, invited()));
            var code = NodeMain.run(
                    home(),
                    join,
                    Map.of(
                            "storemesh.http.port", Integer.toString(port),
                            "storemesh.storage", "sqlite",
                            "storemesh.link.hq", hq.toString()));
            if (code != 0) {
                end("it ended with " + code);
            }
        } catch (CommandFailed | ApiException | RuntimeException e) {
            end(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(String reason) {
        System.err.println("The store " + store + " at HQ does not run: " + reason);
        NodeMain.endProcess();
    }

    /// The join token, as soon as HQ has the catalog, whenever that is made.
    private String invited() throws CommandFailed, ApiException, InterruptedException {
        System.err.println(
                "The store " + store + " at HQ joins as soon as the catalog " + catalog.orElseThrow() + " is there.");
        while (true) {
            if (Files.exists(hqHome.resolve("operator.token"))) {
                var api = api();
                if (isThere(api)) {
                    var body = JsonNodeFactory.instance
                            .objectNode()
                            .put("store", store)
                            .put("catalog", catalog.orElseThrow());
                    return api.post(Query.of("stores"), body)
                            .body()
                            .path("joinToken")
                            .asText();
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private ApiClient api() throws CommandFailed {
        var given =
                new Connection.Given(Optional.of(hq.toString()), Optional.empty(), Optional.of(hqHome), true, trust);
        Endpoint endpoint = Connection.resolve(given, Map.of());
        return new ApiClient(endpoint);
    }

    /// @throws ApiException if HQ answers anything but that it is not there yet: that does not pass by itself
    private boolean isThere(ApiClient api) throws ApiException, InterruptedException {
        try {
            api.get(Query.of("catalogs", catalog.orElseThrow()));
            return true;
        } catch (ApiException.NoAnswer notYet) {
            return false;
        } catch (ApiException.Refusal refusal) {
            if (NOT_YET.contains(refusal.problem().status())) {
                return false;
            }
            throw refusal;
        }
    }
}
