package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.value.ObjectToken;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Writes one row. A row is decoded without any other.
///
/// - number >= 0, count, length: a varint, 7 bits a byte, the lowest first; the top bit says that more follow;
/// - other number: zigzag (0, -1, 1, -2 … become 0, 1, 2, 3 …), then a varint;
/// - case of a sealed interface: one byte, see [Tags];
/// - text: its length in bytes, then UTF-8;
/// - what is shared (slots, names, callers, currencies): 0 and the thing itself at its first use in the row, later
/// its
///   number, counted from 1 in the order in which the first uses end;
/// - object token: 0 and 16 bytes for a ULID, 1 and the text for any other; later its number, counted from 2;
/// - SHA-256 and other 32 bytes that the program holds as 64 hexadecimal digits in small letters: 0 and the bytes;
/// any
///   other text in their place: 1 and the text;
/// - instant: milliseconds since 1970, zigzag;
/// - optional: 0, or 1 and the value; optionals each of which needs the one before it: how many are there, in one
/// byte,
///   and those;
/// - list: the count, then the elements; map: likewise its entries, in order of their keys.
///
/// The first byte of a row is the version of this format: 1. A longer row is then packed, which is format 2, see
/// [Packed].
final class RowWriter {
    static final int FORMAT = 1;

    /// The length of a SHA-256.
    static final int HASH_BYTES = 32;

    private final Map<Object, Integer> shared = new HashMap<>();
    private final Map<ObjectToken, Integer> tokens = new HashMap<>();
    private byte[] bytes = new byte[256];
    private int size;

    RowWriter() {
        tag(FORMAT);
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    void tag(int tag) {
        reserve(1);
        bytes[size++] = (byte) tag;
    }

    void flag(boolean flag) {
        tag(flag ? 1 : 0);
    }

    /// A number that is never negative.
    void number(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("number: " + number + " (expected: >= 0)");
        }
        varint(number);
    }

    void signed(long number) {
        varint((number << 1) ^ (number >> 63));
    }

    void instant(Instant instant) {
        if (!instant.equals(instant.truncatedTo(ChronoUnit.MILLIS))) {
            throw new IllegalArgumentException("instant: " + instant + " (expected: whole milliseconds)");
        }
        signed(instant.toEpochMilli());
    }

    void text(String text) {
        if (!asciiText(text)) {
            var encoded = strictly(text);
            number(encoded.length);
            raw(encoded);
        }
    }

    /// Most texts are ASCII: length and bytes in one pass.
    ///
    /// @return false, and nothing is written, if this one is not
    private boolean asciiText(String text) {
        var before = size;
        var length = text.length();
        number(length);
        reserve(length);
        var to = bytes;
        var at = size;
        for (var i = 0; i < length; i++) {
            var c = text.charAt(i);
            if (c >= 0x80) {
                size = before;
                return false;
            }
            to[at + i] = (byte) c;
        }
        size = at + length;
        return true;
    }

    /// An encoder of its own reports half a surrogate pair, where `String.getBytes` writes a question mark.
    private static byte[] strictly(String text) {
        try {
            var encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            var all = new byte[encoded.remaining()];
            encoded.get(all);
            return all;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text: half a surrogate pair (expected: well-formed Unicode)", e);
        }
    }

    /// What repeats in a row. Things of different kinds may be equal as texts, never as values.
    <T> void shared(T thing, Consumer<T> write) {
        var known = shared.get(thing);
        if (known == null) {
            number(0);
            write.accept(thing);
            shared.put(thing, shared.size() + 1);
        } else {
            number(known);
        }
    }

    void token(ObjectToken token) {
        var known = tokens.putIfAbsent(token, tokens.size() + 2);
        if (known != null) {
            number(known);
            return;
        }
        var bits = UlidBits.of(token.text());
        number(bits.isPresent() ? 0 : 1);
        bits.ifPresentOrElse(
                ulid -> {
                    fixed(ulid.high());
                    fixed(ulid.low());
                },
                () -> text(token.text()));
    }

    void hex(String text) {
        var packs = text.length() == 2 * HASH_BYTES
                && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
        if (packs) {
            number(0);
            raw(HexFormat.of().parseHex(text));
        } else {
            number(1);
            text(text);
        }
    }

    /// Bytes whose number every reader knows.
    void raw(byte[] raw) {
        reserve(raw.length);
        System.arraycopy(raw, 0, bytes, size, raw.length);
        size += raw.length;
    }

    <T> void optional(Optional<T> value, Consumer<T> write) {
        flag(value.isPresent());
        value.ifPresent(write);
    }

    /// Optionals each of which is there only beside the one before it: those that are. One alone is as [#optional].
    <T> void leading(List<T> present, Consumer<T> write) {
        tag(present.size());
        present.forEach(write);
    }

    <T> void list(List<T> list, Consumer<T> write) {
        number(list.size());
        list.forEach(write);
    }

    <K extends Comparable<? super K>, V> void map(Map<K, V> map, Consumer<K> writeKey, Consumer<V> writeValue) {
        map(map, Comparator.naturalOrder(), writeKey, writeValue);
    }

    <K, V> void map(Map<K, V> map, Comparator<? super K> order, Consumer<K> writeKey, Consumer<V> writeValue) {
        var sorted = new TreeMap<K, V>(order);
        sorted.putAll(map);
        number(sorted.size());
        sorted.forEach((key, value) -> {
            writeKey.accept(key);
            writeValue.accept(value);
        });
    }

    private void varint(long number) {
        reserve(10);
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void fixed(long number) {
        reserve(Long.BYTES);
        ByteBuffer.wrap(bytes, size, Long.BYTES).putLong(number);
        size += Long.BYTES;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
        }
    }
}
