package dev.storemesh.node.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import scala.Option;

/// Handshakes between two nodes in memory, with real certificates; the clock is the test's own.
@Isolated("reads the log of the process")
class PeerTlsTest {
    @TempDir
    static Path made = Path.of("");

    private static final TestAuthority.Signed NONE_YET = new TestAuthority.Signed("", "", "");

    private static TestAuthority.Signed former = NONE_YET;
    private static TestAuthority.Signed stranger = NONE_YET; // of the same authority
    private static TestAuthority.Signed next = NONE_YET;
    private static TestAuthority.Signed expired = NONE_YET;

    @TempDir
    Path home = Path.of("");

    private final LogLines log = new LogLines();
    private Instant now = Instant.now();

    @BeforeAll
    static void makeCertificates() {
        var authority = TestAuthority.make(made, "former authority");
        former = authority.sign("nodes of hq");
        stranger = authority.sign("tills of hq");
        next = TestAuthority.make(made, "next authority").sign("nodes of hq");
        expired = TestAuthority.make(made, "expired authority", "-2y").sign("nodes of hq");
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    private PeerFiles node(String name) throws IOException {
        return new PeerFiles(Files.createDirectories(home.resolve(name)));
    }

    private PeerTls start(PeerFiles files) throws StartFailure {
        return new PeerTls(files.settings(), () -> now);
    }

    private PeerTls start(String name, TestAuthority.Signed shown, TestAuthority.Signed... trusted) throws Exception {
        return start(node(name).show(shown).trust(trusted));
    }

    @Nested
    class GivenTwoNodes {
        @Test
        void rotateTheirAuthorityInThreeStepsThroughoutWhichTheyMeet() throws Exception {
            var filesA = node("a").show(former).trust(former);
            var filesB = node("b").show(former).trust(former);
            var a = start(filesA);
            var b = start(filesB);
            assertMeet(a, b);

            filesA.trust(former, next);
            a.look();
            assertMeet(a, b);
            filesB.trust(former, next);
            b.look();
            assertMeet(a, b);

            filesA.show(next);
            a.look();
            assertMeet(a, b);
            filesB.show(next);
            b.look();
            assertMeet(a, b);

            filesA.trust(next);
            a.look();
            filesB.trust(next);
            b.look();
            assertMeet(a, b);
            var late = start("late", former, former, next);
            assertThat(refused(late, a)).isNotEmpty();
            assertThat(refused(a, late)).isNotEmpty();
            assertThat(log.of(PeerTls.class, Level.WARN)).isEmpty();
            assertThat(log.of(PeerTls.class, Level.INFO)).hasSize(6);
        }

        @Test
        void useWhatTheyHadWhileAFileIsNoGoodAndSaySoOnce() throws Exception {
            var files = node("a").show(former).trust(former);
            var a = start(files);
            var b = start("b", former, former);
            warnsOnceAndGoesOn(
                    a, b, "the certificate cannot be read", () -> files.write("node.pem", halfOf(next.certificate())));
            warnsOnceAndGoesOn(a, b, "the certificate is none", () -> files.write("node.pem", ""));
            warnsOnceAndGoesOn(a, b, "the key is not that of", () -> files.write("node.pem", next.certificate()));
            warnsOnceAndGoesOn(a, b, "no unencrypted RSA key", () -> files.write("node.key", halfOf(next.key())));
            warnsOnceAndGoesOn(
                    a, b, "does not exist", () -> Files.delete(files.home().resolve("node.key")));
            warnsOnceAndGoesOn(
                    a,
                    b,
                    "Path does not chain with any of the trust anchors",
                    () -> files.write("node.key", next.key()));
            warnsOnceAndGoesOn(
                    a,
                    b,
                    "the authority cannot be read",
                    () -> files.show(former).write("ca.pem", former.authority() + halfOf(next.authority())));

            files.trust(former, next);
            a.look();
            assertThat(log.of(PeerTls.class, Level.INFO))
                    .singleElement()
                    .asString()
                    .contains("authorities: 2");
            assertMeet(a, start("c", next, former, next));
        }

        private static String halfOf(String text) {
            return text.substring(0, text.length() / 2);
        }

        private void warnsOnceAndGoesOn(PeerTls a, PeerTls b, String reason, Damage damage) throws Exception {
            var before = log.of(PeerTls.class, Level.WARN).size();
            damage.happen();
            a.look();
            a.look();
            a.look();
            var lines = log.of(PeerTls.class, Level.WARN);
            assertThat(lines).hasSize(before + 1).last().asString().contains(reason, "the former ones stay");
            assertMeet(a, b);
        }

        @Test
        void refuseEachOtherOnceTheirAuthorityHasExpired() throws Exception {
            var a = start("a", former, former);
            var b = start("b", former, former);
            assertMeet(a, b);
            now = now.plus(Duration.ofDays(366));
            assertThat(refused(a, b)).hasValueSatisfying(why -> assertThat(why).contains("no authority is good"));
        }
    }

    private interface Damage {
        void happen() throws IOException;
    }

    /// The JDK alone would let it in.
    @Test
    void refusesOneOfAnAuthorityThatHasExpiredThoughItsOwnCertificateIsGood() throws Exception {
        var files = node("slow").show(expired).trust(former, expired);
        var yearAndMoreAgo = now.minus(Duration.ofDays(500));
        var slow = new PeerTls(files.settings(), () -> yearAndMoreAgo);
        var right = start("right", former, former, expired);
        assertThat(handshakeFailure(slow, right)).isEmpty();
        assertThat(refused(slow, right)).hasValueSatisfying(NO_PATH);
        assertThat(refused(right, slow)).hasValueSatisfying(NO_PATH);
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> start(files))
                .withMessage("storemesh.cluster.tls cannot be used: Path does not chain with any of the trust anchors");
    }

