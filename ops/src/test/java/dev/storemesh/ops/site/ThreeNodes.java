package dev.storemesh.ops.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// HQ as three nodes over a database that may die, too. Nodes are numbered from 1.
final class ThreeNodes implements AutoCloseable {
    static final int NODES = 3;

    /// When a request that got lost is answered 503, and how soon there are snapshots: less than the defaults, so
    /// that more happens in the time that there is.
    private static final String SETTINGS = """
            storemesh.catalog { ask-timeout = 3s, lookup-timeout = 2s, snapshot-every = 200 }
            storemesh.partition { catch-up-timeout = 3s, checkpoint-min = 64KiB }
            """;

    private final MortalPostgres database;
    private final List<SiteProcess> nodes = new ArrayList<>();

    ThreeNodes(Path folder) throws Exception {
        database = new MortalPostgres(folder, NODES);
        var ports = List.of(SiteProcess.freePort(), SiteProcess.freePort(), SiteProcess.freePort());
        for (var node = 1; node <= NODES; node++) {
            var home = folder.resolve("node-" + node);
            Files.createDirectories(home);
            Files.writeString(
                    home.resolve("storemesh.conf"),
                    database.settings(node)
                            + SETTINGS
                            + "storemesh.cluster { seeds = \"127.0.0.1:%d, 127.0.0.1:%d\", port = %d }%n"
                                    .formatted(ports.get(0), ports.get(1), ports.get(node - 1)));
            nodes.add(new SiteProcess(home));
        }
    }

    MortalPostgres database() {
        return database;
    }

    SiteProcess node(int number) {
        return nodes.get(number - 1);
    }

    List<SiteProcess> all() {
        return nodes;
    }

    /// Starts all.
    void start() throws Exception {
        for (var node : nodes) {
            node.launch();
        }
        for (var node : nodes) {
            node.awaitReady();
        }
    }

    /// The operator at each node, all by one token.
    List<Caller> operators() throws IOException {
        var first = nodes.getFirst().operator();
        return nodes.stream().map(node -> first.at(node.url())).toList();
    }

    @Override
    public void close() {
        nodes.forEach(SiteProcess::close);
        database.close();
    }
}
