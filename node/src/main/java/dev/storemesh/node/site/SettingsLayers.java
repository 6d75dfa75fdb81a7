package dev.storemesh.node.site;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The layers that settings come from, laid over each other. Names are judged here, values by [SettingsReader].
final class SettingsLayers {
    /// A value as it was written, and where it stands, in words.
    record Setting(String text, String place) {}

    static final String ROOT = "storemesh";
    static final String HOME = "storemesh.home";

    private final Map<String, Setting> defaults = new TreeMap<>();
    private final Map<String, String> variables = new HashMap<>(); // variable -> key
    private final Set<String> prefixes; // STOREMESH_HTTP_ …
    private final Path home;
    private final Path file;

    SettingsLayers(Config reference, Path home) throws StartFailure {
        this.home = home;
        this.file = home.resolve("storemesh.conf");
        flatten(ROOT, Objects.requireNonNull(reference.root().get(ROOT), ROOT), defaults);
        defaults.keySet().forEach(key -> variables.put(variable(key), key));
        prefixes = defaults.keySet().stream()
                .filter(key -> key.indexOf('.', ROOT.length() + 1) > 0)
                .map(key -> variable(key.substring(0, key.indexOf('.', ROOT.length() + 1))) + "_")
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The environment variable of a setting.
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    Map<String, Setting> merge(
            Map<String, String> overrides, Map<String, String> environment, Map<String, String> properties)
            throws StartFailure {
        var merged = new TreeMap<>(defaults);
        merged.putAll(fromFile());
        merged.putAll(fromProperties(properties));
        merged.putAll(fromEnvironment(environment));
        merged.putAll(fromOverrides(overrides));
        merged.put(HOME, new Setting(home.toString(), "the command line"));
        return merged;
    }

    private Map<String, Setting> fromFile() throws StartFailure {
        var found = new TreeMap<String, Setting>();
        if (Files.exists(file)) {
            for (var block : parse().root().entrySet()) {
                flatten(block.getKey(), block.getValue(), found);
            }
        }
        for (var entry : found.entrySet()) {
            if (!defaults.containsKey(entry.getKey())) {
                throw unknown(entry.getKey(), entry.getValue().place(), defaults.keySet());
            }
        }
        return found;
    }

    private Config parse() throws StartFailure {
        if (!Files.isReadable(file)) {
            throw new StartFailure(file + " cannot be read");
        }
        try {
            return ConfigFactory.parseFile(file.toFile()).resolve();
        } catch (ConfigException wrong) {
            var sentence =
                    String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
            throw new StartFailure(file + " is not valid: " + sentence, wrong);
        }
    }

    /// A property of one word after `storemesh.` that is no setting of ours is one of a tool (`storemesh.seed`).
    private Map<String, Setting> fromProperties(Map<String, String> properties) throws StartFailure {
        var found = new TreeMap<String, Setting>();
        for (var name : new TreeSet<>(properties.keySet())) {
            var isOurs = defaults.containsKey(name) || name.indexOf('.', ROOT.length() + 1) > 0;
            if (name.startsWith(ROOT + ".") && isOurs) {
                found.put(known(name, "the system properties"), setting(properties, name, "the system properties"));
            }
        }
        return found;
    }

    private Map<String, Setting> fromEnvironment(Map<String, String> environment) throws StartFailure {
        var found = new TreeMap<String, Setting>();
        for (var name : new TreeSet<>(environment.keySet())) {
            var key = Optional.ofNullable(variables.get(name));
            if (key.isPresent()) {
                found.put(key.get(), setting(environment, name, "the environment (" + name + ")"));
            } else if (prefixes.stream().anyMatch(name::startsWith)) {
                throw unknown(name, "the environment", variables.keySet());
            }
        }
        return found;
    }

    private Map<String, Setting> fromOverrides(Map<String, String> overrides) throws StartFailure {
        var found = new TreeMap<String, Setting>();
        for (var name : new TreeSet<>(overrides.keySet())) {
            found.put(known(name, "the command line"), setting(overrides, name, "the command line"));
        }
        return found;
    }

    private static Setting setting(Map<String, String> layer, String name, String place) {
        return new Setting(layer.getOrDefault(name, ""), place);
    }

    private String known(String key, String place) throws StartFailure {
        if (!defaults.containsKey(key)) {
            throw unknown(key, place, defaults.keySet());
        }
        return key;
    }

    private static StartFailure unknown(String name, String place, Set<String> known) {
        var nearest = known.stream()
                .min(Comparator.<String>comparingInt(other -> Spelling.distance(name, other))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(other -> Spelling.distance(name, other) <= name.length() / 4);
        return new StartFailure(name + " in " + place + " is not a setting"
                + nearest.map(other -> " (did you mean " + other + "?)").orElse(""));
    }

    private static void flatten(String key, ConfigValue value, Map<String, Setting> into) throws StartFailure {
        var place = place(value.origin());
        switch (value.valueType()) {
            case OBJECT -> {
                for (var entry : ((ConfigObject) value).entrySet()) {
                    var name = ConfigUtil.joinPath(entry.getKey());
                    flatten(key + "." + name, entry.getValue(), into);
                }
            }
            case STRING, NUMBER, BOOLEAN ->
                into.put(key, new Setting(value.unwrapped().toString(), place));
            case LIST, NULL ->
                throw new StartFailure(key + " in " + place + " is "
                        + (value.valueType() == ConfigValueType.LIST ? "a list" : "null")
                        + " (expected: one value)");
        }
    }

    private static String place(ConfigOrigin origin) {
        var name = Optional.ofNullable(origin.filename()).orElse(origin.description());
        return origin.lineNumber() > 0 ? name + " line " + origin.lineNumber() : name;
    }
}
