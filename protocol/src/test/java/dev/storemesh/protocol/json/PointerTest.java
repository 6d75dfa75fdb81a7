package dev.storemesh.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PointerTest {
    @Test
    void isWrittenAsRfc6901Says() {
        assertThat(Pointer.ROOT).hasToString("");
        assertThat(Pointer.ROOT.field("operations").element(0).field("op")).hasToString("/operations/0/op");
        assertThat(Pointer.ROOT.field("a/b").field("c~d").field("~1")).hasToString("/a~1b/c~0d/~01");
        assertThat(Pointer.ROOT.field("").field("x")).hasToString("//x");
    }
}
