package dev.storemesh.node.site;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads merged settings as what they should be. Keys are given without `storemesh.`. A wrong value is a
/// [StartFailure] that names the setting, the place where it stands and what was expected there.
final class SettingsReader {
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,2})%");
    private static final int MOST_PERCENT = 90;
    private static final Pattern UNITLESS = Pattern.compile("[0-9.]*");

    private final Map<String, SettingsLayers.Setting> settings;
    private final Path home;

    SettingsReader(Map<String, SettingsLayers.Setting> settings, Path home) {
        this.settings = Map.copyOf(settings);
        this.home = home;
    }

    Path home() {
        return home;
    }

    String text(String key, Pattern shape, String expected) throws StartFailure {
        var text = text(key);
        if (!shape.matcher(text).matches()) {
            throw wrong(key, expected);
        }
        return text;
    }

    int whole(String key, int least, int most) throws StartFailure {
        return Math.toIntExact(wholeLong(key, least, most));
    }

    long wholeLong(String key, long least, long most) throws StartFailure {
        var expected = "a whole number from " + least + (most == Long.MAX_VALUE ? "" : " to " + most);
        try {
            return within(key, Long.parseLong(text(key)), least, most, expected);
        } catch (NumberFormatException notANumber) {
            throw wrong(key, expected);
        }
    }

    boolean flag(String key) throws StartFailure {
        return switch (text(key)) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no" -> false;
            default -> throw wrong(key, "true or false");
        };
    }

    /// Refuses a secret anywhere but in the environment, where other users of the machine cannot read it. Its text
    /// is never shown.
    void onlyInTheEnvironment(String key, String instead) throws StartFailure {
        var setting = setting(key);
        if (!setting.text().isEmpty() && !setting.place().startsWith("the environment")) {
            throw new StartFailure("%s.%s stands in %s (expected: %s, or the environment variable %s)"
                    .formatted(
                            SettingsLayers.ROOT,
                            key,
                            setting.place(),
                            instead,
                            SettingsLayers.variable(SettingsLayers.ROOT + "." + key)));
        }
    }

    /// A number of bytes, with or without a unit.
    long size(String key, String least, String most) throws StartFailure {
        var expected = "a size from " + least + " to " + most + ", such as " + most;
        try {
            return within(key, bytes(text(key)), bytes(least), bytes(most), expected);
        } catch (ConfigException | ArithmeticException notASize) {
            throw wrong(key, expected);
        }
    }

    /// A number of bytes, or a share of the largest heap that this JVM may have.
    long memory(String key, String least, String most) throws StartFailure {
        var share = PERCENT.matcher(text(key));
        if (!share.matches()) {
            return size(key, least, most);
        }
        var percent = Integer.parseInt(share.group(1));
        if (percent < 1 || percent > MOST_PERCENT) {
            throw wrong(key, "a size, or a share of the heap from 1% to " + MOST_PERCENT + "%");
        }
        return Math.max(bytes(least), Runtime.getRuntime().maxMemory() / 100 * percent);
    }

    /// A span of time; the unit is required, since a bare number would be taken for milliseconds.
    Duration span(String key, Duration least, Duration most) throws StartFailure {
        var expected = "a span of time from " + words(least) + " to " + words(most) + ", such as " + words(most);
        if (UNITLESS.matcher(text(key)).matches()) {
            throw wrong(key, expected);
        }
        try {
            var span = single(text(key)).getDuration("value");
            if (span.compareTo(least) < 0 || span.compareTo(most) > 0) {
                throw wrong(key, expected);
            }
            return span;
        } catch (ConfigException | ArithmeticException notASpan) {
            throw wrong(key, expected);
        }
    }

    /// A file that can be read; empty when the setting is.
    Optional<Path> file(String key) throws StartFailure {
        if (text(key).isEmpty()) {
            return Optional.empty();
        }
        try {
            var file = home.resolve(text(key)).normalize();
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                return Optional.of(file);
            }
        } catch (InvalidPathException notAPath) {
            throw wrong(key, "a file that can be read");
        }
        throw wrong(key, "a file that can be read");
    }

    /// An `http` or `https` URL of a server; empty when the setting is.
    Optional<URI> url(String key) throws StartFailure {
        if (text(key).isEmpty()) {
            return Optional.empty();
        }
        var expected = "a URL such as https://hq.example.com:8443";
        try {
            var url = new URI(text(key));
            if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme())) || url.getHost() == null) {
                throw wrong(key, expected);
            }
            return Optional.of(url);
        } catch (URISyntaxException notAUrl) {
            throw wrong(key, expected);
        }
    }

    /// A time such as `03:30`; empty when the setting is.
    Optional<LocalTime> timeOfDay(String key) throws StartFailure {
        if (text(key).isEmpty()) {
            return Optional.empty();
        }
        if (!text(key).matches("([01][0-9]|2[0-3]):[0-5][0-9]")) {
            throw wrong(key, "a time of the day such as 03:30");
        }
        return Optional.of(LocalTime.parse(text(key)));
    }

    StartFailure wrong(String key, String expected) {
        var setting = setting(key);
        return new StartFailure("%s.%s in %s is \"%s\" (expected: %s)"
                .formatted(SettingsLayers.ROOT, key, setting.place(), setting.text(), expected));
    }

    private long within(String key, long value, long least, long most, String expected) throws StartFailure {
        if (value < least || value > most) {
            throw wrong(key, expected);
        }
        return value;
    }

    private String text(String key) {
        return setting(key).text();
    }

    private SettingsLayers.Setting setting(String key) {
        var setting = settings.get(SettingsLayers.ROOT + "." + key);
        if (setting == null) {
            throw new IllegalArgumentException("key: " + key + " (expected: one that stands in reference.conf)");
        }
        return setting;
    }

    private static long bytes(String text) {
        BigInteger bytes = single(text).getMemorySize("value").toBytesBigInteger();
        return bytes.longValueExact();
    }

    private static Config single(String text) {
        return ConfigFactory.parseMap(Map.of("value", text));
    }

    private static String words(Duration span) {
        if (span.isZero()) {
            return "0s";
        }
        if (span.toMillisPart() != 0) {
            return span.toMillis() + "ms";
        }
        if (span.toSecondsPart() != 0) {
            return span.toSeconds() + "s";
        }
        if (span.toMinutesPart() != 0) {
            return span.toMinutes() + "m";
        }
        return span.toHoursPart() != 0 ? span.toHours() + "h" : span.toDays() + "d";
    }
}
