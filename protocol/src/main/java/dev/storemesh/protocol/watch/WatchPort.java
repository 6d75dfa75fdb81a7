package dev.storemesh.protocol.watch;

import java.util.List;

/// What one node of a site tells of itself. Answered at once, from what is in memory: to look never wakes a catalog.
public interface WatchPort {
    NodeStatus status();

    /// By name.
    List<Metric> metrics();
}
