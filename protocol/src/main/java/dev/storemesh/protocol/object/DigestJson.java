package dev.storemesh.protocol.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Texts;
import dev.storemesh.protocol.object.Digest.Place;
import dev.storemesh.protocol.object.Digest.Sum;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Digests as `[{"bucket": 3, "location": "store-1", "rows": 2, "sum": …}]`.
public final class DigestJson {
    /// So many buckets are looked into at once, at most.
    public static final int MAX_LISTED = 64;

    private DigestJson() {}

    public static void write(ArrayNode array, Digest digest) {
        digest.forEach((place, sum) -> {
            var node = array.addObject().put("bucket", place.bucket());
            place.location().ifPresent(location -> node.put("location", location.text()));
            node.put("rows", sum.rows()).put("sum", sum.hex());
        });
    }

    /// Reads a list such as `3,17`.
    ///
    /// @throws IllegalArgumentException if it is none, or names more than [#MAX_LISTED]
    public static Set<Integer> buckets(String text) {
        var buckets = new TreeSet<Integer>();
        for (var part : text.split(",", -1)) {
            if (!part.matches("[0-9]{1,4}")) {
                throw new IllegalArgumentException(
                        "bucket: " + Texts.shortened(text, 80) + " (expected: numbers with commas between)");
            }
            buckets.add(Integer.parseInt(part));
        }
        if (buckets.size() > MAX_LISTED) {
            throw new IllegalArgumentException(
                    "bucket: " + buckets.size() + " of them (expected: at most " + MAX_LISTED + ")");
        }
        return buckets;
    }

    /// The field `digests`.
    ///
    /// @throws IllegalArgumentException if it is not of the form
    public static Map<Place, Sum> read(Fields fields) {
        var sums = new HashMap<Place, Sum>();
        if (!fields.has("digests")) {
            throw fields.missing("digests");
        }
        fields.list("digests", Fields::of).forEach(one -> {
            var bucket = one.number("bucket");
            if (bucket < 0 || bucket >= Digest.MAX_BUCKETS) {
                throw one.wrong("bucket", "a bucket");
            }
            var place = new Place((int) bucket, one.optionalParsed("location", LocationId::new));
            var rows = one.number("rows");
            sums.put(place, one.parsed("sum", hex -> Sum.of(rows, hex)));
        });
        return sums;
    }

    /// The field `objects`: of each its own digests, in one bucket.
    ///
    /// @throws IllegalArgumentException if it is not of the form
    public static Map<ObjectToken, Map<Place, Sum>> readObjects(Fields fields) {
        var objects = new HashMap<ObjectToken, Map<Place, Sum>>();
        if (!fields.has("objects")) {
            throw fields.missing("objects");
        }
        fields.list("objects", Fields::of)
                .forEach(one -> objects.put(one.parsed("object", ObjectToken::new), read(one)));
        return objects;
    }
}
