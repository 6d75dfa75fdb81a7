package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.query.Fault;
import dev.storemesh.protocol.value.LocationId;
import java.util.List;
import java.util.Optional;

/// What a read comes to. Where nothing can be told (a partition away, a time-out), the future fails instead.
public sealed interface Reading<T> {
    /// Found, as of `version`.
    record Found<T>(Version version, T value) implements Reading<T> {}

    /// The catalog is not there, or not followed here.
    record NoCatalog<T>() implements Reading<T> {}

    /// There was nothing of that name at `version`.
    record Nothing<T>(Version version) implements Reading<T> {}

    /// The asked version is not there yet; the newest is `visible`.
    record NotYet<T>(Version visible) implements Reading<T> {}

    /// What is asked for is from before `floor`, the first version that this site can tell of.
    record BelowFloor<T>(Version visible, Version floor) implements Reading<T> {}

    /// The reader shows the lock of a transaction that is over. How it ended is known of the last ones only.
    record TransactionOver<T>(Version visible, Version version, Optional<Ending> ending) implements Reading<T> {}

    /// The reader's chain hash is not that of this log.
    record Diverged<T>(Version visible) implements Reading<T> {}

    /// The question makes no sense where the schema of version `at` holds; at least one fault.
    record Invalid<T>(Version at, List<Fault> faults) implements Reading<T> {
        public Invalid {
            faults = List.copyOf(faults);
        }
    }

    /// This site holds what is global and at one location; what is asked for takes more. HQ can tell.
    record OutOfScope<T>(Version visible, LocationId held) implements Reading<T> {}

    /// An answer would cost more than `limit` of `what`.
    record TooCostly<T>(Version at, String what, long limit) implements Reading<T> {}
}
