package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Floor;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A copy of HQ's state that a store wants, or that is coming in.
///
/// ```
/// (new store)             \
/// (asked for by somebody) -> wanted -> page by page -> whole: it takes the place of what was held
/// ```
///
/// @param asked somebody asked for it: it may be of another history than what is held
/// @param begun what has come in; empty: nothing has
/// @param location what is global and at this location is wanted; empty: all is
public record Load(boolean asked, Optional<Begun> begun, Optional<LocationId> location) {
    /// Of the whole catalog.
    public Load(boolean asked, Optional<Begun> begun) {
        this(asked, begun, Optional.empty());
    }

    /// The same, asked for by somebody.
    public Load asAsked() {
        return new Load(true, begun, location);
    }

    /// The same where nothing has come in.
    public Load fromItsBeginning() {
        return new Load(asked, Optional.empty(), location);
    }

    /// The same with this come in.
    public Load having(Begun next) {
        return new Load(asked, Optional.of(next), location);
    }

    /// A copy of the state at `floor` of a history, as far as it is here.
    ///
    /// @param after the last object that is here, in page order; empty: there is none yet
    /// @param schema those of the schema
    /// @param recorded objects that record requests which wait here; of another history, also the store's other
    /// requests of late, to tell those that it has forgotten
    /// @param decided own writes that HQ has decided by that version
    public record Begun(
            HistoryId history,
            Floor floor,
            Optional<ObjectToken> after,
            List<LoadedObject> schema,
            Set<ObjectToken> recorded,
            List<LocalEnd> decided) {
        public Begun {
            schema = List.copyOf(schema);
            recorded = Set.copyOf(recorded);
            decided = List.copyOf(decided);
        }

        public static Begun of(HistoryId history, Floor floor) {
            return new Begun(history, floor, Optional.empty(), List.of(), Set.of(), List.of());
        }
    }
}
