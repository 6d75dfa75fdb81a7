package dev.storemesh.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DescriptionTest {
    static final Description DEMO = new Description(
            "demo",
            new Description.Hq("http://127.0.0.1:8080", 1, "smt_editor", "smt_approver"),
            List.of(
                    new Description.Store("store-1", "http://127.0.0.1:8081", 2, "smt_one"),
                    new Description.Store("store-2", "http://127.0.0.1:8082", 3, "smt_two")));

    @TempDir
    Path folder = Path.of("");

    @Test
    void isWhatScriptsRead() throws Exception {
        assertThat(parsed(DEMO.toJson().toString())).isEqualTo(parsed("""
                                {"catalog": "demo",
                                 "hq": {"url": "http://127.0.0.1:8080", "pid": 1,
                                        "editor": "smt_editor", "approver": "smt_approver"},
                                 "stores": [{"id": "store-1", "url": "http://127.0.0.1:8081", "pid": 2, "token": "smt_one"},
                                            {"id": "store-2", "url": "http://127.0.0.1:8082", "pid": 3, "token": "smt_two"}]}
                                """));
    }

    @Test
    void isForItsOwnerAloneAndReplacesAnOlderOne() throws Exception {
        var file = Files.writeString(folder.resolve("demo.json"), "old");
        Demo.describe(DEMO, file);
        assertThat(parsed(Files.readString(file)))
                .isEqualTo(parsed(DEMO.toJson().toString()));
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file); // no draft is left
        }
    }

    private static JsonNode parsed(String json) throws JsonProcessingException {
        return new ObjectMapper().readTree(json);
    }
}
