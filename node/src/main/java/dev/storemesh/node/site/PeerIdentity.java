package dev.storemesh.node.site;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.pki.pem.DERPrivateKeyLoader;
import org.apache.pekko.pki.pem.PEMDecoder;

/// What a node shows the other nodes of its site, and whom it takes for one of them: the files of
/// `storemesh.cluster.tls` as they stood at one moment, known to fit together.
final class PeerIdentity {
    private static final char[] NO_PASSWORD = {};
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN CERTIFICATE-----");
    private static final int DNS_NAME = 2; // RFC 5280, GeneralName

    /// The texts of the three files. More than one authority may stand in theirs, one PEM block after the other.
    record Texts(String certificate, String key, String authorities) {
        static Texts read(ClusterSettings.Tls files) throws IOException {
            return new Texts(
                    Files.readString(files.certificate()),
                    Files.readString(files.key()),
                    Files.readString(files.authority()));
        }
    }

    private final List<X509Certificate> chain;
    private final List<X509Certificate> authorities;
    private final Set<String> names;
    private final SSLContext context;

    private PeerIdentity(
            List<X509Certificate> chain, List<X509Certificate> authorities, Set<String> names, SSLContext context) {
        this.chain = List.copyOf(chain);
        this.authorities = List.copyOf(authorities);
        this.names = Set.copyOf(names);
        this.context = context;
    }

    /// Fails where the other nodes would refuse it: a key of another certificate, or a certificate that none of the
    /// authorities signed, or that is not good now.
    static PeerIdentity of(Texts texts, Instant now) throws GeneralSecurityException {
        var chain = certificates(texts.certificate(), "certificate");
        var authorities = certificates(texts.authorities(), "authority");
        var key = key(texts.key());
        if (!(chain.getFirst().getPublicKey() instanceof RSAKey ours
                && key instanceof RSAKey theirs
                && ours.getModulus().equals(theirs.getModulus()))) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
        var identity = new PeerIdentity(chain, authorities, names(chain.getFirst()), context(chain, key, authorities));
        identity.check(chain, now);
        return identity;
    }

    /// TLS with this identity, with those whom the authorities signed, expired or not: see [#check].
    SSLContext context() {
        return context;
    }

    /// When the certificate that others are shown ends.
    Instant goodUntil() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    int authorities() {
        return authorities.size();
    }

    /// Fails unless the chain, of a peer or our own, is of a node of this site: it leads to one of the authorities,
    /// all on the way is good at this instant, the authority itself, too (which RFC 5280 does not ask for), and it
    /// has one of our names.
    void check(List<X509Certificate> peer, Instant now) throws GeneralSecurityException {
        var anchors = authorities.stream()
                .filter(authority -> isGood(authority, now))
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        if (anchors.isEmpty()) {
            throw new CertificateException("no authority is good at " + now);
        }
        var parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(peer), parameters);
        var theirs = names(peer.getFirst());
        if (Collections.disjoint(names, theirs)) {
            throw new CertificateException("the names " + theirs + " (expected: one of " + names + ")");
        }
    }

    private static boolean isGood(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    private static SSLContext context(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities)
            throws GeneralSecurityException {
        var own = emptyStore();
        own.setKeyEntry("node", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, NO_PASSWORD);
        var trusted = emptyStore();
        for (var authority : authorities) {
            trusted.setCertificateEntry("authority-" + trusted.size(), authority);
        }
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException("no empty key store can be made", e);
        }
    }

    private static List<X509Certificate> certificates(String pem, String what) throws GeneralSecurityException {
        var found = new ArrayList<X509Certificate>();
        try {
            for (var certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
                found.add((X509Certificate) certificate);
            }
        } catch (CertificateException e) {
            throw new GeneralSecurityException("the " + what + " cannot be read: " + e.getMessage(), e);
        }
        // The JDK leaves a later block out that is not whole.
        if (BEGIN.matcher(pem).results().count() > found.size()) {
            throw new GeneralSecurityException("the " + what + " cannot be read: not all of its blocks are whole");
        }
        if (found.isEmpty()) {
            throw new GeneralSecurityException("the " + what + " is none (expected: -----BEGIN CERTIFICATE-----)");
        }
        return found;
    }

    /// An unencrypted RSA key, PKCS#8 or PKCS#1.
    static PrivateKey key(String pem) throws GeneralSecurityException {
        try {
            return DERPrivateKeyLoader.load(PEMDecoder.decode(pem));
        } catch (Exception notRsa) { // Scala's methods declare none of those that they throw
            throw new GeneralSecurityException("the key is no unencrypted RSA key as PEM", notRsa);
        }
    }

    /// The common name and the DNS names.
    private static Set<String> names(X509Certificate certificate) throws CertificateException {
        var names = new HashSet<String>();
        try {
            for (var part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(part.getValue().toString());
                }
            }
        } catch (InvalidNameException e) {
            throw new CertificateException("a subject that is no name", e);
        }
        Collection<List<?>> others = certificate.getSubjectAlternativeNames();
        if (others != null) {
            for (var other : others) {
                if (other.get(0).equals(DNS_NAME)) {
                    names.add(other.get(1).toString());
                }
            }
        }
        return names;
    }
}
