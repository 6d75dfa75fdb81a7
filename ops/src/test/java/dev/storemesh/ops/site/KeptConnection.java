package dev.storemesh.ops.site;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A client's connection to one node, kept from request to request as long as the node keeps it. It is no library's,
/// since those send a request again behind one's back. Not safe for threads.
final class KeptConnection implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(45);
    /// A connection that was not used for longer may be closed by a node that goes away.
    private static final Duration IDLE = Duration.ofMillis(250);

    private final URI node;
    private final String token;
    private Optional<Socket> open = Optional.empty();
    private long answeredNanos;

    KeptConnection(String url, String token) {
        this.node = URI.create(url);
        this.token = token;
    }

    record Answer(int status, Map<String, String> headers, String body) {
        boolean isLast() {
            return "close".equalsIgnoreCase(headers.get("connection"));
        }
    }

    /// The answer; empty: nobody was there to ask, as far as a client may find that out. That is: the connection was
    /// refused, or closed before it had answered anything, or it had been idle.
    ///
    /// @throws IOException when a request that was taken is not answered, or not to its end
    Optional<Answer> ask(String method, String path, String headers, String body) throws IOException {
        var isNew = open.isEmpty();
        var wasIdle = System.nanoTime() - answeredNanos > IDLE.toNanos();
        try {
            var socket = isNew ? connect() : open.get();
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            var head = method + " /api/v1" + path + " HTTP/1.1\r\nHost: " + node.getAuthority()
                    + "\r\nAuthorization: Bearer " + token + "\r\n" + headers
                    + (body.isEmpty()
                            ? ""
                            : "Content-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n")
                    + "\r\n";
            var request = new ByteArrayOutputStream();
            request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
            request.writeBytes(bytes);
            int first;
            try {
                socket.getOutputStream().write(request.toByteArray());
                first = socket.getInputStream().read();
            } catch (SocketException reset) {
                first = -1;
            }
            if (first < 0 && (isNew || wasIdle)) {
                close();
                return Optional.empty();
            }
            var answer = answer(socket, first);
            answeredNanos = System.nanoTime();
            if (answer.isLast()) {
                close();
            }
            return Optional.of(answer);
        } catch (ConnectException refused) {
            return Optional.empty();
        } catch (IOException cut) {
            close();
            throw new IOException(method + " " + path + ": no answer on a connection in use", cut);
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), node.getPort());
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.setTcpNoDelay(true);
        open = Optional.of(socket);
        return socket;
    }

    private static Answer answer(Socket socket, int first) throws IOException {
        if (first < 0) {
            throw new EOFException("closed");
        }
        var status = (char) first + line(socket);
        var headers = new TreeMap<String, String>();
        for (var line = line(socket); !line.isEmpty(); line = line(socket)) {
            var colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        var length = headers.get("content-length");
        if (length == null) {
            throw new IOException("an answer without a length: " + status + " " + headers);
        }
        var body = socket.getInputStream().readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new EOFException("closed in the middle of a body");
        }
        return new Answer(
                Integer.parseInt(status.split(" ", -1)[1]), headers, new String(body, StandardCharsets.UTF_8));
    }

    private static String line(Socket socket) throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            var next = socket.getInputStream().read();
            if (next < 0) {
                throw new EOFException("closed in the middle of an answer");
            }
            if (next == '\n') {
                return line.toString(StandardCharsets.US_ASCII).strip();
            }
            line.write(next);
        }
    }

    @Override
    public void close() throws IOException {
        if (open.isPresent()) {
            open.get().close();
            open = Optional.empty();
        }
    }
}
