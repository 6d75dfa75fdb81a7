package dev.storemesh.ops.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalLong;

/// A success.
///
/// @param body JSON, or a missing node where the answer has no body (204)
/// @param version the catalog version the answer names (`Storemesh-Version`), where it is about one catalog
public record Answer(int status, JsonNode body, OptionalLong version) {}
