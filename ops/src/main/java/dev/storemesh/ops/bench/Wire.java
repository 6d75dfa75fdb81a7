package dev.storemesh.ops.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// One kept-alive HTTP/1.1 connection of a load client, for one thread: blocking, and with as little work of its own
/// as can be, since it takes its share of the cores from the server that is measured.
final class Wire implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 120_000;
    private static final byte[] NOTHING = {};

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String headers;
    private final byte[] buffer = new byte[64 << 10];
    private int from;
    private int to;

    @SuppressWarnings("ArrayRecordComponent") // answers are compared as texts only, and rarely
    record Answer(int status, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    Wire(URI server, String token) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MS);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        headers = " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\nAuthorization: Bearer " + token + "\r\n";
    }

    Answer get(String path) throws IOException {
        return send("GET", path, NOTHING);
    }

    Answer post(String path, byte[] json) throws IOException {
        return send("POST", path, json);
    }

    Answer send(String method, String path, byte[] json) throws IOException {
        return send(method, path, "", json);
    }

    /// @param more headers, each ended by a line break
    Answer send(String method, String path, String more, byte[] json) throws IOException {
        var head = method + " " + path + headers + more
                + (json.length == 0
                        ? "\r\n"
                        : "Content-Type: application/json\r\nContent-Length: " + json.length + "\r\n\r\n");
        var request = new byte[head.length() + json.length];
        System.arraycopy(head.getBytes(StandardCharsets.ISO_8859_1), 0, request, 0, head.length());
        System.arraycopy(json, 0, request, head.length(), json.length);
        out.write(request);
        return answer();
    }

    /// Sends a file as it is.
    Answer upload(String path, String contentType, Path file) throws IOException {
        var head = "POST " + path + headers + "Content-Type: " + contentType + "\r\nContent-Length: " + Files.size(file)
                + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        try {
            Files.copy(file, out);
        } catch (IOException e) { // who refuses it answers, and reads no further
            try {
                return answer();
            } catch (IOException none) {
                none.addSuppressed(e);
                throw none;
            }
        }
        return answer();
    }

    private Answer answer() throws IOException {
        var status = Integer.parseInt(line().substring(9, 12));
        var length = 0;
        var chunked = false;
        for (var header = line(); !header.isEmpty(); header = line()) {
            var name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
            if (name.equals("content-length")) {
                length = Integer.parseInt(header.substring(name.length() + 1).strip());
            } else if (name.equals("transfer-encoding")) {
                chunked = true;
            }
        }
        return new Answer(status, chunked ? chunks() : bytes(length));
    }

    private byte[] chunks() throws IOException {
        var all = new ByteArrayOutputStream();
        for (var size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            all.writeBytes(bytes(size));
            line();
        }
        line();
        return all.toByteArray();
    }

    private String line() throws IOException {
        var line = new StringBuilder(80);
        for (var next = next(); next != '\n'; next = next()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private byte next() throws IOException {
        if (from == to) {
            fill();
        }
        return buffer[from++];
    }

    private void fill() throws IOException {
        from = 0;
        to = in.read(buffer);
        if (to <= 0) {
            to = 0;
            throw new EOFException("the server closed the connection");
        }
    }

    private byte[] bytes(int length) throws IOException {
        var bytes = new byte[length];
        var taken = Math.min(length, to - from);
        System.arraycopy(buffer, from, bytes, 0, taken);
        from += taken;
        if (in.readNBytes(bytes, taken, length - taken) < length - taken) {
            throw new EOFException("the server closed the connection");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
