package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.value.LiteralJson;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// What objects come to, in whatever order they are added: for each bucket of the page order and each location
/// how many rows there are, and the sum of their hashes, each the first 128 bits of SHA-256 as two numbers that
/// are added without
/// carry between them. Sites that hold the same have the same digests; where those of a bucket differ, so do its
/// objects. It finds faults and not forgers: who can choose rows can make sums meet. One thread adds.
///
/// A row's hash is over token, type, definition, location, value (as JSON) and version, each as its length in four
/// bytes
/// and its UTF-8; that of an object's being there is over token and type alone, and counts as a global row.
public final class Digest {
    /// So many at most.
    public static final int MAX_BUCKETS = 4_096;

    private static final Comparator<Place> ORDER = Comparator.comparingInt(Place::bucket)
            .thenComparing(place -> place.location().map(LocationId::text).orElse(""));

    private final int buckets;
    private final MessageDigest sha256;
    private final Map<Place, Sum> sums = new TreeMap<>(ORDER);

    /// A bucket's rows of one location, or the global ones.
    public record Place(int bucket, Optional<LocationId> location) {}

    /// How many rows, and the sum of their hashes.
    public record Sum(long rows, long high, long low) {
        private static final Sum NONE = new Sum(0, 0, 0);

        private Sum and(Sum other) {
            return new Sum(rows + other.rows, high + other.high, low + other.low);
        }

        /// Reads what [#hex()] wrote.
        ///
        /// @throws IllegalArgumentException if it is not of the form
        public static Sum of(long rows, String hex) {
            if (rows < 0 || hex.length() != 32) {
                throw new IllegalArgumentException("sum: " + rows + " rows (expected: 0 or more, and 32 digits)");
            }
            return new Sum(rows, HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
        }

        /// 32 hexadecimal digits.
        public String hex() {
            return HexFormat.of()
                    .formatHex(
                            ByteBuffer.allocate(16).putLong(high).putLong(low).array());
        }
    }

    /// @param buckets a power of two
    public Digest(int buckets) {
        if (buckets < 1 || buckets > MAX_BUCKETS || Integer.bitCount(buckets) != 1) {
            throw new IllegalArgumentException(
                    "buckets: " + buckets + " (expected: a power of two, at most " + MAX_BUCKETS + ")");
        }
        this.buckets = buckets;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Adds an object with all its rows.
    public void add(ObjectView.Live object) {
        var bucket = bucketOf(object.object());
        var there = new String[] {object.object().text(), object.type().text()};
        add(new Place(bucket, Optional.empty()), hash(there));
        for (var row : object.rows()) {
            add(new Place(bucket, row.attribute().location()), hash(texts(object, row)));
        }
    }

    private static String[] texts(ObjectView.Live object, Row row) {
        var attribute = row.attribute();
        return new String[] {
            object.object().text(),
            object.type().text(),
            attribute.definition().text(),
            attribute.location().map(LocationId::text).orElse(""),
            LiteralJson.write(attribute.value().literal()).toString(),
            row.version().toString()
        };
    }

    private void add(Place place, Sum sum) {
        sums.put(place, sums.getOrDefault(place, Sum.NONE).and(sum));
    }

    private Sum hash(String... texts) {
        for (var text : texts) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            sha256.update(bytes);
        }
        var hash = ByteBuffer.wrap(sha256.digest());
        return new Sum(1, hash.getLong(), hash.getLong());
    }

    /// The bucket that an object falls in.
    public int bucketOf(ObjectToken object) {
        return HashRange.numberOf(PageKey.hash(object.text()), buckets);
    }

    /// What there is, for each place that has rows.
    public Map<Place, Sum> sums() {
        return Map.copyOf(sums);
    }

    /// Shows each place that has rows, by bucket, then location.
    public void forEach(BiConsumer<Place, Sum> each) {
        sums.forEach(each);
    }
}
