package dev.storemesh.protocol.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One case of the conformance files (`conformance/README.md`): its own JSON, and the stages that come before its
/// write in order, its own last.
record ConformanceCase(String file, JsonNode node, List<JsonNode> stages) {
    static final List<String> SCHEMA = List.of("types", "definitions", "constraints", "locations");

    ConformanceCase {
        stages = List.copyOf(stages);
    }

    /// Every case of every file that the index names.
    static Stream<ConformanceCase> all() {
        return files().stream().flatMap(ConformanceCase::of);
    }

    static List<String> files() {
        return texts(resource("index.json").path("files"));
    }

    static Stream<ConformanceCase> of(String file) {
        var content = resource(file);
        return stream(content.path("cases")).map(node -> new ConformanceCase(file, node, stages(content, node)));
    }

    static JsonNode resource(String name) {
        try (var in = ConformanceCase.class.getResourceAsStream("/conformance/" + name)) {
            if (in == null) {
                throw new AssertionError("there is no conformance/" + name);
            }
            return Json.parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("conformance/" + name, e);
        }
    }

    private static List<JsonNode> stages(JsonNode content, JsonNode node) {
        var stages = new ArrayList<JsonNode>();
        for (var name : texts(node.path("given"))) {
            var given = content.path("given").path(name);
            if (given.isMissingNode()) {
                throw new AssertionError("nothing is given as " + name);
            }
            stages.add(given);
        }
        stages.add(node);
        return stages;
    }

    String name() {
        return node.path("name").textValue();
    }

    /// One part of the stage's schema, by its plural name in [#SCHEMA].
    List<JsonNode> schema(String part) {
        return stages.stream()
                .flatMap(stage -> stream(stage.path("schema").path(part)))
                .toList();
    }

    List<JsonNode> objects() {
        return stages.stream().flatMap(stage -> stream(stage.path("objects"))).toList();
    }

    List<JsonNode> history() {
        return stages.stream().flatMap(stage -> stream(stage.path("history"))).toList();
    }

    JsonNode write() {
        return node.path("write");
    }

    JsonNode expect() {
        return node.path("expect");
    }

    boolean isAccepted() {
        return expect().path("accepted").booleanValue();
    }

    List<JsonNode> violations() {
        return stream(expect().path("violations")).toList();
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return array.valueStream();
    }

    static List<String> texts(JsonNode array) {
        return stream(array).map(JsonNode::textValue).toList();
    }

    @Override
    public String toString() {
        return file + ": " + name();
    }
}
