package dev.storemesh.http.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/// A certificate chain and its key as they stood in their files at one moment, known to belong together.
/// `generation` tells it from those read before and after it.
record Identity(long generation, Texts texts, X509ExtendedKeyManager keys) {
    private static final char[] NO_PASSWORD = {};

    /// The text of both files.
    record Texts(String chain, String key) {
        static Texts read(Path chain, Path key) throws IOException {
            return new Texts(Files.readString(chain), Files.readString(key));
        }
    }

    static Identity of(long generation, Texts texts) throws GeneralSecurityException, IOException {
        var chain = Pem.certificates(texts.chain());
        var key = Pem.key(texts.key(), chain.getFirst().getPublicKey().getAlgorithm());
        checkPair(chain.getFirst(), key);
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("site", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        var factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, NO_PASSWORD);
        for (var manager : factory.getKeyManagers()) {
            if (manager instanceof X509ExtendedKeyManager keys) {
                return new Identity(generation, texts, keys);
            }
        }
        throw new GeneralSecurityException("no key manager for X.509 in this JDK");
    }

    private static void checkPair(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        var algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> throw new GeneralSecurityException("a key of " + key.getAlgorithm() + " (expected: RSA or EC)");
        };
        var proof = Signature.getInstance(algorithm);
        proof.initSign(key);
        proof.update(certificate.getEncoded());
        var signed = proof.sign();
        proof.initVerify(certificate.getPublicKey());
        proof.update(certificate.getEncoded());
        if (!proof.verify(signed)) {
            throw new GeneralSecurityException("the key is not that of the first certificate");
        }
    }
}
