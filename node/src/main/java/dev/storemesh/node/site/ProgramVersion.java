package dev.storemesh.node.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/// Which version of the program this is, as the build wrote it down.
public final class ProgramVersion {
    private ProgramVersion() {}

    public static String text() {
        var properties = new Properties();
        try (var file = ProgramVersion.class.getResourceAsStream("version.properties")) {
            properties.load(Objects.requireNonNull(file, "version.properties"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("version.properties: unreadable (expected: in the jar)", unreadable);
        }
        return properties.getProperty("version");
    }
}
