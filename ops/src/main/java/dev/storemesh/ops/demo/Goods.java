package dev.storemesh.ops.demo;

import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.importer.CatalogImport;
import dev.storemesh.ops.importer.CorePosFolder;
import dev.storemesh.ops.importer.Group;
import dev.storemesh.ops.importer.HttpCatalog;
import dev.storemesh.ops.importer.ImportException;
import dev.storemesh.ops.importer.ImportReport;
import dev.storemesh.ops.importer.SampleCatalog;
import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What a demo fills its catalog with.
///
/// @param data folder of CORE-POS files; empty: the sample that ships with the program
/// @param fingerprint equal for equal goods, so that a kept demo need not read and import the same again
record Goods(Optional<Path> data, String fingerprint) {
    private static final Currency CURRENCY = Currency.getInstance("USD");
    private static final List<String> FILES = List.of("departments.csv", "products.csv");

    static Goods of(Optional<Path> data) throws CommandFailed {
        return new Goods(data, data.isPresent() ? digest(data.get()) : "sample");
    }

    String title() {
        return data.map(folder -> "CORE-POS " + folder).orElse("the sample catalog");
    }

    /// Writes them into the catalog and says what came of it; what is there already is left alone.
    void importInto(ApiClient hq, String catalog, Progress progress) throws CommandFailed, InterruptedException {
        var target = new HttpCatalog(hq, catalog);
        try {
            var summary = new CatalogImport(target, new ImportSteps(progress), System::nanoTime, "demo").run(read());
            ImportReport.lines(summary).forEach(line -> progress.step("  " + line));
        } catch (ImportException e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private List<Group> read() throws ImportException {
        return data.isPresent() ? CorePosFolder.read(data.get(), CURRENCY, ZoneOffset.UTC) : SampleCatalog.read();
    }

    private static String digest(Path folder) throws CommandFailed {
        var digest = sha256();
        for (var name : FILES) {
            var file = folder.resolve(name);
            try {
                digest.update(Files.readAllBytes(file));
            } catch (IOException e) {
                var why = Files.exists(file) ? "cannot be read: " + e : "is not there";
                throw new CommandFailed("--data: " + file + " " + why + ".", e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
