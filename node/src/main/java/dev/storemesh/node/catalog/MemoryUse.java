package dev.storemesh.node.catalog;

/// How much of the memory that they may take some actors of this node do.
///
/// @param what they are
/// @param count how many there are
public record MemoryUse(String what, int count, long bytes, long limitBytes) {}
