package dev.storemesh.node.site;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/// All settings of a node, read and checked before anything else happens. `reference.conf` says what each means.
///
/// @param home the node's folder, absolute; it need not exist yet
public record NodeSettings(
        Path home,
        SiteSettings site,
        StorageSettings storage,
        ClusterSettings cluster,
        HttpSettings http,
        LinkSettings link,
        CatalogSettings catalog,
        PartitionSettings partition,
        ReplicaSettings replica,
        AccessSettings access,
        FleetSettings fleet) {

    /// Reads the layers, highest first: `overrides` (full names, as in `reference.conf`), the environment, the
    /// system properties, `HOME/storemesh.conf`, the defaults.
    ///
    /// @throws StartFailure naming the first setting whose name or value is wrong, and where it stands
    public static NodeSettings load(Path home, Map<String, String> overrides) throws StartFailure {
        var properties = System.getProperties();
        return load(
                home,
                overrides,
                System.getenv(),
                properties.stringPropertyNames().stream()
                        .collect(Collectors.toMap(name -> name, properties::getProperty)));
    }

    static NodeSettings load(
            Path home, Map<String, String> overrides, Map<String, String> environment, Map<String, String> properties)
            throws StartFailure {
        var folder = home.toAbsolutePath().normalize();
        var layers = new SettingsLayers(ConfigFactory.defaultReferenceUnresolved(), folder);
        return read(new SettingsReader(layers.merge(overrides, environment, properties), folder));
    }

    private static NodeSettings read(SettingsReader reader) throws StartFailure {
        var settings = new NodeSettings(
                reader.home(),
                SiteSettings.read(reader),
                StorageSettings.read(reader),
                ClusterSettings.read(reader),
                HttpSettings.read(reader),
                LinkSettings.read(reader),
                CatalogSettings.read(reader),
                PartitionSettings.read(reader),
                ReplicaSettings.read(reader),
                AccessSettings.read(reader),
                FleetSettings.read(reader));
        if (settings.catalog.maxWaitingBytes() < settings.http.maxBodyBytes()) {
            throw reader.wrong("catalog.max-waiting-bytes", "at least storemesh.http.max-body");
        }
        if (settings.catalog.askTimeout().compareTo(settings.http.requestTimeout()) >= 0) {
            throw reader.wrong("catalog.ask-timeout", "less than storemesh.http.request-timeout");
        }
        if (settings.cluster.isShared() && settings.storage instanceof StorageSettings.Sqlite) {
            throw reader.wrong(
                    "storage",
                    "postgres, since " + settings.cluster.sharedBy() + " is set: SQLite's files belong to one node");
        }
        return settings;
    }
}
