package dev.storemesh.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DemoStateTest {
    private static final Ports PORTS = new Ports(List.of(8080, 8081, 8082));

    @Test
    void findsAgainAllThatItWrote() {
        var state = DemoState.fresh(PORTS)
                .withToken("hq.editor", "smt_1")
                .withToken("store-1", "smt_2")
                .withFollowing("store-1")
                .withImported("abc");
        assertThat(DemoState.fromJson(state.toJson())).isEqualTo(state);
    }

    @Test
    void findsAgainAnInterruptedStart() {
        var state = DemoState.fresh(PORTS);
        assertThat(DemoState.fromJson(state.toJson())).isEqualTo(state);
    }

    @Test
    void readsWhatTheFirstVersionWrote() {
        var text = """
                {
                  "format" : 1,
                  "ports" : [ 8080, 8081, 8082 ],
                  "tokens" : { "hq.editor" : "smt_1" },
                  "following" : [ "store-1" ],
                  "imported" : "abc"
                }
                """;
        assertThat(DemoState.fromJson(text))
                .isEqualTo(DemoState.fresh(PORTS)
                        .withToken("hq.editor", "smt_1")
                        .withFollowing("store-1")
                        .withImported("abc"));
    }

    @Test
    void refusesWhatItCannotRead() {
        assertThatThrownBy(() -> DemoState.fromJson("{")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DemoState.fromJson("{\"format\": 2}")).hasMessage("format: 2 (expected: 1)");
        assertThatThrownBy(() -> DemoState.fromJson("{\"format\": 1, \"ports\": [1, 1, 2]}"))
                .hasMessageContaining("three different");
    }
}
