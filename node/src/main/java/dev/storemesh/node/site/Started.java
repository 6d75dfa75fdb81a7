package dev.storemesh.node.site;

import java.net.URI;
import java.util.concurrent.CompletionStage;

/// A site that listens.
///
/// @param url where it listens
/// @param ready completes when `/health/ready` says so; fails, best with a [StartFailure], when it never will
public record Started(URI url, CompletionStage<?> ready) {}
