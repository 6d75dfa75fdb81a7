package dev.storemesh.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TextTableTest {
    @Test
    void alignsItsColumns() {
        var table = new TextTable("ID", "NAME");
        table.add("store-1", "a");
        table.add("s", "");
        assertThat(table.lines()).containsExactly("ID       NAME", "store-1  a", "s");
    }

    @Test
    void letsNoTextSteerTheTerminal() {
        assertThat(TextTable.clean("a\u001b[2Jb\nc\u202ed é 😀")).isEqualTo("a?[2Jb?c?d é 😀");
    }
}
