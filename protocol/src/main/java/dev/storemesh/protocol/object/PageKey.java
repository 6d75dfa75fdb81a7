package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.ObjectToken;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The place of an object in pages: by the hash of its token (unsigned), then by the token. The order is the same at
/// every site and however many partitions share the objects. Tokens that begin with `sys.` have the hash 0: so schema
/// objects come before the data that they rule.
///
/// The hash is MurmurHash3 x86 32 bit, seed 0, of the token's UTF-8 (Austin Appleby, public domain; SMHasher's
/// `MurmurHash3.cpp`): well mixed in its high bits, by which partitions divide the objects, and easy to have in any
/// language.
///
/// In an index it stands for the object alone.
public record PageKey(int hash, ObjectToken token) implements Comparable<PageKey>, Postings {
    public static PageKey of(ObjectToken token) {
        return new PageKey(hash(token.text()), token);
    }

    /// The hash of any text, as partitions use it for idempotency keys, too.
    public static int hash(String text) {
        return text.startsWith(ObjectToken.SCHEMA_PREFIX) ? 0 : murmur3(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Most keys that are compared are the same instance: that of the object.
    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof PageKey key && hash == key.hash && token.equals(key.token);
    }

    @Override
    public int hashCode() {
        return hash == 0 ? token.hashCode() : hash;
    }

    @Override
    public int compareTo(PageKey other) {
        var order = Integer.compareUnsigned(hash, other.hash);
        return order != 0 ? order : token.compareTo(other.token);
    }

    @Override
    public int size() {
        return 1;
    }

    /// Then a list takes its place.
    @Override
    public int growth() {
        return 32 + 24 + 4 * HeapSize.REFERENCE;
    }

    @Override
    public List<PageKey> inOrder() {
        return List.of(this);
    }

    @Override
    public Postings and(PageKey other) {
        return other.equals(this) ? this : new Postings.Many(List.of(this, other));
    }

    private static int murmur3(byte[] data) {
        var hash = 0;
        var blocks = data.length & ~3;
        for (var i = 0; i < blocks; i += 4) {
            var block = data[i] & 0xFF | (data[i + 1] & 0xFF) << 8 | (data[i + 2] & 0xFF) << 16 | data[i + 3] << 24;
            hash = Integer.rotateLeft(hash ^ mix(block), 13) * 5 + 0xe6546b64;
        }
        var tail = 0;
        for (var i = data.length - 1; i >= blocks; i--) {
            tail = tail << 8 | data[i] & 0xFF;
        }
        hash ^= mix(tail) ^ data.length;
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }

    private static int mix(int block) {
        return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
    }
}
