package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.log.Version;

/// What is seen at a store: HQ's version, with so many of the store's own writes laid over it as HQ had not decided by
/// then.
public record LocalView(Version version, long local) {}
