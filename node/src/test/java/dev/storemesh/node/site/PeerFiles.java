package dev.storemesh.node.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/// The PEM files of one node in its home, replaced as an operator should: whole, by renaming.
record PeerFiles(Path home) {
    ClusterSettings.Tls settings() {
        return new ClusterSettings.Tls(
                home.resolve("node.pem"), home.resolve("node.key"), home.resolve("ca.pem"), Duration.ofMinutes(5));
    }

    static String conf() {
        return "storemesh.cluster.tls { certificate = node.pem, key = node.key, authority = ca.pem, reload-every = 1s }\n";
    }

    PeerFiles show(TestAuthority.Signed identity) {
        write("node.key", identity.key());
        write("node.pem", identity.certificate());
        return this;
    }

    PeerFiles trust(TestAuthority.Signed... authorities) {
        var all = new StringBuilder();
        for (var authority : authorities) {
            all.append(authority.authority());
        }
        write("ca.pem", all.toString());
        return this;
    }

    void write(String name, String text) {
        try {
            var whole = Files.writeString(home.resolve(name + ".new"), text);
            Files.move(whole, home.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
