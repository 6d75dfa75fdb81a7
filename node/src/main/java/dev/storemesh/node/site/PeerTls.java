package dev.storemesh.node.site;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/// Mutual TLS (1.3) between the nodes of a site, from PEM files that are looked at again and again. Connections
/// that are made after a look use what it found; those that there are stay. Files that cannot be used leave the
/// former ones in use, and are warned of once.
///
/// Not Pekko's `RotatingKeysSSLEngineProvider`, since that one takes one authority only, so that nodes with
/// certificates of a former and a new one cannot meet; refuses all connections while a file cannot be read, and
/// those of a certificate beside another's key until its next look; and takes an authority that has expired.
final class PeerTls implements SSLEngineProvider {
    private static final Logger LOG = LoggerFactory.getLogger(PeerTls.class);
    private static final String[] PROTOCOLS = {"TLSv1.3"};
    private static final String[] SUITES = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};

    /// What one look at the files found.
    private record InUse(PeerIdentity.Texts texts, PeerIdentity identity) {}

    private final ClusterSettings.Tls files;
    private final InstantSource clock;
    private volatile InUse inUse;
    private String lastWarning = ""; // of looks, which follow one another

    /// Fails if the files cannot be used: a node that no other one lets in does not start.
    PeerTls(ClusterSettings.Tls files, InstantSource clock) throws StartFailure {
        this.files = files;
        this.clock = clock;
        try {
            this.inUse = read(PeerIdentity.Texts.read(files));
        } catch (IOException | GeneralSecurityException e) {
            throw new StartFailure("storemesh.cluster.tls cannot be used: " + reason(e), e);
        }
    }

    private InUse read(PeerIdentity.Texts texts) throws GeneralSecurityException {
        return new InUse(texts, PeerIdentity.of(texts, clock.instant()));
    }

    /// Looks at the files as often as the settings say, until the system ends.
    void watch(ActorSystem<?> system) {
        system.scheduler()
                .scheduleWithFixedDelay(
                        files.reloadEvery(),
                        files.reloadEvery(),
                        this::look,
                        system.dispatchers().lookup(DispatcherSelector.blocking()));
    }

    /// Takes what the files hold now, if it is something else and can be used.
    synchronized void look() {
        try {
            var texts = PeerIdentity.Texts.read(files);
            if (!texts.equals(inUse.texts())) {
                inUse = read(texts);
                LOG.info(
                        "certificate [{}] for the site's other nodes reloaded: good until {}, authorities: {}",
                        files.certificate(),
                        inUse.identity().goodUntil(),
                        inUse.identity().authorities());
            }
            lastWarning = "";
        } catch (IOException | GeneralSecurityException e) {
            if (!reason(e).equals(lastWarning)) {
                lastWarning = reason(e);
                LOG.warn(
                        "certificate [{}], key [{}] and authority [{}] cannot be used, the former ones stay: {}",
                        files.certificate(),
                        files.key(),
                        files.authority(),
                        lastWarning);
            }
        }
    }

    /// In words; a missing file's message is only its name.
    private static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case AccessDeniedException denied -> denied.getFile() + " may not be read";
            default -> String.valueOf(e.getMessage());
        };
    }

    @Override
    public SSLEngine createServerSSLEngine(String host, int port) {
        var engine = engine(host, port);
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return engine;
    }

    @Override
    public SSLEngine createClientSSLEngine(String host, int port) {
        var engine = engine(host, port);
        engine.setUseClientMode(true);
        return engine;
    }

    private SSLEngine engine(String host, int port) {
        var engine = inUse.identity().context().createSSLEngine(host, port);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setEnabledCipherSuites(SUITES);
        return engine;
    }

    @Override
    public Option<Throwable> verifyClientSession(String host, SSLSession session) {
        return Option.apply(refusal(session).orElse(null));
    }

    @Override
    public Option<Throwable> verifyServerSession(String host, SSLSession session) {
        return Option.apply(refusal(session).orElse(null));
    }

    /// Also of sessions that are resumed, whose certificates nobody else looks at again.
    private Optional<Throwable> refusal(SSLSession session) {
        try {
            var chain = new ArrayList<X509Certificate>();
            for (var certificate : session.getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            inUse.identity().check(chain, clock.instant());
            return Optional.empty();
        } catch (SSLPeerUnverifiedException | GeneralSecurityException stranger) {
            return Optional.of(stranger);
        }
    }
}
