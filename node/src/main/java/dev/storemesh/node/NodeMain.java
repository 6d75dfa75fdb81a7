package dev.storemesh.node;

import dev.storemesh.node.site.Join;
import dev.storemesh.node.site.Node;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Runs one node in this process. The command line calls it and exits with what it returns.
public final class NodeMain {
    private NodeMain() {}

    /// Runs a node until it is told to stop.
    ///
    /// @param home the node's folder; made when it is missing
    /// @param join given at the first start of a store; without it, and without an enrolment in `home`, this is HQ
    /// @param overrides settings by their full names (`storemesh.http.port`), above all other places
    /// @return the exit code: 0 after SIGTERM or SIGINT, 1 for a failure, which one sentence on stderr explains
    public static int run(Path home, Optional<Join> join, Map<String, String> overrides) {
        return Node.run(home, join, overrides, new Site());
    }

    /// Ends this process with exit code 1, after the nodes that run in it have stopped in good order.
    public static void endProcess() {
        Node.endProcess();
    }
}
