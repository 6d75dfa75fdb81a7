package dev.storemesh.ops.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hq.example:8080",
                "http://10.0.0.1",
                "http://localhost.example",
                "http://127.0.0.1.example",
                "http://[::2]:8080",
                "http://0.0.0.0:8080"
            })
    void carriesNoTokenUnencryptedToAnotherMachine(String url) {
        assertThatThrownBy(() -> endpoint(url, Optional.of("smt_1"), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unencrypted")
                .hasMessageContaining("--allow-plain-http");
        assertThat(endpoint(url, Optional.of("smt_1"), true).base()).hasToString(url);
        assertThat(endpoint(url, Optional.empty(), false).isLoopback()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080",
                "http://127.8.8.8",
                "http://localhost:1",
                "http://LOCALHOST",
                "http://[::1]:80",
                "https://hq.example",
                "https://10.0.0.1:8443/mesh/"
            })
    void carriesATokenWithinThisMachineOrEncrypted(String url) {
        assertThat(endpoint(url, Optional.of("smt_1"), false).base()).hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hq:8080", "ftp://hq", "http://", "http:///x", "http://me@hq", "http://hq?x", "not a url"})
    void saysWhatAnAddressLooksLike(String url) {
        assertThatThrownBy(() -> endpoint(url, Optional.empty(), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url: ")
                .hasMessageContaining("expected: ");
    }

    @Test
    void showsItsTokenToNobody() {
        assertThat(endpoint("https://hq", Optional.of("smt_secret"), false).toString())
                .doesNotContain("smt_secret");
        assertThatThrownBy(() -> endpoint("https://hq", Optional.of("smt_secret\n"), false))
                .hasMessageNotContaining("smt_secret");
    }

    @Test
    void keepsAPathInFrontOfTheApi() {
        assertThat(endpoint("https://hq/mesh/", Optional.empty(), false).resolve("/api/v1/stores"))
                .hasToString("https://hq/mesh/api/v1/stores");
    }

    private static Endpoint endpoint(String url, Optional<String> token, boolean allowPlainHttp) {
        return Endpoint.of(url, token, allowPlainHttp, Optional.empty());
    }
}
