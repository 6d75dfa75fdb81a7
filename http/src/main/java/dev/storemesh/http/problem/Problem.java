package dev.storemesh.http.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// Why a request was refused, as RFC 9457 problem details: `code` is stable and for programs, `detail` is a sentence
/// for people. `members` are those beyond (`field`, `limit`, `violations` …), `headers` what the answer must carry.
public record Problem(
        int status, String code, String detail, Map<String, JsonNode> members, Map<String, String> headers) {
    private static final ContentType MEDIA_TYPE =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));

    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
        }
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members)); // the order is the one shown
        headers = Map.copyOf(headers);
    }

    public static Problem of(int status, String code, String detail) {
        return new Problem(status, code, detail, Map.of(), Map.of());
    }

    /// A 400 that names what was wrong: a JSON pointer into the body (`/operations/0/op`) or a parameter's name.
    public static Problem badRequest(String code, String field, String detail) {
        return of(400, code, detail).with("field", TextNode.valueOf(field));
    }

    /// A 413 or 429: the caller must stay within `limit`.
    public static Problem limit(int status, String code, long limit, String detail) {
        return of(status, code, detail).with("limit", LongNode.valueOf(limit));
    }

    /// A 503: nothing is known to have gone wrong for good; the caller should try again.
    public static Problem unavailable(String code, String detail) {
        return of(503, code, detail).header("Retry-After", "1");
    }

    public Problem with(String member, JsonNode value) {
        var more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(status, code, detail, more, headers);
    }

    public Problem header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(status, code, detail, members, more);
    }

    public ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("type", "about:blank");
        json.put("title", StatusCodes.get(status).reason());
        json.put("status", status);
        json.put("code", code);
        json.put("detail", detail);
        json.setAll(members);
        return json;
    }

    public HttpResponse response() {
        List<HttpHeader> all = new ArrayList<>();
        headers.forEach((name, value) -> all.add(RawHeader.create(name, value)));
        return HttpResponse.create()
                .withStatus(status)
                .addHeaders(all)
                .withEntity(MEDIA_TYPE, json().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
