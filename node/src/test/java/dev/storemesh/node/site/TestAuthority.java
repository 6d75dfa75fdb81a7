package dev.storemesh.node.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// An authority with what it signed, made by the JDK's keytool for one test.
public final class TestAuthority {
    private static final String PASSWORD = "for-one-test";
    private static final String ALIAS = "it";

    /// A node's certificate and key, and the certificate of the authority that signed it: PEM.
    public record Signed(String certificate, String key, String authority) {}

    private final Path folder;
    private final Path store;
    private final String start;

    private TestAuthority(Path folder, String start) {
        this.folder = folder;
        this.store = folder.resolve("authority.p12");
        this.start = start;
    }

    public static TestAuthority make(Path folder, String name) {
        return make(folder, name, "-1d");
    }

    /// One that is good for a year from `start` on (keytool's words, such as `-2y`). What it signs is good from then on
    /// for three.
    static TestAuthority make(Path folder, String name, String start) {
        try {
            var made = new TestAuthority(Files.createTempDirectory(folder, "authority"), start);
            generate(made.store, name, "-ext", "bc:c", "-startdate", start, "-validity", "365");
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A new certificate for a node of this name.
    public Signed sign(String node) {
        try {
            var own = Files.createTempDirectory(folder, "node");
            var keys = own.resolve("node.p12");
            var request = own.resolve("request").toString();
            var signed = own.resolve("signed");
            generate(keys, node);
            keytool(keys, "-certreq", "-file", request);
            var words = List.of("-infile", request, "-outfile", signed.toString(), "-rfc", "-ext", "san=ip:127.0.0.1");
            keytool(store, "-gencert", words, "-startdate", start, "-validity", "1095");
            return new Signed(
                    Files.readString(signed),
                    pem(
                            "PRIVATE KEY",
                            open(keys).getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()),
                    pem("CERTIFICATE", open(store).getCertificate(ALIAS).getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore open(Path file) throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + type
                + "-----\n";
    }

    private static void generate(Path store, String name, String... more) throws IOException {
        keytool(store, "-genkeypair", List.of("-keyalg", "RSA", "-dname", "CN=" + name), more);
    }

    private static void keytool(Path store, String command, String... more) throws IOException {
        keytool(store, command, List.of(), more);
    }

    private static void keytool(Path store, String command, List<String> words, String... more) throws IOException {
        var all = new ArrayList<String>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        all.addAll(List.of(command, "-alias", ALIAS, "-storetype", "PKCS12"));
        all.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        all.addAll(words);
        all.addAll(List.of(more));
        var process = new ProcessBuilder(all).redirectErrorStream(true).start();
        try (var output = process.inputReader()) {
            var said = String.join("\n", output.lines().toList());
            assertThat(process.onExit().join().exitValue()).as(said).isZero();
        }
    }
}
