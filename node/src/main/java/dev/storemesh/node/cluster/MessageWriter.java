package dev.storemesh.node.cluster;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/// Writes one message. Each value begins with its [Tag]; numbers are 7 bits a byte, the lowest first (LEB128).
final class MessageWriter {
    private final ActorRefResolver refs;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final Map<Class<?>, Integer> shapes = new HashMap<>(); // named so far, numbered from 0

    MessageWriter(ActorRefResolver refs) {
        this.refs = refs;
    }

    byte[] write(Object message) {
        try {
            value(message);
            return bytes.toByteArray();
        } catch (IOException e) { // cannot be: it goes to memory
            throw new UncheckedIOException(e);
        }
    }

    private void value(Object value) throws IOException {
        switch (value) {
            case String text -> {
                tag(Tag.TEXT);
                text(text);
            }
            case Long number -> {
                tag(Tag.WHOLE);
                signed(number);
            }
            case Integer number -> {
                tag(Tag.SMALL);
                signed(number);
            }
            case Boolean flag -> tag(flag ? Tag.TRUE : Tag.FALSE);
            case byte[] some -> {
                tag(Tag.BYTES);
                number(some.length);
                out.write(some);
            }
            case Instant instant -> {
                tag(Tag.INSTANT);
                signed(instant.getEpochSecond());
                number(instant.getNano());
            }
            case Duration duration -> {
                tag(Tag.DURATION);
                signed(duration.getSeconds());
                number(duration.getNano());
            }
            case BigDecimal decimal -> {
                tag(Tag.DECIMAL);
                text(decimal.toString());
            }
            case Optional<?> optional -> {
                if (optional.isPresent()) {
                    tag(Tag.SOMETHING);
                    value(optional.get());
                } else {
                    tag(Tag.NOTHING);
                }
            }
            case List<?> list -> all(Tag.LIST, list);
            case Set<?> set -> all(Tag.SET, set);
            case Map<?, ?> map -> map(map);
            case Collection<?> collection -> all(Tag.LIST, collection);
            case ActorRef<?> actor -> {
                tag(Tag.ACTOR);
                text(refs.toSerializationFormat(actor));
            }
            case Enum<?> constant -> {
                tag(Tag.CONSTANT);
                text(constant.getDeclaringClass().getName());
                text(constant.name());
            }
            default -> shaped(value);
        }
    }

    private void all(Tag tag, Collection<?> values) throws IOException {
        tag(tag);
        number(values.size());
        for (var value : values) {
            value(value);
        }
    }

    private void map(Map<?, ?> map) throws IOException {
        tag(Tag.MAP);
        number(map.size());
        for (var entry : map.entrySet()) {
            value(entry.getKey());
            value(entry.getValue());
        }
    }

    private void shaped(Object value) throws IOException {
        var shape = Shape.of(value.getClass())
                .orElseThrow(() -> new IllegalArgumentException(
                        "value: a " + value.getClass().getName() + " (expected: a part of a message)"));
        var known = shapes.putIfAbsent(value.getClass(), shapes.size());
        if (known == null) {
            tag(Tag.NEW_SHAPE);
            text(shape.name());
            number(shape.parts().size());
            for (var part : shape.parts()) {
                text(part.name());
            }
        } else {
            tag(Tag.SHAPE);
            number(known);
        }
        for (var part : shape.parts()) {
            value(shape.get(part, value));
        }
    }

    private void tag(Tag tag) throws IOException {
        out.writeByte(tag.number());
    }

    private void text(String text) throws IOException {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        out.write(utf8);
    }

    /// Negative ones too, in few bytes (zigzag).
    private void signed(long number) throws IOException {
        number(number << 1 ^ number >> 63);
    }

    private void number(long number) throws IOException {
        var rest = number;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }
}
