package dev.storemesh.node.site;

import java.util.Optional;
import java.util.regex.Pattern;

/// `storemesh.cluster.bootstrap`: how the nodes of a site find each other by a directory, without a list of seeds.
///
/// @param service what the directory is asked for
/// @param portName empty: all nodes have their contact points on the same port
/// @param contactPoints how many of them must be found, and answer, before a new cluster is begun
/// @param bind the address on which this node's contact point listens
/// @param port its port, at `storemesh.cluster.host`
public record BootstrapSettings(
        Directory directory, String service, Optional<String> portName, int contactPoints, String bind, int port) {
    private static final Pattern METHOD = Pattern.compile("none|dns|kubernetes");
    private static final Pattern SERVICE = Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252})?");
    private static final Pattern PORT_NAME = Pattern.compile("(?:[A-Za-z0-9-]{1,63})?");
    private static final Pattern NAMESPACE = Pattern.compile("(?:[a-z0-9-]{1,63})?");
    private static final Pattern BIND = Pattern.compile("[0-9A-Za-z.:_-]*");

    /// What knows the nodes' addresses.
    public sealed interface Directory {
        /// SRV records, or addresses.
        record Dns() implements Directory {}

        /// Pods by their label `app`, asked of the API server.
        ///
        /// @param namespace empty: that of the own pod
        record Kubernetes(Optional<String> namespace) implements Directory {}
    }

    /// Empty: nothing of this listens or asks anybody.
    static Optional<BootstrapSettings> read(SettingsReader reader, String host) throws StartFailure {
        var key = "cluster.bootstrap.";
        var method = reader.text(key + "method", METHOD, "none, dns or kubernetes");
        var namespace = reader.text(key + "namespace", NAMESPACE, "the name of a namespace");
        var service = reader.text(key + "service", SERVICE, "a name in the directory");
        var portName = reader.text(key + "port-name", PORT_NAME, "the name of a port, 1 to 63 of A-Z a-z 0-9 -");
        var contactPoints = reader.whole(key + "contact-points", 2, 100);
        var bind = reader.text(key + "bind", BIND, "an address or host name");
        var port = reader.whole(key + "port", 1, 65_535);
        if (method.equals("none")) {
            return Optional.empty();
        }
        if (service.isEmpty()) {
            throw reader.wrong(
                    key + "service",
                    method.equals("dns")
                            ? "the DNS name of the site's nodes, since storemesh.cluster.bootstrap.method is dns"
                            : "the label app of the site's pods, since storemesh.cluster.bootstrap.method is kubernetes");
        }
        return Optional.of(new BootstrapSettings(
                method.equals("dns") ? new Directory.Dns() : new Directory.Kubernetes(given(namespace)),
                service,
                given(portName),
                contactPoints,
                bind.isEmpty() ? host : bind,
                port));
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }
}
