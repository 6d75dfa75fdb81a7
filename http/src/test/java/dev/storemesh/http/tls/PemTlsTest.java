package dev.storemesh.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTlsTest {
    @TempDir
    Path folder = Path.of("");

    Path chain = Path.of("");
    Path key = Path.of("");

    @BeforeEach
    void makeCertificate() {
        chain = folder.resolve("chain.pem");
        key = folder.resolve("key.pem");
        TestCertificates.write(folder, "first", "EC");
    }

    private ReloadingKeys keys() {
        return new ReloadingKeys(chain, key, Duration.ZERO);
    }

    private static String name(X509Certificate @Nullable [] certificates) {
        assertThat(certificates).isNotEmpty();
        return certificates == null
                ? ""
                : certificates[0].getSubjectX500Principal().getName();
    }

    @Test
    void aChangedPairIsUsedByTheNextHandshake() {
        var keys = keys();
        assertThat(name(keys.getCertificateChain(String.valueOf(keys.chooseEngineServerAlias("EC", null, null)))))
                .isEqualTo("CN=first");
        TestCertificates.write(folder, "second", "EC");
        assertThat(name(keys.getCertificateChain(String.valueOf(keys.chooseEngineServerAlias("EC", null, null)))))
                .isEqualTo("CN=second");
    }

    @Test
    void aHandshakeThatBeganWithOnePairEndsWithIt() {
        var keys = keys();
        var begun = String.valueOf(keys.chooseEngineServerAlias("EC", null, null));
        TestCertificates.write(folder, "second", "EC");
        var later = String.valueOf(keys.chooseEngineServerAlias("EC", null, null));
        assertThat(later).isNotEqualTo(begun);
        assertThat(name(keys.getCertificateChain(begun))).isEqualTo("CN=first");
        assertThat(keys.getPrivateKey(begun)).isNotNull().isNotEqualTo(keys.getPrivateKey(later));
    }

    @Test
    void aBrokenPairKeepsTheFormerOneUntilItIsWhole() throws IOException {
        var keys = keys();
        var other = Files.createDirectory(folder.resolve("other"));
        TestCertificates.write(other, "second", "EC");
        Files.copy(other.resolve("chain.pem"), chain, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(name(keys.getCertificateChain(String.valueOf(keys.chooseEngineServerAlias("EC", null, null)))))
                .as("new certificate, old key")
                .isEqualTo("CN=first");
        Files.delete(key);
        assertThat(name(keys.getCertificateChain(String.valueOf(keys.chooseEngineServerAlias("EC", null, null)))))
                .as("no key")
                .isEqualTo("CN=first");
        Files.copy(other.resolve("key.pem"), key);
        assertThat(name(keys.getCertificateChain(String.valueOf(keys.chooseEngineServerAlias("EC", null, null)))))
                .isEqualTo("CN=second");
    }

    @Test
    void rsaKeysWorkToo() {
        TestCertificates.write(folder, "rsa", "RSA");
        var keys = keys();
        assertThat(keys.chooseEngineServerAlias("RSA", null, null)).isNotNull();
        assertThat(keys.chooseEngineServerAlias("EC", null, null)).isNull();
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(key);
        assertThatThrownBy(() -> PemTls.of(chain, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key + " does not exist");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws IOException {
        var other = Files.createDirectory(folder.resolve("other"));
        TestCertificates.write(other, "other", "EC");
        assertThatThrownBy(() -> PemTls.of(chain, other.resolve("key.pem")))
                .hasMessageContaining("the key is not that of the first certificate");
    }

    @Test
    void aKeyThatIsNotPkcs8IsRefusedWithTheRemedy() throws IOException {
        Files.writeString(key, Files.readString(key).replace("PRIVATE KEY", "EC PRIVATE KEY"));
        assertThatThrownBy(() -> PemTls.of(chain, key)).hasMessageContaining("openssl pkcs8");
    }

    @Test
    void aFileWithoutACertificateIsRefused() throws IOException {
        Files.writeString(chain, "nothing");
        assertThatThrownBy(() -> PemTls.of(chain, key)).hasMessageContaining("no certificate");
        assertThatThrownBy(() -> PemTls.trusting(chain)).hasMessageContaining("no certificate");
    }

    @Test
    void speaksTls12AndAboveOnly() {
        assertThat(PemTls.of(chain, key).serverEngine().getEnabledProtocols())
                .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    }
}
