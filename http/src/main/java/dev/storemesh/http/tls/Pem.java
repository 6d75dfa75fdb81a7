package dev.storemesh.http.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// The blocks of a PEM file (RFC 7468): certificates and one unencrypted PKCS#8 key.
final class Pem {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    private Pem() {}

    static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        var factory = CertificateFactory.getInstance("X.509");
        var certificates = new ArrayList<X509Certificate>();
        for (var blocks = BLOCK.matcher(text); blocks.find(); ) {
            if (blocks.group(1).equals("CERTIFICATE")) {
                certificates.add((X509Certificate)
                        factory.generateCertificate(new ByteArrayInputStream(bytes(blocks.group(2)))));
            }
        }
        if (certificates.isEmpty()) {
            throw new CertificateException("no certificate (expected: -----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    /// The key, of the algorithm of the certificate it belongs to.
    static PrivateKey key(String text, String algorithm) throws GeneralSecurityException {
        for (var blocks = BLOCK.matcher(text); blocks.find(); ) {
            switch (blocks.group(1)) {
                case "PRIVATE KEY" -> {
                    return KeyFactory.getInstance(algorithm)
                            .generatePrivate(new PKCS8EncodedKeySpec(bytes(blocks.group(2))));
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY" ->
                    throw new GeneralSecurityException("a key as " + blocks.group(1)
                            + " (expected: unencrypted PKCS#8, as `openssl pkcs8 -topk8 -nocrypt` writes it)");
                default -> {} // EC PARAMETERS, or a certificate in the same file
            }
        }
        throw new GeneralSecurityException("no key (expected: -----BEGIN PRIVATE KEY-----)");
    }

    private static byte[] bytes(String base64) throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("a block that is not base64", e);
        }
    }
}
