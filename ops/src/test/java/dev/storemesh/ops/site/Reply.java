package dev.storemesh.ops.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Optional;

/// What a site answered, whatever it was.
///
/// @param version the catalog's version that the answer names; 0: it names none
record Reply(int status, JsonNode body, String raw, long version, HttpHeaders headers) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Reply of(HttpResponse<String> response) {
        return new Reply(
                response.statusCode(),
                json(response.body()),
                response.body(),
                response.headers().firstValueAsLong("Storemesh-Version").orElse(0),
                response.headers());
    }

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /// This reply, if it has the status that the caller counts on.
    Reply expect(int wanted) {
        if (status != wanted) {
            throw new AssertionError("status " + status + " (expected: " + wanted + "): " + raw);
        }
        return this;
    }

    private static JsonNode json(String text) {
        try {
            return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // the raw text is what a failure shows
        }
    }

    @Override
    public String toString() {
        return status + " " + raw;
    }
}
