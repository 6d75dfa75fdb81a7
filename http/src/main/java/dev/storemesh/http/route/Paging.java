package dev.storemesh.http.route;

import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.page.PageCursor;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.CatalogId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Where a paged read stands: at its beginning, as its parameters say, or where its page token says. A token
/// carries the parameters of its read; a request may repeat them, but not change them. Only `limit` is free on
/// every page.
///
/// `asked` is the call with the parameters that hold, `pinned` the version that is pinned or asked for.
record Paging(PageTokens tokens, String kind, CatalogId catalog, Call asked, Pinned pinned, Optional<String> last) {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final Set<String> OF_THE_PAGE = Set.of("limit", "page");

    /// @throws dev.storemesh.protocol.json.MalformedInput `bad_page_token`
    static Paging of(PageTokens tokens, String kind, CatalogId catalog, Call call) {
        var page = call.query("page");
        if (page.isEmpty()) {
            return new Paging(tokens, kind, catalog, call, new Pinned(asked(call), Optional.empty()), Optional.empty());
        }
        var cursor = tokens.read(page.get(), kind, catalog);
        refuseChanged(cursor, call);
        return new Paging(
                tokens,
                kind,
                catalog,
                call.with(parameters(cursor, call)),
                new Pinned(
                        Optional.of(cursor.version()),
                        cursor.local(),
                        cursor.parameters().containsKey("pending")),
                Optional.of(cursor.last()));
    }

    /// The same at the version that its `at` stands for, where it has one and its page token does not pin another.
    CompletionStage<Paging> at(CatalogPort catalogs) {
        return last.isPresent()
                ? CompletableFuture.completedStage(this)
                : Pinned.of(catalogs, catalog, asked)
                        .thenApply(found -> new Paging(tokens, kind, catalog, asked, found, last));
    }

    /// The same of what HQ knows.
    Paging ofHq() {
        return new Paging(tokens, kind, catalog, asked, new Pinned(pinned.version(), Optional.empty()), last);
    }

    private static Optional<Version> asked(Call call) {
        return call.number("version", 0, Long.MAX_VALUE).map(Version::new);
    }

    private static void refuseChanged(PageCursor cursor, Call call) {
        var pinned = new HashMap<>(Map.of(
                "version",
                cursor.version().toString(),
                "catalog",
                cursor.catalog().text()));
        cursor.local().ifPresent(local -> pinned.put("local", local.toString()));
        call.query().forEach((name, value) -> {
            if (!OF_THE_PAGE.contains(name)
                    && !value.equals(
                            pinned.getOrDefault(name, cursor.parameters().get(name)))) {
                throw new ProblemException(Problem.badRequest(
                        "invalid_parameter",
                        name,
                        name + ": not that of the page before (expected: the same, or none)"));
            }
        });
    }

    private static Map<String, String> parameters(PageCursor cursor, Call call) {
        var parameters = new HashMap<>(cursor.parameters());
        call.query("limit").ifPresent(limit -> parameters.put("limit", limit));
        return parameters;
    }

    Optional<Version> version() {
        return pinned.version();
    }

    int limit() {
        return asked.number("limit", 1, MAX_LIMIT).orElse((long) DEFAULT_LIMIT).intValue();
    }

    /// The token of the page after this one, which was read at `version` and ended with `last`.
    String next(Version readAt, String endedWith) {
        var parameters = new HashMap<>(asked.query());
        parameters.keySet().removeAll(Set.of("limit", "page", "version", "local", "catalog"));
        return tokens.write(new PageCursor(kind, catalog, readAt, pinned.local(), parameters, endedWith));
    }
}
