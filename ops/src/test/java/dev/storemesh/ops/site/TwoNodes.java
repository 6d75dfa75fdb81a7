package dev.storemesh.ops.site;

import dev.storemesh.http.tls.TestCertificates;
import dev.storemesh.persistence.postgres.PostgresAddress;
import dev.storemesh.persistence.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// HQ as two nodes over a database of its own, with some catalogs that writers know.
final class TwoNodes implements AutoCloseable {
    static final int CATALOGS = 4;

    private final Path folder;
    private final PostgresAddress database = PostgresServer.shared().database();
    private final int firstPort = SiteProcess.freePort();
    private final int secondPort = SiteProcess.freePort();
    private final SiteProcess first;
    private final SiteProcess second;

    TwoNodes(Path folder) throws IOException {
        this.folder = folder;
        this.first = node("first", firstPort);
        this.second = node("second", secondPort);
    }

    /// The one that the other joins by, which has the most to hand over when it goes.
    SiteProcess first() {
        return first;
    }

    SiteProcess second() {
        return second;
    }

    List<SiteProcess> both() {
        return List.of(first, second);
    }

    /// Where the first one listens for the other.
    int firstPort() {
        return firstPort;
    }

    private SiteProcess node(String name, int port) throws IOException {
        var home = folder.resolve(name);
        PostgresServer.use(database, home);
        configure(
                home,
                "storemesh.cluster { seeds = \"127.0.0.1:%d, 127.0.0.1:%d\", port = %d }%n"
                        .formatted(firstPort, secondPort, port));
        return new SiteProcess(home);
    }

    private static void configure(Path home, String more) throws IOException {
        Files.writeString(home.resolve("storemesh.conf"), more, StandardOpenOption.APPEND);
    }

    /// Has them show each other certificates.
    void secure() throws IOException {
        for (var node : both()) {
            TestCertificates.write(node.home(), "nodes of one site", "RSA");
            configure(
                    node.home(),
                    "storemesh.cluster.tls { certificate = chain.pem, key = key.pem, authority = chain.pem }\n");
        }
    }

    /// Adds a setting to both.
    void set(String setting) throws IOException {
        for (var node : both()) {
            configure(node.home(), setting + "\n");
        }
    }

    static String catalog(int number) {
        return "demo-" + number;
    }

    /// Starts both; each catalog is asked for at the first one first.
    ///
    /// @return the operator, at the second one
    Caller start() throws Exception {
        for (var node : both()) {
            node.start();
        }
        var operator = first.operator();
        for (var i = 0; i < CATALOGS; i++) {
            operator.put("/catalogs/" + catalog(i)).expect(201);
            operator.post(
                            "/catalogs/" + catalog(i) + "/writes",
                            "{\"operations\":[{\"op\":\"put\",\"object\":\"" + Writer.SHARED
                                    + "\",\"create\":true,\"type\":\"retail.item\"}]}",
                            Optional.of("shared"))
                    .expect(200);
        }
        return operator.at(second.url());
    }

    @Override
    public void close() {
        both().forEach(SiteProcess::close);
    }
}
