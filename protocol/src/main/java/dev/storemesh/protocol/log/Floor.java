package dev.storemesh.protocol.log;

import java.time.Instant;

/// The first version that a site can tell of, since it began with the state at it and not with the log: with the
/// chain hash that the next version goes on from, and when it was written.
public record Floor(Version version, ChainHash chain, Instant at) {}
