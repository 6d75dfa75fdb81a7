package dev.storemesh.ops.bench;

import dev.storemesh.ops.api.ApiClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A client of one server over one connection.
final class OverHttp implements Contestant.Client {
    private static final String LIMIT = "limit=1000";

    private final Wire wire;

    OverHttp(Wire wire) {
        this.wire = wire;
    }

    static String path(String catalog) {
        return "/api/v1/catalogs/" + catalog;
    }

    @Override
    public void update(String catalog, String item, long cents) throws IOException {
        updateAll(catalog, List.of(item), cents);
    }

    @Override
    public void updateAll(String catalog, List<String> items, long cents) throws IOException {
        checked(wire.post(path(catalog) + "/writes", Stock.prices(items, cents)));
    }

    @Override
    public void read(String catalog, String object) throws IOException {
        checked(wire.get(path(catalog) + "/objects/" + object));
    }

    @Override
    public int readAll(String catalog) throws IOException {
        var pages = 0;
        for (var more = Optional.of(""); more.isPresent(); pages++) {
            more = page(catalog, more.get());
        }
        return pages;
    }

    /// Reads one page of all objects.
    ///
    /// @param more of the page before, or empty
    /// @return what the next page is to be asked for with; empty: there is none
    Optional<String> page(String catalog, String more) throws IOException {
        var answer = checked(wire.get(path(catalog) + "/objects?" + LIMIT + more));
        return Scenario.next(answer.body()).map(token -> "&page=" + token);
    }

    @Override
    public void changes(String catalog, long since) throws IOException {
        checked(wire.get(path(catalog) + "/changes?" + LIMIT + "&since=" + since));
    }

    @Override
    public long newest(String catalog) throws IOException {
        return ApiClient.JSON
                .readTree(checked(wire.get(path(catalog) + "/objects?limit=1")).body())
                .path("version")
                .asLong();
    }

    /// All objects that a list of pages holds, without the versions of anything: token, type, then attributes.
    ///
    /// @param list such as `objects` or `changes?since=7`
    SortedMap<String, String> contents(String catalog, String list) throws IOException {
        var all = new TreeMap<String, String>();
        var begin = path(catalog) + "/" + list + (list.contains("?") ? "&" : "?") + LIMIT;
        for (var more = Optional.of(""); more.isPresent(); ) {
            var answer = checked(wire.get(begin + more.get()));
            for (var object : ApiClient.JSON.readTree(answer.body()).path("objects")) {
                var text = new StringBuilder(object.path("type").asText());
                for (var row : object.path("attributes")) {
                    text.append('\n')
                            .append(row.path("attribute").asText())
                            .append('=')
                            .append(row.path("value"));
                }
                all.put(object.path("object").asText(), text.toString());
            }
            more = Scenario.next(answer.body()).map(token -> "&page=" + token);
        }
        return all;
    }

    static Wire.Answer checked(Wire.Answer answer) throws IOException {
        if (answer.status() / 100 != 2) {
            throw new IOException("answered " + answer.status() + ": " + answer.text());
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
