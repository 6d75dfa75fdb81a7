package dev.storemesh.http.tls;

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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Self-signed certificates for localhost, made by the JDK's own keytool for one test and never kept.
public final class TestCertificates {
    private static final char[] PASSWORD = "for-one-test".toCharArray();

    private TestCertificates() {}

    private static final Map<String, Pair> MADE = new ConcurrentHashMap<>(); // keytool takes seconds

    private record Pair(String chain, String key) {}

    /// Writes `chain.pem` and `key.pem` into the folder; `algorithm` is RSA or EC.
    public static void write(Path folder, String commonName, String algorithm) {
        var pair = MADE.computeIfAbsent(commonName + " " + algorithm, any -> make(folder, commonName, algorithm));
        try {
            Files.writeString(folder.resolve("chain.pem"), pair.chain());
            Files.writeString(folder.resolve("key.pem"), pair.key());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Pair make(Path folder, String commonName, String algorithm) {
        try {
            var file = Files.createTempDirectory(folder, "made").resolve("made.p12");
            keytool(List.of(
                    "-genkeypair",
                    "-alias",
                    "site",
                    "-keyalg",
                    algorithm,
                    "-dname",
                    "CN=" + commonName,
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    new String(PASSWORD)));
            var store = KeyStore.getInstance(file.toFile(), PASSWORD);
            return new Pair(
                    pem("CERTIFICATE", store.getCertificate("site").getEncoded()),
                    pem("PRIVATE KEY", store.getKey("site", PASSWORD).getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + type
                + "-----\n";
    }

    private static void keytool(List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.inputReader()) {
            var said = String.join("\n", output.lines().toList());
            assertThat(process.onExit().join().exitValue()).as(said).isZero();
        }
    }
}
