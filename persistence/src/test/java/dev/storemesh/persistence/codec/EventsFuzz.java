package dev.storemesh.persistence.codec;

import com.sun.management.ThreadMXBean;
import dev.storemesh.protocol.fuzz.FuzzSeeds;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A target for a fuzzer (Jazzer, profile `fuzz`): stored bytes are refused as unreadable or come back as they
/// were, and ask for no more memory than a sound row of their length. The first byte of the input says under which
/// manifest.
public final class EventsFuzz {
    private static final EventSerializer SERIALIZER = new EventSerializer();
    private static final ThreadMXBean METER = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// By the index that the first byte gives.
    private static final List<String> MANIFESTS = Samples.ALL.values().stream()
            .map(SERIALIZER::manifest)
            .distinct()
            .sorted()
            .toList();

    /// What the most demanding sound row takes: some stand for a whole schema, which is built anew.
    private static final class Sound {
        private static final long BYTES = seeds().stream()
                .mapToLong(seed -> Math.min(allocated(seed), allocated(seed))) // the first may load classes
                .max()
                .orElse(0);
    }

    private EventsFuzz() {}

    static List<byte[]> seeds() {
        var seeds = new ArrayList<byte[]>();
        for (var sample : Samples.ALL.values()) {
            seeds.add(seed(sample));
        }
        for (var seed = 0; seed < 3; seed++) {
            for (var stored : new RandomEvents(seed).oneOfEach()) {
                seeds.add(seed(stored));
            }
        }
        return seeds;
    }

    private static byte[] seed(Object stored) {
        var out = new ByteArrayOutputStream();
        out.write(MANIFESTS.indexOf(SERIALIZER.manifest(stored)));
        out.writeBytes(SERIALIZER.toBinary(stored));
        return out.toByteArray();
    }

    public static void fuzzerInitialize() {
        FuzzSeeds.write(seeds(), EventsFuzz::read);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        var first = allocated(input);
        var again = first > bound(input) ? allocated(input) : first; // the first may load classes
        if (again > bound(input)) {
            throw new AssertionError(again + " bytes of memory for " + input.length);
        }
    }

    private static long bound(byte[] input) {
        return 1_000_000 + Sound.BYTES + 100L * Packed.MOST_TIMES * input.length;
    }

    private static long allocated(byte[] input) {
        var before = METER.getCurrentThreadAllocatedBytes();
        read(input);
        return METER.getCurrentThreadAllocatedBytes() - before;
    }

    private static void read(byte[] input) {
        var manifest = MANIFESTS.get((input[0] & 0xff) % MANIFESTS.size());
        Object stored;
        try {
            stored = SERIALIZER.fromBinary(Arrays.copyOfRange(input, 1, input.length), manifest);
        } catch (UnreadableRowException e) {
            return;
        }
        var written = SERIALIZER.toBinary(stored);
        var again = SERIALIZER.fromBinary(written, manifest);
        if (!again.equals(stored) || !Arrays.equals(SERIALIZER.toBinary(again), written)) {
            throw new AssertionError("not read back: " + stored);
        }
    }
}
