package dev.storemesh.node.cluster;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What kind of value follows: the first byte of each.
enum Tag {
    TEXT(0),
    WHOLE(1),
    SMALL(2),
    FALSE(3),
    TRUE(4),
    BYTES(5),
    INSTANT(6),
    DURATION(7),
    DECIMAL(8),
    NOTHING(9),
    SOMETHING(10),
    LIST(11),
    SET(12),
    MAP(13),
    ACTOR(14),
    /// One of an enum's constants.
    CONSTANT(15),
    /// A value of a class that is named here for the first time in this message.
    NEW_SHAPE(16),
    /// A value of a class that was named before, by its number.
    SHAPE(17);

    private static final Map<Integer, Tag> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Tag::number, Function.identity()));

    private final int number;

    Tag(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static Tag of(int number) {
        var tag = BY_NUMBER.get(number);
        if (tag == null) {
            throw new UnreadableMessageException("tag: " + number + " (expected: one that this version knows)");
        }
        return tag;
    }
}
