package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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

    /// The same where what waits is numbered anew: that HQ has recorded some of it under another number does not
    /// count.
    Copy withoutRecorded(Predicate<ObjectToken> waits) {
        return new Copy(
                floor,
                load.map(wanted -> new Load(
                        wanted.asked(),
                        wanted.begun()
                                .map(begun -> new Load.Begun(
                                        begun.history(),
                                        begun.floor(),
                                        begun.after(),
                                        begun.schema(),
                                        begun.recorded().stream()
                                                .filter(waits.negate())
                                                .collect(Collectors.toSet()),
                                        begun.decided())))));
    }

    Copy with(Load next) {
        return new Copy(floor, Optional.of(next));
    }
}
