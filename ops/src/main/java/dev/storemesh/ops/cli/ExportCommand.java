package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.importer.Progress;
import dev.storemesh.ops.process.CommandFailed;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `storemesh export`: a catalog as lines of JSON, which import takes.
@Command(name = "export", description = "Write a catalog, or one type of it, as lines of JSON, which import takes.")
public final class ExportCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "Where to; packed, if it ends in .gz (default: standard output).")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--at-version", paramLabel = "VERSION", description = "The version (default: the newest).")
    private Optional<String> version = Optional.empty();

    @Option(names = "--at", paramLabel = "INSTANT", description = "The version that was the newest then.")
    private Optional<String> at = Optional.empty();

    @Option(names = "--type", paramLabel = "TYPE", description = "Only objects of this type.")
    private Optional<String> type = Optional.empty();

    @Option(names = "--location", paramLabel = "LOCATION", description = "As this location sees it.")
    private Optional<String> location = Optional.empty();

    @Override
    public Integer call() throws CommandFailed, ApiException, InterruptedException {
        var progress = ProgressBar.of(client.err());
        try {
            if (file.isEmpty()) {
                export(System.out, progress);
                System.out.flush();
                return 0;
            }
            var exported = toFile(file.get(), progress);
            progress.end();
            var answer = JsonNodeFactory.instance
                    .objectNode()
                    .put("file", file.get().toString())
                    .put("version", exported.orElse(0));
            return client.print(answer, List.of("Version " + exported.orElse(0) + " is in " + file.get() + "."));
        } catch (IOException e) {
            throw new CommandFailed("The export cannot be written: " + e.getMessage(), e);
        } finally {
            progress.end();
        }
    }

    /// The file is there when it is whole.
    private OptionalLong toFile(Path target, Progress progress)
            throws CommandFailed, ApiException, InterruptedException, IOException {
        var part = target.resolveSibling(target.getFileName() + ".part");
        try {
            OptionalLong exported;
            try (var out = opened(part)) {
                exported = export(out, progress);
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            return exported;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static OutputStream opened(Path part) throws IOException {
        var bytes = new BufferedOutputStream(Files.newOutputStream(part));
        return part.toString().endsWith(".gz.part") ? new GZIPOutputStream(bytes) : bytes;
    }

    private OptionalLong export(OutputStream out, Progress progress)
            throws CommandFailed, ApiException, InterruptedException {
        var api = client.connect();
        var catalog = client.neededCatalog();
        var total =
                api.get(Query.of("catalogs", catalog)).body().path("objects").asLong();
        progress.begin("objects", type.isPresent() ? 0 : total);
        var query = Query.of("catalogs", catalog, "export")
                .with("version", version)
                .with("at", at)
                .with("type", type)
                .with("location", location);
        return api.download(query, new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
                var lines = 0;
                for (var i = from; i < from + length; i++) {
                    lines += bytes[i] == '\n' ? 1 : 0;
                }
                progress.advance(lines);
            }
        });
    }
}
