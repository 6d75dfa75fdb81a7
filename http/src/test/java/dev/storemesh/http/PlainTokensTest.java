package dev.storemesh.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTokensTest {
    private static int status(HttpRequest request) {
        return PlainTokens.refused(any -> CompletableFuture.completedFuture(HttpResponse.create()))
                .apply(request)
                .toCompletableFuture()
                .join()
                .status()
                .intValue();
    }

    private static HttpRequest withToken() {
        return HttpRequest.GET("/api/v1/stores").addHeader(RawHeader.create("authorization", "Bearer smt_x"));
    }

    private static HttpRequest from(HttpRequest request, String address) throws UnknownHostException {
        return request.addAttribute(AttributeKeys.remoteAddress, RemoteAddress.create(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"})
    void tokensFromThisMachineMayBePlain(String address) throws UnknownHostException {
        assertThat(status(from(withToken(), address))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.7", "128.0.0.1", "2001:db8::1", "::ffff:10.0.0.7", "::ffff:128.0.0.1", "::7f00:1"})
    void tokensFromOtherMachinesMayNot(String address) throws UnknownHostException {
        assertThat(status(from(withToken(), address))).isEqualTo(403);
    }

    @Test
    void mappedAddressesThatJavaDidNotTranslateAreLoopbackToo() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
        var kept = java.net.Inet6Address.getByAddress("mapped", mapped, -1);
        assertThat(kept.getAddress()).hasSize(16);
        assertThat(PlainTokens.isLoopback(kept)).isTrue();
    }

    @Test
    void aPeerWithoutAddressIsAnotherMachine() {
        assertThat(status(withToken())).isEqualTo(403);
    }

    @Test
    void requestsWithoutATokenPass() throws UnknownHostException {
        assertThat(status(from(HttpRequest.GET("/health/live"), "10.0.0.7"))).isEqualTo(200);
    }
}
