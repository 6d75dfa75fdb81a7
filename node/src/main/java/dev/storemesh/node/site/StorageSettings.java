package dev.storemesh.node.site;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// `storemesh.storage` and `storemesh.postgres`: where the site keeps its log and checkpoints.
public sealed interface StorageSettings {
    /// Files in the home folder; for a site of one node.
    record Sqlite() implements StorageSettings {}

    /// A server that all nodes of the site share. Holds no password.
    ///
    /// @param url `jdbc:postgresql://…`
    /// @param passwordFile empty: the password is in the environment, or none is needed
    /// @param pool connections that write the log
    record Postgres(String url, String user, Optional<Path> passwordFile, int pool) implements StorageSettings {}

    /// Where that is, to show.
    default String place(Path home) {
        return switch (this) {
            case Sqlite sqlite -> home.toString();
            case Postgres postgres -> postgres.url();
        };
    }

    static StorageSettings read(SettingsReader reader) throws StartFailure {
        var postgres = postgres(reader); // is right or refused even while it is not used
        return reader.text("storage", Shapes.STORAGE, "sqlite or postgres").equals("postgres")
                ? postgres
                : new Sqlite();
    }

    private static Postgres postgres(SettingsReader reader) throws StartFailure {
        reader.onlyInTheEnvironment("postgres.password", "a file that storemesh.postgres.password-file names");
        var url = reader.text(
                "postgres.url", Shapes.URL, "postgresql://HOST:PORT/DATABASE, without user, password and others");
        return new Postgres(
                url.startsWith("jdbc:") ? url : "jdbc:" + url,
                reader.text("postgres.user", Shapes.USER, "the name of a user"),
                reader.file("postgres.password-file"),
                reader.whole("postgres.pool", 2, 200));
    }

    /// How the texts may look.
    final class Shapes {
        private static final Pattern STORAGE = Pattern.compile("sqlite|postgres");
        private static final Pattern USER = Pattern.compile("[A-Za-z0-9_.@$-]{1,63}");
        private static final String PARAMETER =
                "(?:sslmode|sslrootcert|sslcert|sslkey|sslnegotiation|gssEncMode|channelBinding|currentSchema)=[^&#]*";
        private static final Pattern URL =
                Pattern.compile("(?:jdbc:)?postgresql://[A-Za-z0-9.,:_\\[\\]-]+/[A-Za-z0-9_.~-]+" + "(?:\\?" + PARAMETER
                        + "(?:&" + PARAMETER + ")*)?");

        private Shapes() {}
    }
}
