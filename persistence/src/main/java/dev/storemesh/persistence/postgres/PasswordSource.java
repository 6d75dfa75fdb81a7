package dev.storemesh.persistence.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/// The password of each new connection, read when the server asks for it. So no configuration, log or process list
/// ever holds it, and a changed file is good for the next connection. The driver makes one of these per connection.
public final class PasswordSource implements AuthenticationPlugin {
    /// The environment variable that is taken where no file is named.
    public static final String VARIABLE = "STOREMESH_POSTGRES_PASSWORD";

    static final String FILE = "storemeshPasswordFile";

    private final @Nullable String file;

    /// Called by the driver with the properties of the connection.
    public PasswordSource(Properties connection) {
        this.file = connection.getProperty(FILE);
    }

    @Override
    public char @Nullable [] getPassword(AuthenticationRequestType type) throws PSQLException {
        if (file == null) {
            var given = System.getenv(VARIABLE);
            return given == null ? null : given.toCharArray();
        }
        try {
            return Files.readString(Path.of(file)).strip().toCharArray();
        } catch (IOException e) {
            throw new PSQLException(
                    "the password file " + file + " cannot be read (" + e.getMessage() + ")",
                    PSQLState.INVALID_PASSWORD,
                    e);
        }
    }
}
