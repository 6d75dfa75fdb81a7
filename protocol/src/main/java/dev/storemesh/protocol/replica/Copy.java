package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.object.Load;
import java.util.Optional;

/// Where what a store holds came from.
///
/// @param floor the state that it began with; empty: with the log, from its beginning
/// @param load what is to take its place; empty: nothing is
public record Copy(Optional<Floor> floor, Optional<Load> load) {
    public static final Copy OF_LOG = new Copy(Optional.empty(), Optional.empty());

    /// The same, and what was coming in begins anew.
    Copy fromItsBeginning() {
        return new Copy(floor, load.map(wanted -> new Load(wanted.asked(), Optional.empty())));
    }

    Copy with(Load next) {
        return new Copy(floor, Optional.of(next));
    }
}