    @Test
    void refusesWhatTheSameAuthoritySignedForOthers() throws Exception {
        var node = start("node", former, former);
        var till = start("till", stranger, former);
        assertThat(refused(till, node))
                .hasValueSatisfying(why -> assertThat(why).contains("the names [", "tills of hq", "nodes of hq"));
    }

    private static final ThrowingConsumer<String> NO_PATH =
            why -> assertThat(why).contains("Path does not chain with any of the trust anchors");

    private static void assertMeet(PeerTls a, PeerTls b) throws SSLException {
        assertThat(refused(a, b)).isEmpty();
        assertThat(refused(b, a)).isEmpty();
    }

    /// What either side says against the other.
    private static Optional<String> refused(PeerTls client, PeerTls server) {
        var calling = client.createClientSSLEngine("server", 1);
        var called = server.createServerSSLEngine("client", 2);
        try {
            shakeHands(calling, called);
        } catch (SSLException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
        return refusal(client.verifyClientSession("server", calling.getSession()))
                .or(() -> refusal(server.verifyServerSession("client", called.getSession())));
    }

    private static Optional<String> refusal(Option<Throwable> why) {
        return why.isEmpty()
                ? Optional.empty()
                : Optional.of(String.valueOf(why.get().getMessage()));
    }

    private static Optional<String> handshakeFailure(PeerTls client, PeerTls server) {
        try {
            shakeHands(client.createClientSSLEngine("server", 1), server.createServerSSLEngine("client", 2));
            return Optional.empty();
        } catch (SSLException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    private static void shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
        var toServer = ByteBuffer.allocate(1 << 16);
        var toClient = ByteBuffer.allocate(1 << 16);
        client.beginHandshake();
        server.beginHandshake();
        for (var turn = 0; turn < 1000; turn++) {
            if (client.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                    && server.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                return;
            }
            turn(client, toClient, toServer);
            turn(server, toServer, toClient);
        }
        throw new AssertionError("no end: " + client.getHandshakeStatus() + ", " + server.getHandshakeStatus());
    }

    private static void turn(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> engine.getDelegatedTask().run();
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                in.flip();
                engine.unwrap(in, ByteBuffer.allocate(1 << 16));
                in.compact();
            }
            case FINISHED, NOT_HANDSHAKING -> {}
        }
    }
}
