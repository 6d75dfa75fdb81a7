package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.value.ObjectToken;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads what [RowWriter] wrote, and believes none of it: every length and count is held against the bytes that are
/// left before anything is allocated, so damaged bytes cost no more memory than a sound row of the same length. That of
/// a packed row is held against the length of the row ([Packed]).
final class RowReader {
    private static final char REPLACEMENT = '\uFFFD';

    private final ByteBuffer bytes; // of an array
    private final List<Object> shared = new ArrayList<>();
    private final List<ObjectToken> tokens = new ArrayList<>();

    private RowReader(byte[] row) {
        bytes = ByteBuffer.wrap(row);
    }

    /// A reader of what follows the first byte, whatever the format.
    private static RowReader of(byte[] row) {
        var reader = new RowReader(row);
        int format = reader.tag();
        return switch (format) {
            case RowWriter.FORMAT -> reader;
            case Packed.FORMAT -> new RowReader(Packed.unpack(row, reader.number(), reader.bytes));
            default ->
                throw new UnreadableRowException(
                        "format version: " + format + " (expected: at most " + Packed.FORMAT + ")");
        };
    }

    /// Reads a whole row, to its last byte.
    ///
    /// @throws UnreadableRowException if that cannot be done, for whatever reason
    static <T> T read(byte[] row, Function<RowReader, T> body) {
        var reader = of(row);
        try {
            var value = body.apply(reader);
            if (reader.bytes.hasRemaining()) {
                throw reader.unreadable(reader.bytes.remaining() + " bytes too many");
            }
            return value;
        } catch (IllegalArgumentException e) { // a value that its own type refuses
            throw new UnreadableRowException(
                    "damaged row at byte " + reader.bytes.position() + ": a value that its type refuses", e);
        }
    }

    int tag() {
        need(1);
        return bytes.get() & 0xff;
    }

    boolean flag() {
        int tag = tag();
        if (tag > 1) {
            throw unknownTag("flag", tag);
        }
        return tag == 1;
    }

    long number() {
        long number = varint();
        if (number < 0) {
            throw unreadable("a number past 2^63");
        }
        return number;
    }

    int integer() {
        long number = number();
        if (number > Integer.MAX_VALUE) {
            throw unreadable("number " + number + " past 2^31");
        }
        return (int) number;
    }

    long signed() {
        long number = varint();
        return (number >>> 1) ^ -(number & 1);
    }

    Instant instant() {
        return Instant.ofEpochMilli(signed());
    }

    String text() {
        int length = count();
        int from = bytes.position();
        bytes.position(from + length);
        var text = new String(bytes.array(), bytes.arrayOffset() + from, length, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : strictly(bytes.slice(from, length));
    }

    /// What stands for bytes that are not UTF-8 may also be meant.
    private String strictly(ByteBuffer encoded) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableRowException("damaged row at byte " + bytes.position() + ": text is not UTF-8", e);
        }
    }

    <T> T shared(Class<T> kind, Supplier<T> read) {
        long number = number();
        if (number == 0) {
            var thing = read.get();
            shared.add(thing);
            return thing;
        }
        var known = known(shared, number - 1);
        if (!kind.isInstance(known)) {
            throw unreadable("number " + number + " is no " + kind.getSimpleName());
        }
        return kind.cast(known);
    }

    ObjectToken token() {
        long number = number();
        if (number > 1) {
            return known(tokens, number - 2);
        }
        var token = new ObjectToken(number == 0 ? ulid() : text());
        tokens.add(token);
        return token;
    }

    private String ulid() {
        need(UlidBits.BYTES);
        return new UlidBits(bytes.getLong(), bytes.getLong()).text();
    }

    String hex() {
        int tag = tag();
        return switch (tag) {
            case 0 -> HexFormat.of().formatHex(raw(RowWriter.HASH_BYTES));
            case 1 -> text();
            default -> throw unknownTag("form of a hash", tag);
        };
    }

    byte[] raw(int length) {
        need(length);
        var raw = new byte[length];
        bytes.get(raw);
        return raw;
    }

    <T> Optional<T> optional(Supplier<T> read) {
        return flag() ? Optional.of(read.get()) : Optional.empty();
    }

    <T> List<T> leading(int most, Supplier<T> read) {
        int tag = tag();
        if (tag > most) {
            throw unknownTag("number of optionals", tag);
        }
        var present = new ArrayList<T>(tag);
        for (int i = 0; i < tag; i++) {
            present.add(read.get());
        }
        return present;
    }

    <T> List<T> list(Supplier<T> read) {
        int count = count();
        var list = new ArrayList<T>(count);
        for (int i = 0; i < count; i++) {
            list.add(read.get());
        }
        return list;
    }

    <K, V> Map<K, V> map(Supplier<K> readKey, Supplier<V> readValue) {
        int count = count();
        var map = new HashMap<K, V>();
        for (int i = 0; i < count; i++) {
            var key = readKey.get();
            if (map.put(key, readValue.get()) != null) {
                throw unreadable("a key twice");
            }
        }
        return map;
    }

    UnreadableRowException unknownTag(String what, int tag) {
        return unreadable("unknown " + what + " " + tag);
    }

    /// How many of something follow, each at least one byte long.
    int count() {
        long count = number();
        if (count > bytes.remaining()) {
            throw unreadable("a length of " + count + " where " + bytes.remaining() + " bytes are left");
        }
        return (int) count;
    }

    private long varint() {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = tag();
            if (shift == 63 && next > 1) {
                throw unreadable("a number past 64 bits");
            }
            number |= (long) (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                return number;
            }
        }
        throw unreadable("a number past 64 bits");
    }

    private void need(int length) {
        if (length > bytes.remaining()) {
            throw unreadable("cut off, " + length + " bytes wanted and " + bytes.remaining() + " left");
        }
    }

    UnreadableRowException unreadable(String reason) {
        return new UnreadableRowException("damaged row at byte " + bytes.position() + ": " + reason);
    }

    private <T> T known(List<T> table, long index) {
        if (index >= table.size()) {
            throw unreadable("number " + index + " of " + table.size());
        }
        return table.get((int) index);
    }
}
