package dev.storemesh.http.route;

import dev.storemesh.protocol.access.AccessPort;
import dev.storemesh.protocol.access.SitePort;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.ChangeRequestPort;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.watch.WatchPort;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Every endpoint of version 1 of the API.
public final class Api {
    private Api() {}

    /// `pageTokens` is asked once a caller is known, so the site's key may come later than the server.
    public static List<Endpoint> endpoints(
            CatalogPort catalogs,
            ChangeRequestPort requests,
            AccessPort access,
            SitePort site,
            WatchPort watch,
            Supplier<PageTokens> pageTokens) {
        var forCalls = new CallCatalogs(catalogs, () -> pageTokens.get().locks());
        var writes = new CallWrites(forCalls, access, site);
        var scope = new StaffScope(catalogs);
        var fleets = new Fleets(access, catalogs);
        return Stream.of(
                        new HealthRoutes(site).endpoints(),
                        new OpenApiRoutes().endpoints(),
                        new CatalogRoutes(forCalls, writes).endpoints(),
                        new SchemaRoutes(forCalls).endpoints(),
                        new AppRoutes(forCalls).endpoints(),
                        new ObjectRoutes(forCalls, pageTokens).endpoints(),
                        new OverrideRoutes(forCalls, writes, pageTokens).endpoints(),
                        new QueryRoutes(forCalls, pageTokens).endpoints(),
                        new HistoryRoutes(forCalls, pageTokens).endpoints(),
                        new TransactionRoutes(forCalls, site).endpoints(),
                        new ImportRoutes(forCalls).endpoints(),
                        new LogRoutes(catalogs).endpoints(),
                        new CopyRoutes(catalogs).endpoints(),
                        new LiveRoutes(catalogs, access).endpoints(),
                        new ChangeRequestRoutes(requests, pageTokens).endpoints(),
                        new StoreRoutes(access, catalogs, fleets).endpoints(),
                        new TokenRoutes(access, site).endpoints(),
                        new NamespaceRoutes(access, site).endpoints(),
                        new WatchRoutes(watch, site, fleets).endpoints())
                .flatMap(List::stream)
                .map(scope::around)
                .toList();
    }
}
