package dev.storemesh.ops.importer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/// A comma-separated file (RFC 4180, UTF-8) whose first row names the columns.
record CsvTable(String name, List<Line> lines) {
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
            .setIgnoreEmptyLines(true)
            .get();

    CsvTable {
        lines = List.copyOf(lines);
    }

    /// One row: its cells by column, and whether it has as many as the header.
    ///
    /// @param number as a spreadsheet counts: the header is row 1
    record Line(long number, Map<String, String> cells, boolean whole) {
        Line {
            cells = Map.copyOf(cells);
        }

        /// Whether the file has this column at all; one that it lacks says nothing.
        boolean has(String column) {
            return cells.containsKey(column);
        }

        /// The cell, unless it is blank or SQL's `NULL`.
        Optional<String> cell(String column) {
            return Optional.ofNullable(cells.get(column)).filter(text -> !text.isBlank() && !text.equals("NULL"));
        }
    }

    /// Reads the whole file.
    ///
    /// @param needed columns without which the file is not the one that was meant
    static CsvTable read(Path file, Set<String> needed) throws ImportException {
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(file.toString(), reader, needed);
        } catch (NoSuchFileException e) {
            throw new ImportException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new ImportException(file + ": cannot be read (" + reason(e) + ")", e);
        }
    }

    static CsvTable read(String name, Reader reader, Set<String> needed) throws ImportException {
        try (var parser = CSVParser.parse(withoutByteOrderMark(reader), FORMAT)) {
            var missing = needed.stream()
                    .filter(column -> !parser.getHeaderMap().containsKey(column))
                    .sorted()
                    .toList();
            if (!missing.isEmpty()) {
                throw new ImportException(name + ": has no column " + String.join(", ", missing)
                        + " (expected: a first row that names the columns)");
            }
            var lines = new ArrayList<Line>();
            for (var csv : parser) {
                lines.add(line(csv, parser.getHeaderNames()));
            }
            return new CsvTable(name, lines);
        } catch (IOException e) {
            throw new ImportException(name + ": cannot be read (" + reason(e) + ")", e);
        } catch (UncheckedIOException e) {
            throw new ImportException(name + ": cannot be read (" + String.valueOf(e.getMessage()) + ")", e);
        } catch (IllegalArgumentException | IllegalStateException e) { // how the parser says "not CSV"
            throw new ImportException(name + ": is not well-formed CSV (" + e.getMessage() + ")", e);
        }
    }

    private static Line line(CSVRecord csv, List<String> columns) {
        var cells = new LinkedHashMap<String, String>();
        for (var i = 0; i < Math.min(csv.size(), columns.size()); i++) {
            cells.put(columns.get(i), csv.get(i));
        }
        return new Line(csv.getRecordNumber() + 1, cells, csv.size() == columns.size());
    }

    private static Reader withoutByteOrderMark(Reader raw) throws IOException {
        var reader = new BufferedReader(raw);
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
        return reader;
    }

    private static String reason(IOException e) {
        return e instanceof CharacterCodingException
                ? "it is not UTF-8"
                : Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }
}
