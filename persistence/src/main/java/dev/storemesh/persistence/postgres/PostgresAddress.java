package dev.storemesh.persistence.postgres;

import java.nio.file.Path;
import java.util.Optional;

/// Where a site's database is and as whom to open it. Holds no secret: a connection that is asked for the password
/// reads it then, from the file or from the environment variable [PasswordSource#VARIABLE].
///
/// @param url `jdbc:postgresql://…`, without user and password
/// @param passwordFile a file with the password alone; it may change while the node runs
/// @param pool connections that write the journal; reading logs and checkpoints have fewer of their own
public record PostgresAddress(String url, String user, Optional<Path> passwordFile, int pool) {
    public PostgresAddress {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("url: " + url + " (expected: jdbc:postgresql://…)");
        }
        if (pool < 2) {
            throw new IllegalArgumentException("pool: " + pool + " (expected: >= 2)");
        }
    }
}
