package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.object.Load;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Where what a store holds came from.
///
/// @param floor the state that it began with; empty: with the log, from its beginning
/// @param load what is to take its place; empty: nothing is
/// @param location it is what is global and at this location; empty: the whole catalog
public record Copy(Optional<Floor> floor, Optional<Load> load, Optional<LocationId> location) {
    public static final Copy OF_LOG = new Copy(Optional.empty(), Optional.empty());

    /// Of the whole catalog.
    public Copy(Optional<Floor> floor, Optional<Load> load) {
        this(floor, load, Optional.empty());
    }

    /// The same, and what was coming in begins anew.
    Copy fromItsBeginning() {
        return new Copy(floor, load.map(Load::fromItsBeginning), location);
    }

    /// The same where what waits is numbered anew: that HQ has recorded some of it under another number does not
    /// count.
    Copy withoutRecorded(Predicate<ObjectToken> waits) {
        return load.flatMap(wanted -> wanted.begun()
                        .map(begun -> with(wanted.having(new Load.Begun(
                                begun.history(),
                                begun.floor(),
                                begun.after(),
                                begun.schema(),
                                begun.recorded().stream().filter(waits.negate()).collect(Collectors.toSet()),
                                begun.decided())))))
                .orElse(this);
    }

    Copy with(Load next) {
        return new Copy(floor, Optional.of(next), location);
    }

    /// What a copy is to be of that is wanted now: as the one that is wanted already, else as what is held.
    Optional<LocationId> wanted() {
        return load.map(Load::location).orElse(location);
    }

    /// What is to take its place, or would.
    Load next() {
        return load.orElseGet(() -> new Load(false, Optional.empty(), location));
    }

    /// The same where a copy of this scope is wanted; what came in of another goes.
    Copy wanting(Optional<LocationId> scope) {
        var begun = load.filter(wanted -> wanted.location().equals(scope)).flatMap(Load::begun);
        return with(new Load(next().asked(), begun, scope));
    }
}
