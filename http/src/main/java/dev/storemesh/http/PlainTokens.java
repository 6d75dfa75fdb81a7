package dev.storemesh.http;

import dev.storemesh.http.problem.Problem;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.Connection;

/// Refuses credentials that came over plain HTTP from another machine: whoever was on the way has them already, and
/// the answer says so. What the peer's address is decides, never a header that the peer wrote.
final class PlainTokens {
    private static final Problem HTTPS_REQUIRED = Problem.of(
            403,
            "https_required",
            "A token came over plain HTTP from another machine and may have been read on the way: use HTTPS, and replace it.");

    private PlainTokens() {}

    static Function<HttpRequest, CompletionStage<HttpResponse>> refused(
            Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        return request -> request.getHeader("Authorization").isPresent() && !fromHere(request)
                ? CompletableFuture.completedFuture(HTTPS_REQUIRED.response().addHeader(Connection.create("close")))
                : handler.apply(request);
    }

    private static boolean fromHere(HttpRequest request) {
        return request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(RemoteAddress::getAddress)
                .filter(PlainTokens::isLoopback)
                .isPresent();
    }

    /// Also for `::ffff:127.0.0.1`, as a socket for both families names an IPv4 peer.
    static boolean isLoopback(InetAddress address) {
        var bytes = address.getAddress();
        return address.isLoopbackAddress() || (bytes.length == 16 && isMapped(bytes) && bytes[12] == 127);
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }
}
