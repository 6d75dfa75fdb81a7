package dev.storemesh.ops.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Trust in the certificates of one PEM file, and in no others.
final class Trust {
    private Trust() {}

    static SSLContext in(Path pem) {
        try (var stream = Files.newInputStream(pem)) {
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(stream);
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("trust: " + pem + " holds no certificate (expected: a PEM file)");
            }
            var keys = KeyStore.getInstance(KeyStore.getDefaultType());
            keys.load(null, null);
            var number = 0;
            for (var certificate : certificates) {
                keys.setCertificateEntry("ca-" + number++, certificate);
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(keys);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new IllegalArgumentException("trust: " + pem + " cannot be read (expected: a PEM file)", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("trust: " + pem + " is no PEM file: " + e.getMessage(), e);
        }
    }
}
