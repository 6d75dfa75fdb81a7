package dev.storemesh.http.route;

import java.util.Optional;
import java.util.Set;

public record Caller(String name, Set<Permission> permissions, Optional<String> catalog) {}
