package dev.storemesh.node.site;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/// Stands for the API server of Kubernetes: it answers what pods there are of one label
/// in one namespace, to who has the token, with the fields of `v1.PodList` that matter to who asks.
final class ApiServer implements AutoCloseable {
    static final String TOKEN = "the-pods-token";
    private static final String PATH = "/api/v1/namespaces/shops/pods";
    private final HttpsServer server;
    private final List<Integer> contactPorts;

    ApiServer(TestAuthority.Signed identity, List<Integer> contactPorts) throws IOException, GeneralSecurityException {
        this.contactPorts = contactPorts;
        var texts = new PeerIdentity.Texts(identity.certificate(), identity.key(), identity.authority());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(PeerIdentity.of(texts, Instant.now()).context()));
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var asked = exchange.getRequestURI();
        var isRight = asked.getPath().equals(PATH)
                && "labelSelector=app=hq".equals(asked.getQuery())
                && ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        var items = contactPorts.stream()
                .map(ApiServer::pod)
                .collect(Collectors.joining(",", "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[", "]}"));
        var body = (isRight ? items : "{\"kind\":\"Status\",\"code\":403}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(isRight ? 200 : 403, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static String pod(int contactPort) {
        return """
                {"metadata":{"name":"hq-%d","labels":{"app":"hq"}},
                 "spec":{"containers":[{"name":"node","ports":[
                   {"name":"http","containerPort":8080},{"name":"contact","containerPort":%d}]}]},
                 "status":{"phase":"Running","podIP":"127.0.0.1"}}""".formatted(contactPort, contactPort);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
