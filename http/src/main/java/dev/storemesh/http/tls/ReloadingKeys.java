package dev.storemesh.http.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A key manager that looks at its files again when a handshake asks for a key, at most once per interval. Aliases
/// carry the generation, so that a handshake that began with one pair of chain and key also ends with it.
/// Files that cannot be used leave the former pair in place, and are warned of once.
final class ReloadingKeys extends X509ExtendedKeyManager {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingKeys.class);

    private final Path chain;
    private final Path key;
    private final long intervalNanos;
    private volatile Identity current;
    private volatile Identity former; // for handshakes that were under way
    private long lookedAt;
    private String lastWarning = "";

    /// Fails if the files cannot be used: a server does not start with a broken certificate.
    ReloadingKeys(Path chain, Path key, Duration interval) {
        this.chain = chain;
        this.key = key;
        this.intervalNanos = interval.toNanos();
        try {
            this.current = Identity.of(1, Identity.Texts.read(chain, key));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "TLS certificate %s with key %s cannot be used: %s".formatted(chain, key, reason(e)), e);
        }
        this.former = current;
        this.lookedAt = System.nanoTime();
    }

    private synchronized Identity newest() {
        if (System.nanoTime() - lookedAt < intervalNanos) {
            return current;
        }
        lookedAt = System.nanoTime();
        try {
            var texts = Identity.Texts.read(chain, key);
            if (!texts.equals(current.texts())) {
                var next = Identity.of(current.generation() + 1, texts);
                former = current;
                current = next;
                LOG.info("TLS certificate [{}] reloaded", chain);
            }
            lastWarning = "";
        } catch (IOException | GeneralSecurityException e) {
            if (!reason(e).equals(lastWarning)) {
                lastWarning = reason(e);
                LOG.warn(
                        "TLS certificate [{}] with key [{}] cannot be used, the former one stays: {}",
                        chain,
                        key,
                        lastWarning);
            }
        }
        return current;
    }

    /// In words; a missing file's message is only its name.
    static String reason(Exception e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException missing -> missing.getFile() + " does not exist";
            case java.nio.file.AccessDeniedException denied -> denied.getFile() + " may not be read";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static @Nullable String alias(Identity identity, @Nullable String alias) {
        return alias == null ? null : identity.generation() + ":" + alias;
    }

    private @Nullable Identity named(String alias) {
        long generation = Long.parseLong(alias.substring(0, alias.indexOf(':')));
        var now = current;
        var before = former;
        return generation == now.generation() ? now : generation == before.generation() ? before : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        var identity = newest();
        return alias(identity, identity.keys().chooseEngineServerAlias(keyType, issuers, engine));
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        var identity = newest();
        return alias(identity, identity.keys().chooseServerAlias(keyType, issuers, socket));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        var identity = named(alias);
        return identity == null ? null : identity.keys().getCertificateChain(alias.substring(alias.indexOf(':') + 1));
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        var identity = named(alias);
        return identity == null ? null : identity.keys().getPrivateKey(alias.substring(alias.indexOf(':') + 1));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // nobody asks a server for a list
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // servers only
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null; // servers only
    }
}
