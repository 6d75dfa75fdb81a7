package dev.storemesh.ops.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a demo remembers between two starts. It is saved after each step that another start must not repeat, so a
/// start that was interrupted is completed by the next one.
///
/// @param tokens by use: `hq.editor`, `hq.approver`, and a store's id for its editor
/// @param following the stores that held the catalog once, and so need nothing of HQ to start
/// @param imported names what was imported, in full
record DemoState(Ports ports, Map<String, String> tokens, Set<String> following, Optional<String> imported) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORMAT = 1;

    DemoState {
        tokens = Map.copyOf(tokens);
        following = Set.copyOf(following);
    }

    static DemoState fresh(Ports ports) {
        return new DemoState(ports, Map.of(), Set.of(), Optional.empty());
    }

    DemoState withToken(String use, String token) {
        var more = new TreeMap<>(tokens);
        more.put(use, token);
        return new DemoState(ports, more, following, imported);
    }

    DemoState withFollowing(String store) {
        var more = new TreeSet<>(following);
        more.add(store);
        return new DemoState(ports, tokens, more, imported);
    }

    DemoState withImported(String fingerprint) {
        return new DemoState(ports, tokens, following, Optional.of(fingerprint));
    }

    String toJson() {
        var json = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
        var list = json.putArray("ports");
        ports.numbers().forEach(list::add);
        var tokenNode = json.putObject("tokens");
        new TreeMap<>(tokens).forEach(tokenNode::put);
        var followingNode = json.putArray("following");
        new TreeSet<>(following).forEach(followingNode::add);
        imported.ifPresent(fingerprint -> json.put("imported", fingerprint));
        return json.toPrettyString() + "\n";
    }

    /// @throws IllegalArgumentException when the text is not what [#toJson] writes
    static DemoState fromJson(String text) {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
        if (json.path("format").asInt() != FORMAT) {
            throw new IllegalArgumentException("format: " + json.path("format") + " (expected: " + FORMAT + ")");
        }
        var numbers = new ArrayList<Integer>();
        json.path("ports").forEach(port -> numbers.add(port.asInt()));
        var tokens = new TreeMap<String, String>();
        json.path("tokens")
                .properties()
                .forEach(each -> tokens.put(each.getKey(), each.getValue().asText()));
        var following = new TreeSet<String>();
        json.path("following").forEach(store -> following.add(store.asText()));
        var imported =
                Optional.of(json.path("imported")).filter(JsonNode::isTextual).map(JsonNode::asText);
        return new DemoState(new Ports(numbers), tokens, following, imported);
    }
}
