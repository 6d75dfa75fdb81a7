package dev.storemesh.ops.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/// One row of the catalog that is measured: a file's, or an invented one.
record Article(
        String name,
        Optional<String> barcode,
        Optional<String> brand,
        OptionalLong priceCents,
        String department,
        String note) {
    /// As many as the file of products has that the documents' figures are of.
    static final int AS_MANY = 24_232;

    private static final int INVENTED_DEPARTMENTS = 50;
    private static final List<String> WORDS = List.of(
            ("green black tea coffee bread milk cheese apple pear rice bean soup organic dark white sweet salted fresh"
                            + " wild crème jalapeño oat honey ginger lemon mint cocoa vanilla almond maple tomato basil")
                    .split(" ", -1));

    /// Reads `catalog.csv`. A department is the row's category, else its department's number, else one of fifty by
    /// the hash of its code. The barcode of a later row that repeats one is dropped.
    static List<Article> read(Path folder) throws IOException {
        var format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        var barcodes = new HashSet<String>();
        var articles = new ArrayList<Article>();
        try (var reader = Files.newBufferedReader(folder.resolve("catalog.csv"), StandardCharsets.UTF_8);
                var rows = format.parse(reader)) {
            for (var row : rows) {
                articles.add(of(row, barcodes));
            }
        }
        return articles;
    }

    private static Article of(CSVRecord row, HashSet<String> barcodes) {
        var code = row.get("sku").strip();
        var brand = cell(row, "brand");
        var category = cell(row, "category");
        var name = cell(row, "description").orElseGet(() -> (brand.orElse("") + " " + category.orElse(code)).strip());
        return new Article(
                name,
                Optional.of(code).filter(barcodes::add),
                brand,
                cents(row.get("price")),
                category.or(() -> cell(row, "department").map(number -> "Department " + number))
                        .orElseGet(() -> invented(code)),
                row.get("origin"));
    }

    private static Optional<String> cell(CSVRecord row, String column) {
        return Optional.of(row.get(column).strip()).filter(text -> !text.isEmpty());
    }

    private static OptionalLong cents(String price) {
        return price.isBlank()
                ? OptionalLong.empty()
                : OptionalLong.of(new BigDecimal(price.strip())
                        .movePointRight(2)
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact());
    }

    private static String invented(String code) {
        return "Aisle " + Math.floorMod(code.hashCode(), INVENTED_DEPARTMENTS);
    }

    /// Rows of that kind, the same each time.
    static List<Article> generated(int count) {
        var random = new SplittableRandom(17);
        var articles = new ArrayList<Article>();
        for (var i = 0; i < count; i++) {
            var name = new StringBuilder();
            for (var words = random.nextInt(2, 5); words > 0; words--) {
                name.append(WORDS.get((int) (random.nextDouble() * random.nextDouble() * WORDS.size())))
                        .append(words > 1 ? " " : "");
            }
            var code = "%013d".formatted(2_000_000_000_000L + i * 7L);
            articles.add(new Article(
                    name + " no. " + i,
                    Optional.of(code),
                    random.nextInt(3) > 0 ? Optional.of("Brand " + random.nextInt(300)) : Optional.empty(),
                    random.nextInt(5) > 1 ? OptionalLong.of(random.nextLong(50, 5_000)) : OptionalLong.empty(),
                    invented(code),
                    "generated"));
        }
        return articles;
    }
}
