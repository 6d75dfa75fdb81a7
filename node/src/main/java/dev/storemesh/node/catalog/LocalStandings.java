package dev.storemesh.node.catalog;

import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.value.CatalogId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// How far the logs are whose writers run on this node, as each says before it answers those who asked for the
/// change: so a reader who looks here sees every write that was acknowledged. Safe for all threads.
public final class LocalStandings {
    private final Map<CatalogId, Said> standings = new ConcurrentHashMap<>();

    /// @param used called when somebody looks
    private record Said(LogStanding standing, Runnable used) {}

    /// Said by the writer, each time it has journaled.
    public void put(LogStanding standing) {
        put(standing, () -> {});
    }

    /// The same by one who wants to know when somebody looks, in whose thread `used` is called.
    void put(LogStanding standing, Runnable used) {
        standings.put(standing.id(), new Said(standing, used));
    }

    /// Said by a writer that stops or begins anew: until it says where it stands, it is to be asked itself.
    public void remove(CatalogId catalog) {
        standings.remove(catalog);
    }

    /// All that are known here. To look is no use of them.
    public List<LogStanding> all() {
        return standings.values().stream().map(Said::standing).toList();
    }

    /// Empty: the writer is to be asked itself, wherever it is.
    public Optional<LogStanding> find(CatalogId catalog) {
        var said = standings.get(catalog);
        if (said == null) {
            return Optional.empty();
        }
        said.used().run();
        return Optional.of(said.standing());
    }
}
