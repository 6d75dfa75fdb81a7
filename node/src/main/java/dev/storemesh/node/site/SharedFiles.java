package dev.storemesh.node.site;

import dev.storemesh.persistence.postgres.PostgresAddress;
import dev.storemesh.persistence.postgres.PostgresFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A site's small texts in its database, which all its nodes share.
final class SharedFiles implements SiteFiles {
    private final PostgresAddress address;
    private final PostgresFiles files;

    private SharedFiles(PostgresAddress address) {
        this.address = address;
        this.files = new PostgresFiles(address);
    }

    /// Those of a database. What a home has of them, from when each node kept them for itself, goes there first.
    ///
    /// @param kind the name of the text that says what a site is
    /// @param names of all texts; from then on none of them is in the home
    /// @throws StartFailure if the home is a site's of another kind
    static SharedFiles of(PostgresAddress address, HomeFolder home, String kind, List<String> names)
            throws IOException, StartFailure {
        var shared = new SharedFiles(address);
        for (var name : names) {
            var own = home.read(name);
            if (own.isPresent()) {
                shared.replace(name, Optional.empty(), own.get());
                if (name.equals(kind) && !shared.read(kind).equals(own)) {
                    throw new StartFailure("The home folder " + home.path() + " is that of a node of kind " + own.get()
                            + ", and the " + shared.place() + " is that of a site of kind "
                            + shared.read(kind).orElse("none"));
                }
                home.delete(name);
            }
        }
        return shared;
    }

    @Override
    public Optional<String> read(String name) throws IOException {
        return files.read(name).map(String::strip);
    }

    @Override
    public boolean replace(String name, Optional<String> before, String text) throws IOException {
        return files.replace(name, before, text);
    }

    @Override
    public boolean areShared() {
        return true;
    }

    @Override
    public Optional<Alone> tryAlone() throws IOException {
        return files.tryLock().map(lock -> lock::close);
    }

    @Override
    public String place() {
        return "database " + address.url();
    }
}
