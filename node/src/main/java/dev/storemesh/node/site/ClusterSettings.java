package dev.storemesh.node.site;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `storemesh.cluster`: the other nodes of the site.
///
/// @param seeds the nodes to join by, in the order of all; empty: there is a bootstrap, or this node is the whole site
/// @param bootstrap how to find the others without seeds
/// @param here where the others reach this node
/// @param tls empty: they talk in the clear
public record ClusterSettings(List<Place> seeds, Optional<BootstrapSettings> bootstrap, Place here, Optional<Tls> tls) {
    private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])";
    private static final Pattern ONE = Pattern.compile(HOST);
    private static final Pattern SEEDS = Pattern.compile("(?:" + HOST + ":[0-9]{1,5}(?: *, *|$))*");

    /// Host and port of a node.
    public record Place(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /// PEM files, absolute and readable at the start. The authority may be several.
    public record Tls(Path certificate, Path key, Path authority, Duration reloadEvery) {}

    public ClusterSettings {
        seeds = List.copyOf(seeds);
    }

    /// Whether the site may have other nodes.
    public boolean isShared() {
        return !seeds.isEmpty() || bootstrap.isPresent();
    }

    /// The setting that makes it a shared one.
    public String sharedBy() {
        return bootstrap.isPresent() ? "storemesh.cluster.bootstrap.method" : "storemesh.cluster.seeds";
    }

    static ClusterSettings read(SettingsReader reader) throws StartFailure {
        var here = new Place(
                reader.text("cluster.host", ONE, "an address or host name"), reader.whole("cluster.port", 1, 65_535));
        var settings =
                new ClusterSettings(seeds(reader), BootstrapSettings.read(reader, here.host()), here, tls(reader));
        if (settings.bootstrap.isPresent() && !settings.seeds.isEmpty()) {
            throw reader.wrong("cluster.seeds", "nothing, since storemesh.cluster.bootstrap.method is set");
        }
        var mayBePlain = reader.flag("cluster.allow-plain");
        if (settings.isShared() && settings.tls.isEmpty() && !mayBePlain && !isThisMachine(settings.here.host())) {
            throw reader.wrong(
                    "cluster.tls.certificate",
                    "a file, since nodes reach this one from other machines; or storemesh.cluster.allow-plain");
        }
        return settings;
    }

    private static List<Place> seeds(SettingsReader reader) throws StartFailure {
        var expected = "HOST:PORT of two or more nodes to join by, separated by commas";
        var text = reader.text("cluster.seeds", SEEDS, expected);
        var seeds = Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(seed -> !seed.isEmpty())
                .map(seed -> new Place(
                        seed.substring(0, seed.lastIndexOf(':')),
                        Integer.parseInt(seed.substring(seed.lastIndexOf(':') + 1))))
                .toList();
        if (seeds.size() == 1 || seeds.stream().anyMatch(seed -> seed.port() < 1 || seed.port() > 65_535)) {
            throw reader.wrong("cluster.seeds", expected);
        }
        return seeds;
    }

    private static boolean isThisMachine(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException elsewhere) {
            return false;
        }
    }

    private static Optional<Tls> tls(SettingsReader reader) throws StartFailure {
        var files = List.of("certificate", "key", "authority");
        var found = new ArrayList<Path>();
        for (var file : files) {
            reader.file("cluster.tls." + file).ifPresent(found::add);
        }
        var reloadEvery = reader.span("cluster.tls.reload-every", Duration.ofSeconds(1), Duration.ofDays(1));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        for (var file : files) {
            if (reader.file("cluster.tls." + file).isEmpty()) {
                throw reader.wrong("cluster.tls." + file, "a file, since others of storemesh.cluster.tls are set");
            }
        }
        requireRsa(reader, found.get(1));
        return Optional.of(new Tls(found.get(0), found.get(1), found.get(2), reloadEvery));
    }

    /// Other keys are not read.
    private static void requireRsa(SettingsReader reader, Path key) throws StartFailure {
        try {
            PeerIdentity.key(Files.readString(key));
        } catch (IOException | GeneralSecurityException notRsa) {
            throw reader.wrong("cluster.tls.key", "an unencrypted RSA key as PEM");
        }
    }
}
