package dev.storemesh.node.site;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;

/// What a node consists of: called once by [Node] while it starts, on the main thread, which it may block.
@FunctionalInterface
public interface Wiring {
    /// Opens and migrates what must stand before the actor system does (the database), and answers the Pekko
    /// configuration that it takes (journal, snapshots, serializers).
    ///
    /// @throws StartFailure when it cannot be opened, or was written by a newer version
    default Config prepare(NodeSettings settings, HomeFolder home) throws StartFailure {
        return ConfigFactory.empty();
    }

    /// Starts the actors and listens. The cluster is being joined meanwhile, so that asking actors works but may
    /// take a moment. What must end in order is added to the system's `CoordinatedShutdown`.
    ///
    /// @throws StartFailure when the site cannot start; the node then stops the system and exits with 1
    Started wire(ActorSystem<?> system, NodeSettings settings, HomeFolder home, Optional<Join> join)
            throws StartFailure;
}
