package dev.storemesh.protocol.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Sound inputs that a fuzzer starts from, as files in the folder that the property `storemesh.fuzz.seeds` names,
/// which ends in `seeds`.
public final class FuzzSeeds {
    private FuzzSeeds() {}

    public static List<byte[]> texts(String... seeds) {
        return List.of(seeds).stream()
                .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /// Also runs each once: the first runs load and instrument classes, which takes time and memory.
    public static void write(List<byte[]> seeds, Consumer<byte[]> target) {
        var folder = Path.of(System.getProperty("storemesh.fuzz.seeds"));
        try {
            Files.createDirectories(folder);
            Files.createDirectories(folder.resolveSibling("corpus")); // where the fuzzer keeps what leads further
            for (var i = 0; i < seeds.size(); i++) {
                Files.write(folder.resolve("seed-" + i), seeds.get(i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        seeds.forEach(target);
    }
}
