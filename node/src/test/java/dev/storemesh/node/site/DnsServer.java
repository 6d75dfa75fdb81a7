package dev.storemesh.node.site;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A name server on UDP (RFC 1035, and RFC 2782 for SRV), which knows what a test tells it. Good for a second.
final class DnsServer implements AutoCloseable {
    private static final int A = 1;
    private static final int SRV = 33;
    private static final int IN = 1;
    private static final int ANSWER = 0x8400; // authoritative
    private static final int NO_SUCH_NAME = 3;
    private static final int SECONDS = 1;
    private static final int QUESTION = 0xC00C; // the name that stands in the question

    /// A service at a host: what an SRV record says, with the host's address.
    record Place(String host, String address, int port) {}

    private final Map<String, List<Place>> services = new ConcurrentHashMap<>();
    private final DatagramSocket socket;

    DnsServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().name("dns").start(this::serve);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /// @param name `_port._tcp.service` for SRV records, a host name for addresses
    void tell(String name, List<Place> places) {
        services.put(name, List.copyOf(places));
    }

    private void serve() {
        var bytes = new byte[512];
        while (!socket.isClosed()) {
            var packet = new DatagramPacket(bytes, bytes.length);
            try {
                socket.receive(packet);
                var answer = answer(bytes, packet.getLength());
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private byte[] answer(byte[] packet, int length) throws IOException {
        var question = ByteBuffer.wrap(packet, 0, length);
        var id = question.getShort();
        question.position(12);
        var name = name(question);
        var type = question.getShort();
        var end = question.position() + 2;
        var places = services.get(name);
        var found = places == null || !(type == A || type == SRV) ? List.<Place>of() : places;
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(ANSWER | (places == null ? NO_SUCH_NAME : 0));
        out.writeShort(1);
        out.writeShort(found.size());
        out.writeShort(0);
        out.writeShort(type == SRV ? found.size() : 0);
        out.write(packet, 12, end - 12);
        for (var place : found) {
            out.writeShort(QUESTION);
            if (type == SRV) {
                writeSrv(out, place);
            } else {
                writeAddress(out, place);
            }
        }
        if (type == SRV) {
            for (var place : found) {
                out.write(encoded(place.host()));
                writeAddress(out, place);
            }
        }
        return bytes.toByteArray();
    }

    private static void writeSrv(DataOutputStream out, Place place) throws IOException {
        var host = encoded(place.host());
        head(out, SRV, 6 + host.length);
        out.writeShort(0); // priority
        out.writeShort(0); // weight
        out.writeShort(place.port());
        out.write(host);
    }

    private static void writeAddress(DataOutputStream out, Place place) throws IOException {
        head(out, A, 4);
        out.write(InetAddress.getByName(place.address()).getAddress());
    }

    private static void head(DataOutputStream out, int type, int length) throws IOException {
        out.writeShort(type);
        out.writeShort(IN);
        out.writeInt(SECONDS);
        out.writeShort(length);
    }

    private static byte[] encoded(String name) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var label : name.split("\\.", -1)) {
            bytes.write(label.length());
            bytes.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    private static String name(ByteBuffer in) {
        var name = new StringBuilder();
        for (var length = in.get(); length > 0; length = in.get()) {
            var label = new byte[length];
            in.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        socket.close(); // and with it the thread ends
    }
}
