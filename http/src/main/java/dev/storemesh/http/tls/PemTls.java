package dev.storemesh.http.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;

/// A server's TLS (1.2 and 1.3) from two PEM files: the certificate chain, own certificate first, and its unencrypted
/// PKCS#8 key, RSA or EC. Changed files are used from the next full handshake on, without a restart; a client that
/// resumes a session does so for an hour at most. Broken files keep the former pair and are logged.
public final class PemTls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final int SESSION_SECONDS = 3600;

    private final SSLContext context;

    private PemTls(SSLContext context) {
        this.context = context;
    }

    /// Throws an [IllegalArgumentException] with a sentence if the files cannot be used now.
    public static PemTls of(Path chain, Path key) {
        return of(chain, key, Duration.ofSeconds(1));
    }

    /// Looks at the files at most once per `interval`.
    public static PemTls of(Path chain, Path key, Duration interval) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new ReloadingKeys(chain, key, interval)}, null, null);
            context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
            return new PemTls(context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /// A client's context that trusts the certificates in this PEM file and nobody else: for a chain with its own CA.
    /// Throws an [IllegalArgumentException] with a sentence if the file cannot be used.
    public static SSLContext trusting(Path certificates) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (var certificate : Pem.certificates(Files.readString(certificates))) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "trusted certificates %s cannot be used: %s".formatted(certificates, ReloadingKeys.reason(e)), e);
        }
    }

    /// A new engine for one connection that a client opened.
    public SSLEngine serverEngine() {
        var engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        return engine;
    }
}
