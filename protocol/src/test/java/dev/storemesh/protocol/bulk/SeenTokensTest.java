package dev.storemesh.protocol.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.value.ObjectToken;
import org.junit.jupiter.api.Test;

class SeenTokensTest {
    @Test
    void knowsAllThatWereAddedAndNoOthers() {
        var seen = new SeenTokens();
        for (var i = 0; i < 50_000; i++) {
            assertThat(seen.add(new ObjectToken("t" + i))).isTrue();
        }
        assertThat(seen.size()).isEqualTo(50_000);
        for (var i = 0; i < 50_000; i++) {
            assertThat(seen.add(new ObjectToken("t" + i))).isFalse();
            assertThat(seen.contains(new ObjectToken("t" + i))).isTrue();
            assertThat(seen.contains(new ObjectToken("u" + i))).isFalse();
        }
        assertThat(seen.size()).isEqualTo(50_000);
    }
}
