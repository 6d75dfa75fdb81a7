package dev.storemesh.node.site;

import dev.storemesh.persistence.postgres.PostgresAddress;
import dev.storemesh.persistence.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The homes of the nodes of one site, over one empty database of a real server.
public final class SharedSite {
    private final PostgresAddress database = PostgresServer.shared().database();
    private final int first = freePort();
    private final int second = freePort();

    /// Writes the settings of the node that begins the cluster into its home.
    public void addFirst(Path home) {
        add(home, first);
    }

    public void addSecond(Path home) {
        add(home, second);
    }

    /// A node that joins by the other two, on a port of its own.
    public void addAnother(Path home) {
        add(home, freePort());
    }

    private void add(Path home, int port) {
        add(
                home,
                "storemesh.cluster { seeds = \"127.0.0.1:%d, 127.0.0.1:%d\", port = %d }%n"
                        .formatted(first, second, port));
    }

    /// A node with these settings of its cluster.
    void add(Path home, String settings) {
        PostgresServer.use(database, home);
        try {
            Files.writeString(home.resolve("storemesh.conf"), settings, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
