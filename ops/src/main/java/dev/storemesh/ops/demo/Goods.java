package dev.storemesh.ops.demo;

import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.importer.CatalogImport;
import dev.storemesh.ops.importer.CorePosFolder;
import dev.storemesh.ops.importer.Group;
import dev.storemesh.ops.importer.HttpCatalog;
import dev.storemesh.ops.importer.ImportException;
import dev.storemesh.ops.importer.ImportReport;
import dev.storemesh.ops.importer.SampleCatalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What a demo fills its catalog with, read and checked before any process starts.
record Goods(String title, List<Group> groups) {
    private static final Currency CURRENCY = Currency.getInstance("USD");

    Goods {
        groups = List.copyOf(groups);
    }

    /// @param data folder of CORE-POS files; empty: the sample that ships with the program
    static Goods read(Optional<Path> data) throws DemoException {
        try {
            return data.isPresent()
                    ? new Goods("CORE-POS " + data.get(), CorePosFolder.read(data.get(), CURRENCY, ZoneOffset.UTC))
                    : new Goods("the sample catalog", SampleCatalog.read());
        } catch (ImportException e) {
            throw new DemoException(String.valueOf(e.getMessage()), e);
        }
    }

    /// Equal for equal goods, so that a kept demo need not import the same again.
    String fingerprint() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(groups.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Writes them into the catalog and says what came of it; what is there already is left alone.
    void importInto(ApiClient hq, String catalog, Progress progress) throws DemoException, InterruptedException {
        var target = new HttpCatalog(hq, catalog);
        try {
            var summary = new CatalogImport(target, new ImportSteps(progress), System::nanoTime, "demo").run(groups);
            ImportReport.lines(summary).forEach(line -> progress.step("  " + line));
        } catch (ImportException e) {
            throw new DemoException(String.valueOf(e.getMessage()), e);
        }
    }
}
