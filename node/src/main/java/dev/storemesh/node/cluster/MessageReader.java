package dev.storemesh.node.cluster;

import java.math.BigDecimal;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRefResolver;

/// Reads what a [MessageWriter] wrote, perhaps one of another version of the program: a part that this version
/// does not know is passed over; one that the sender did not know is empty, false or 0, where its type has such a
/// value.
final class MessageReader {
    /// Far deeper than any message; no bytes can overflow the stack.
    private static final int DEEPEST = 200;

    private final ActorRefResolver refs;
    private final ByteBuffer in;
    private final List<Sent> shapes = new ArrayList<>();
    private int depth;

    /// A class as the sender has it: which of its parts is which of ours (-1: none of them).
    private record Sent(Shape shape, List<Integer> places) {
        private Sent {
            places = List.copyOf(places);
        }
    }

    MessageReader(ActorRefResolver refs, byte[] bytes) {
        this.refs = refs;
        this.in = ByteBuffer.wrap(bytes);
    }

    Object read() {
        try {
            var message = value();
            if (in.hasRemaining()) {
                throw new UnreadableMessageException("bytes: " + in.remaining() + " more (expected: the end)");
            }
            return message;
        } catch (BufferUnderflowException | ArithmeticException | DateTimeException | NumberFormatException e) {
            throw new UnreadableMessageException("bytes: cut or damaged (expected: a message)", e);
        }
    }

    private Object value() {
        if (++depth > DEEPEST) {
            throw new UnreadableMessageException("depth: over " + DEEPEST + " (expected: a message)");
        }
        var value = switch (Tag.of(in.get())) {
            case TEXT -> text();
            case WHOLE -> signed();
            case SMALL -> Math.toIntExact(signed());
            case FALSE -> false;
            case TRUE -> true;
            case BYTES -> bytes();
            case INSTANT -> Instant.ofEpochSecond(signed(), number());
            case DURATION -> Duration.ofSeconds(signed(), number());
            case DECIMAL -> new BigDecimal(text());
            case NOTHING -> Optional.empty();
            case SOMETHING -> Optional.of(value());
            case LIST -> Collections.unmodifiableList(list());
            case SET -> Collections.unmodifiableSet(new LinkedHashSet<>(list()));
            case MAP -> map();
            case ACTOR -> refs.resolveActorRef(text());
            case CONSTANT -> constant(text(), text());
            case NEW_SHAPE -> {
                var sent = sent();
                shapes.add(sent);
                yield made(sent);
            }
            case SHAPE -> {
                var number = number();
                if (number < 0 || number >= shapes.size()) {
                    throw new UnreadableMessageException("class: number " + number + " (expected: one named before)");
                }
                yield made(shapes.get((int) number));
            }
        };
        depth--;
        return value;
    }

    private List<Object> list() {
        var size = size();
        var list = new ArrayList<>(size);
        for (var i = 0; i < size; i++) {
            list.add(value());
        }
        return list;
    }

    private Map<Object, Object> map() {
        var size = size();
        var map = new LinkedHashMap<>();
        for (var i = 0; i < size; i++) {
            map.put(value(), value());
        }
        return Collections.unmodifiableMap(map);
    }

    private Sent sent() {
        var shape = Shape.named(text());
        var names = shape.parts().stream().map(Shape.Part::name).toList();
        var size = size();
        var places = new ArrayList<Integer>(size);
        for (var i = 0; i < size; i++) {
            places.add(names.indexOf(text()));
        }
        return new Sent(shape, places);
    }

    private Object made(Sent sent) {
        var parts = sent.shape().parts();
        var values = new Object[parts.size()];
        var known = new boolean[values.length];
        for (int place : sent.places()) {
            var value = value();
            if (place >= 0) {
                values[place] = value;
                known[place] = true;
            }
        }
        for (var i = 0; i < values.length; i++) {
            if (!known[i]) {
                values[i] = absent(sent.shape(), parts.get(i));
            }
        }
        return sent.shape().make(values);
    }

    private static Object absent(Shape shape, Shape.Part part) {
        var type = part.type();
        if (type == Optional.class) {
            return Optional.empty();
        }
        if (type == List.class) {
            return List.of();
        }
        if (type == Set.class) {
            return Set.of();
        }
        if (type == Map.class) {
            return Map.of();
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        throw new UnreadableMessageException(
                "part: " + shape.name() + "." + part.name() + " is missing (expected: sent)");
    }

    private static Object constant(String type, String name) {
        try {
            if (type.startsWith("dev.storemesh.")) {
                var constants = Class.forName(type, false, MessageReader.class.getClassLoader())
                        .getEnumConstants();
                if (constants != null) {
                    return Arrays.stream(constants)
                            .filter(constant -> ((Enum<?>) constant).name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> new UnreadableMessageException(
                                    "constant: " + type + "." + name + " (expected: one that this version knows)"));
                }
            }
        } catch (ClassNotFoundException e) {
            throw new UnreadableMessageException("enum: " + type + " (expected: one that this version knows)", e);
        }
        throw new UnreadableMessageException("enum: " + type + " (expected: one of ours)");
    }

    private byte[] bytes() {
        var bytes = new byte[size()];
        in.get(bytes);
        return bytes;
    }

    private String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /// A number of things of at least one byte each, all of which must be there still.
    private int size() {
        var size = number();
        if (size < 0 || size > in.remaining()) {
            throw new UnreadableMessageException("size: " + size + " (expected: at most " + in.remaining() + ")");
        }
        return (int) size;
    }

    private long signed() {
        var number = number();
        return number >>> 1 ^ -(number & 1);
    }

    private long number() {
        var number = 0L;
        for (var shift = 0; shift < Long.SIZE; shift += 7) {
            var next = in.get();
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new UnreadableMessageException("number: too long (expected: at most 64 bits)");
    }
}
