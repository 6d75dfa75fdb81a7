package dev.storemesh.ops.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CsvTableTest {
    @Test
    void readsQuotesLineBreaksAndAByteOrderMark() throws Exception {
        var table = read("\uFEFFa,b\r\n1,\"x, \"\"y\"\"\"\r\n\"2\n3\", NULL \r\n4,NULL\r\n");
        assertThat(table.lines()).hasSize(3);
        assertThat(table.lines().get(0).cell("a")).contains("1");
        assertThat(table.lines().get(0).cell("b")).contains("x, \"y\"");
        assertThat(table.lines().get(1).cell("a")).contains("2\n3");
        assertThat(table.lines().get(1).cell("b")).contains(" NULL ");
        assertThat(table.lines().get(2).cell("b")).isEmpty();
        assertThat(table.lines().get(2).has("b")).isTrue();
        assertThat(table.lines().get(2).has("c")).isFalse();
        assertThat(table.lines()).extracting(CsvTable.Line::number).containsExactly(2L, 3L, 4L);
    }

    @Test
    void marksRowsOfAnotherLength() throws Exception {
        assertThat(read("a,b\n1\n1,2\n1,2,3\n").lines())
                .extracting(CsvTable.Line::whole)
                .containsExactly(false, true, false);
    }

    @Test
    void saysWhyAFileCannotBeTaken(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> read("b\n1\n"))
                .hasMessage("test: has no column a (expected: a first row that names the columns)");
        assertThatThrownBy(() -> read("")).hasMessageContaining("has no column a");
        assertThatThrownBy(() -> read("a,a\n")).hasMessageContaining("not well-formed");
        assertThatThrownBy(() -> read("a\n\"open")).isInstanceOf(ImportException.class);
        assertThatThrownBy(() -> read("a\n\"x\"y\n")).isInstanceOf(ImportException.class);
        var latin = Files.write(folder.resolve("latin.csv"), "a\nCafé\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> CsvTable.read(latin, Set.of("a"))).hasMessageContaining("it is not UTF-8");
        assertThatThrownBy(() -> CsvTable.read(folder.resolve("none.csv"), Set.of("a")))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("there is no such file");
    }

    private static CsvTable read(String text) throws ImportException {
        return CsvTable.read("test", new StringReader(text), Set.of("a"));
    }
}
