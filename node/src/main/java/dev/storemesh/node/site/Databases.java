package dev.storemesh.node.site;

import com.typesafe.config.Config;
import dev.storemesh.persistence.UnusableDatabaseException;
import dev.storemesh.persistence.postgres.PostgresAddress;
import dev.storemesh.persistence.postgres.PostgresDatabase;
import dev.storemesh.persistence.sqlite.SqliteDatabases;
import dev.storemesh.protocol.log.HistoryId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// Opens the database that the settings name, for the home folder that began with it. A home whose site lives
/// elsewhere is refused: the node would start an empty site of the same name, and stores would follow that.
public final class Databases {
    private static final String KIND = "storage.kind";
    private static final String POSTGRES = "postgres";

    private Databases() {}

    /// Opens and migrates; blocks.
    ///
    /// @return the Pekko configuration of journal and snapshots
    /// @throws StartFailure when it cannot be used
    public static Config open(StorageSettings storage, HomeFolder home) throws StartFailure {
        try {
            var isInPostgres = home.read(KIND).isPresent();
            switch (storage) {
                case StorageSettings.Sqlite sqlite -> {
                    if (isInPostgres) {
                        throw elsewhere(home, "in PostgreSQL", "sqlite");
                    }
                }
                case StorageSettings.Postgres postgres -> {
                    if (Files.exists(home.path().resolve("log.db"))) {
                        throw elsewhere(home, "in its log.db", POSTGRES);
                    }
                }
            }
            var config = config(storage, home.path());
            if (storage instanceof StorageSettings.Postgres && !isInPostgres) {
                home.create(KIND, POSTGRES);
            }
            return config;
        } catch (UnusableDatabaseException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StartFailure("The home folder " + home.path() + " cannot be used: " + e.getMessage(), e);
        }
    }

    static Config config(StorageSettings storage, Path home) {
        return switch (storage) {
            case StorageSettings.Sqlite sqlite -> SqliteDatabases.open(home).config();
            case StorageSettings.Postgres postgres ->
                PostgresDatabase.open(address(postgres)).config();
        };
    }

    /// Begins a new history in every catalog of a site's log, whose nodes are stopped. Blocks.
    ///
    /// @return the catalogs, by name; none in a store's log
    public static List<String> beginHistory(StorageSettings.Postgres storage, HistoryId history, Instant now) {
        return PostgresDatabase.beginHistory(address(storage), history, now);
    }

    private static PostgresAddress address(StorageSettings.Postgres postgres) {
        return new PostgresAddress(postgres.url(), postgres.user(), postgres.passwordFile(), postgres.pool());
    }

    /// Where the site keeps its small texts, beside its log: once the database is open. Blocks.
    ///
    /// @param kind the name of the one that says what a site is
    /// @param names of all of them
    /// @throws StartFailure when they cannot be had, or are another site's
    public static SiteFiles files(StorageSettings storage, HomeFolder home, String kind, List<String> names)
            throws StartFailure {
        try {
            return switch (storage) {
                case StorageSettings.Sqlite sqlite -> home;
                case StorageSettings.Postgres postgres -> SharedFiles.of(address(postgres), home, kind, names);
            };
        } catch (IOException e) {
            throw new StartFailure("The site's enrolment cannot be kept: " + e.getMessage(), e);
        }
    }

    private static StartFailure elsewhere(HomeFolder home, String where, String asked) {
        return new StartFailure("The site of the home folder " + home.path() + " has its data " + where
                + ", and storemesh.storage is " + asked + "; set it back, or take an empty home for a new site");
    }
}
