package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.page.PageCursor;
import dev.storemesh.protocol.page.PageTokens;
import dev.storemesh.protocol.value.CatalogId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Query parameters and page tokens that somebody made up, at every endpoint.
class HostileParametersTest extends WithServer {
    private static final Set<String> NUMBERS =
            Set.of("version", "limit", "since", "after", "wait", "from", "to", "buckets");
    private static final List<String> NO_NUMBERS = List.of(
            "",
            "-1",
            "-0",
            "+1",
            "1.5",
            "1e3",
            "0x10",
            "NaN",
            "Infinity",
            "%201",
            "1%20",
            "1,2",
            "1%0A",
            "%D9%A1", // an Arabic one
            "%EF%BC%91", // a full-width one
            "1" + "0".repeat(30),
            "9223372036854775808",
            "9".repeat(1_500));
    /// What cannot be decoded, or holds what no text of ours may.
    private static final List<String> NO_TEXT =
            List.of("%00", "a%00b", "%FF", "%C3", "%C0%80", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%EF%BF%BD");
    private static final List<String> ODD_TEXT = List.of(
            "'%20OR%201=1--",
            "..%2F..%2Fetc%2Fpasswd",
            "%3Cscript%3E",
            "%0D%0ASet-Cookie:%20a=b",
            "a".repeat(79) + "%F0%9F%98%80",
            "a".repeat(199) + "%F0%9F%98%80",
            "%F0%9F%98%80".repeat(100),
            "a".repeat(1_500));
    private static final List<String> KINDS =
            List.of("objects", "changes", "requests", "history/x", "diff", "log", "query", "overrides", "missing");
    private static final CatalogId DEMO = Ports.DEMO;

    static List<Endpoint> endpoints() {
        return ENDPOINTS;
    }

    static List<Endpoint> paged() {
        return ENDPOINTS.stream()
                .filter(endpoint -> endpoint.parameters().contains("page"))
                .toList();
    }

    private Refusal ask(Endpoint endpoint, String query) throws Exception {
        return send("", endpoint, query, new byte[0]);
    }

    private void assertInvalid(Endpoint endpoint, String query) throws Exception {
        assertThat(ask(endpoint, query).status()).as(endpoint + query).isEqualTo(400);
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whatIsNotWrittenAsAParameterIsRefused(Endpoint endpoint) throws Exception {
        assertInvalid(endpoint, "?__proto__=1");
        assertInvalid(endpoint, "?=1");
        assertInvalid(endpoint, "?" + "a=&".repeat(500));
        for (var bad : NO_TEXT) {
            assertInvalid(endpoint, "?" + bad + "=1");
            for (var name : endpoint.parameters()) {
                assertInvalid(endpoint, "?" + name + "=" + bad);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void noParameterIsTakenTwice(Endpoint endpoint) throws Exception {
        for (var name : endpoint.parameters()) {
            assertInvalid(endpoint, "?" + name + "=1&" + name + "=1");
            assertInvalid(
                    endpoint, "?" + name + "=1&%" + Integer.toHexString(name.charAt(0)) + name.substring(1) + "=1");
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whatIsNoNumberIsRefused(Endpoint endpoint) throws Exception {
        for (var name : endpoint.parameters()) {
            for (var bad : NUMBERS.contains(name) ? NO_NUMBERS : List.<String>of()) {
                assertInvalid(endpoint, "?" + name + "=" + bad);
            }
        }
    }

    /// Some of these may be the name of something; nothing of ours breaks by them.
    @ParameterizedTest
    @MethodSource("endpoints")
    void oddTextsAreNoBug(Endpoint endpoint) throws Exception {
        for (var name : endpoint.parameters()) {
            for (var odd : ODD_TEXT) {
                var refusal = ask(endpoint, "?" + name + "=" + odd);
                if (NUMBERS.contains(name)) {
                    assertThat(refusal.status())
                            .as(endpoint + " " + name + "=" + odd)
                            .isEqualTo(400);
                }
            }
        }
    }

    // Page tokens

    private static String page(PageTokens tokens, String kind, CatalogId catalog) {
        var last = kind.startsWith("history") ? "7" : "01JD0000000000000000000000"; // a version, or an object
        return tokens.write(new PageCursor(kind, catalog, new Version(3), Map.of(), last));
    }

    private static String page(String kind) {
        return page(WithApi.PAGE_TOKENS, kind, DEMO);
    }

    /// The kinds of token that the endpoint takes: the tests of forged ones start from one that it does.
    private String kind(Endpoint endpoint) throws Exception {
        var taken = new ArrayList<String>();
        for (var kind : KINDS) {
            if (!ask(endpoint, query(endpoint, page(kind))).code().equals("bad_page_token")) {
                taken.add(kind);
            }
        }
        assertThat(taken)
                .as("kinds of page tokens that %s takes: name it in KINDS", endpoint)
                .hasSize(1);
        return taken.getFirst();
    }

    private static String query(Endpoint endpoint, String token) {
        return (endpoint.parameters().contains("catalog") ? "?catalog=demo&" : "?") + "page=" + token;
    }

    private void assertForged(Endpoint endpoint, String token) throws Exception {
        var refusal = ask(endpoint, query(endpoint, token));
        assertThat(refusal.status()).as(endpoint + " " + token).isEqualTo(400);
        assertThat(refusal.code()).as(endpoint + " " + token).isEqualTo("bad_page_token");
        assertThat(refusal.problem().path("field").asText()).isEqualTo("page");
    }

    @ParameterizedTest
    @MethodSource("paged")
    void aTokenWithAnyByteChangedIsForged(Endpoint endpoint) throws Exception {
        var bytes = Base64.getUrlDecoder().decode(page(kind(endpoint)));
        for (var i = 0; i < bytes.length; i++) {
            for (var bit : new int[] {1, 0x80, 0xff}) {
                bytes[i] ^= (byte) bit;
                assertForged(endpoint, encoded(bytes));
                bytes[i] ^= (byte) bit;
            }
        }
        for (var i = 1; i < bytes.length; i++) { // neighbours swapped
            if (bytes[i] != bytes[i - 1]) {
                var swapped = bytes.clone();
                swapped[i] = bytes[i - 1];
                swapped[i - 1] = bytes[i];
                assertForged(endpoint, encoded(swapped));
            }
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @ParameterizedTest
    @MethodSource("paged")
    void aTokenOfAnotherReadCatalogOrSiteIsForged(Endpoint endpoint) throws Exception {
        var kind = kind(endpoint);
        for (var other : KINDS) {
            if (!other.equals(kind)) {
                assertForged(endpoint, page(other));
            }
        }
        assertForged(endpoint, page(WithApi.PAGE_TOKENS, kind, new CatalogId("demo2")));
        assertForged(endpoint, page(new PageTokens("18".repeat(32)), kind, DEMO));
        assertForged(endpoint, page(new PageTokens("00".repeat(32)), kind, DEMO));
    }

    @ParameterizedTest
    @MethodSource("paged")
    void whatIsNoTokenIsForged(Endpoint endpoint) throws Exception {
        var token = page(kind(endpoint));
        for (var i = 0; i < token.length(); i++) {
            assertForged(endpoint, token.substring(0, i));
        }
        for (var made : List.of(
                token + "A",
                token + "=",
                token + token,
                "%20" + token,
                token + "%0A",
                "x",
                "null",
                "A".repeat(1_800))) {
            assertForged(endpoint, made);
        }
        var unsigned = "1{\"kind\":\"objects\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertForged(endpoint, encoded(unsigned));
        assertForged(endpoint, encoded(java.util.Arrays.copyOf(unsigned, unsigned.length + 16)));
    }

    @ParameterizedTest
    @MethodSource("paged")
    void aTokenOfAMillionCharactersIsNotEvenRead(Endpoint endpoint) throws Exception {
        var refusal = ask(endpoint, query(endpoint, "A".repeat(1_000_000)));
        assertThat(refusal.status()).isEqualTo(414);
        assertThat(refusal.code()).isEqualTo("uri_too_long");
    }
}
