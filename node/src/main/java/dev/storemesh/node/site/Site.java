package dev.storemesh.node.site;

import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;

/// The wiring of a real site.
public final class Site implements Wiring {
    @Override
    public Started wire(ActorSystem<?> system, NodeSettings settings, HomeFolder home, Optional<Join> join)
            throws StartFailure {
        throw new StartFailure("This build of Storemesh has no site to start yet");
    }
}
