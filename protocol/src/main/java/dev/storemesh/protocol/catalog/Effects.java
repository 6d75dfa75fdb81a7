package dev.storemesh.protocol.catalog;

/// What a step of an import did: objects made (or brought back) and changed of those that its lines are about, and
/// all that were deleted. A line that changed nothing is in none of them.
public record Effects(long created, long changed, long deleted) {
    public static final Effects NONE = new Effects(0, 0, 0);
}
