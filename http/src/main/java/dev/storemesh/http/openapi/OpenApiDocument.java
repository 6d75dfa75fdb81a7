package dev.storemesh.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The document as it stands in this module's resources.
public final class OpenApiDocument {
    private static final String RESOURCE = "/dev/storemesh/http/openapi.json";

    private OpenApiDocument() {}

    public static JsonNode read() {
        try (var stream = OpenApiDocument.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("this program is not whole: " + RESOURCE + " is missing in it");
            }
            return Json.parse(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
