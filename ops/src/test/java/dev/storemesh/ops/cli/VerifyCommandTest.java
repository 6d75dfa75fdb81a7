package dev.storemesh.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.ops.Main;
import dev.storemesh.ops.api.ScriptedNode;
import dev.storemesh.ops.api.ScriptedNode.Told;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/// What `storemesh verify` makes of two sites' answers; `LocationsEndToEndTest` asks real ones.
final class VerifyCommandTest {
    private final StringWriter out = new StringWriter();

    private static Told told(String json) {
        return Told.json(200, json.replace('\'', '"'));
    }

    private static Told head(long visible) {
        return told("{'visible':" + visible + "}");
    }

    private static Told digest(String sum) {
        return told("{'version':7,'digests':[{'bucket':0,'rows':3,'sum':'" + sum + "'}]}");
    }

    private int verify(ScriptedNode store, ScriptedNode hq, String... more) {
        var command = Main.commandLine().setOut(new PrintWriter(out, true));
        var words = new String[9 + more.length];
        var begin = new String[] {
            "verify", "--url", store.url(), "--token", "smt_1", "--against", hq.url(), "--catalog", "demo"
        };
        System.arraycopy(begin, 0, words, 0, begin.length);
        System.arraycopy(more, 0, words, begin.length, more.length);
        return command.execute(words);
    }

    @Test
    void sitesOfTheSameDigestsHoldTheSameAtTheNewestVersionOfBoth() {
        try (var store = new ScriptedNode(head(7), digest("aa"));
                var hq = new ScriptedNode(head(9), digest("aa"))) {
            assertThat(verify(store, hq)).isZero();
            assertThat(out.toString()).contains("The same at version 7: 3 rows.");
            assertThat(hq.asked().getLast().target()).contains("version=7");
        }
    }

    @Test
    void namesTheObjectsInWhichTheyDiffer() {
        var here = "{'objects':[{'object':'milk','version':2},{'object':'tea','version':3}],'next':'p'}";
        var more = "{'objects':[{'object':'salt','version':1}]}";
        var there =
                "{'objects':[{'object':'milk','version':2},{'object':'tea','version':4},{'object':'rice','version':1}]}";
        try (var store = new ScriptedNode(head(7), digest("aa"), told(here), told(more));
                var hq = new ScriptedNode(head(7), digest("bb"), told(there))) {
            assertThat(verify(store, hq)).isEqualTo(1);
            assertThat(out.toString())
                    .contains("Different at version 7, in 3 objects.")
                    .containsPattern("rice +is missing +differs")
                    .containsPattern("salt +differs +is missing")
                    .containsPattern("tea +differs +differs")
                    .doesNotContain("milk");
        }
    }

    @Test
    void saysItInJsonToo() {
        try (var store = new ScriptedNode(head(7), digest("aa"));
                var hq = new ScriptedNode(head(7), digest("aa"))) {
            assertThat(verify(store, hq, "--json")).isZero();
            assertThat(out.toString()).contains("\"same\" : true").contains("\"version\" : 7");
        }
    }
}
