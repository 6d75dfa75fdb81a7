package dev.storemesh.ops.site;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/// Lets the many nodes that tests start begin sooner, as the launcher does: by a class data archive, which is made
/// once by a run of its own when a few nodes were started without. The JVM makes them of jars only, so folders of
/// classes are packed first. Where none can be made, nodes start as they always do.
final class FastStart {
    private static final int WITHOUT = 3; // starts before it is worth a run of its own
    private static final AtomicInteger STARTS = new AtomicInteger();

    /// How a JVM of ours is to be started.
    record Options(String classPath, List<String> jvm) {
        Options {
            jvm = List.copyOf(jvm);
        }
    }

    /// Made at the first use.
    private static final class Archived {
        private static final Options OPTIONS = make();
    }

    private FastStart() {}

    static Options options() {
        return STARTS.incrementAndGet() > WITHOUT ? Archived.OPTIONS : new Options(classPath(), List.of());
    }

    /// Surefire hides the class path in a jar's manifest and tells it here.
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static Options make() {
        var plain = new Options(classPath(), List.of());
        try {
            var folder = Files.createTempDirectory("storemesh-fast-start-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            var jars = new Options(packed(folder), List.of());
            var archive = folder.resolve("nodes.jsa");
            train(folder, jars, archive);
            return Files.exists(archive)
                    ? new Options(jars.classPath(), List.of("-Xlog:disable", "-XX:SharedArchiveFile=" + archive))
                    : plain;
        } catch (IOException e) {
            System.out.println("nodes start slowly: " + e);
            return plain;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return plain;
        }
    }

    private static String packed(Path folder) throws IOException {
        var entries = new ArrayList<String>();
        for (var entry : classPath().split(File.pathSeparator, -1)) {
            var path = Path.of(entry);
            entries.add(
                    Files.isDirectory(path)
                            ? pack(path, folder.resolve(entries.size() + ".jar"))
                                    .toString()
                            : entry);
        }
        return String.join(File.pathSeparator, entries);
    }

    private static Path pack(Path classes, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(classes)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(
                        new ZipEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    private static void train(Path folder, Options jars, Path archive) throws IOException, InterruptedException {
        var options = new Options(jars.classPath(), List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + archive));
        try (var node = new SiteProcess(folder.resolve("hq"))) {
            node.launch(options);
            node.awaitReady();
            node.stop();
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            System.out.println("nodes start slowly: " + e.getMessage());
        }
    }

    private static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
