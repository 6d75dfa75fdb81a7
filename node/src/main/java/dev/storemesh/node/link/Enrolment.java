package dev.storemesh.node.link;

import dev.storemesh.node.site.HomeFolder;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/// What a store got when it joined: where HQ is, whom it is there, and its credential. Kept in `link.json` of the
/// home folder, mode 0600, written whole before the credential is first used. `joined` is the hash of the join token
/// it came by.
public record Enrolment(
        URI hq, StoreId store, CatalogId catalog, HistoryId history, long epoch, String credential, SecretHash joined) {
    private static final String FILE = "link.json";
    private static final int FORMAT = 1;

    /// The enrolment that this home holds, if it is a store's.
    ///
    /// @throws IOException if the file cannot be read, or is not of the form
    public static Optional<Enrolment> read(HomeFolder home) throws IOException {
        var text = home.read(FILE);
        try {
            return text.map(Enrolment::parse);
        } catch (IllegalArgumentException e) {
            throw new IOException(home.path().resolve(FILE) + ": " + e.getMessage(), e);
        }
    }

    private static Enrolment parse(String text) {
        var fields = Fields.of(Json.parse(text));
        if (fields.number("format") != FORMAT) {
            throw new IllegalArgumentException("format: " + fields.number("format") + " (expected: " + FORMAT + ")");
        }
        return new Enrolment(
                fields.parsed("hq", URI::create),
                fields.parsed("store", StoreId::new),
                fields.parsed("catalog", CatalogId::new),
                fields.parsed("history", HistoryId::new),
                fields.number("epoch"),
                fields.text("credential"),
                fields.parsed("joined", SecretHash::new));
    }

    public void write(HomeFolder home) throws IOException {
        home.write(
                FILE,
                Json.text(Json.object()
                        .put("format", FORMAT)
                        .put("hq", hq.toString())
                        .put("store", store.text())
                        .put("catalog", catalog.text())
                        .put("history", history.text())
                        .put("epoch", epoch)
                        .put("credential", credential)
                        .put("joined", joined.hex())));
    }

    boolean isSameStore(Enrolment other) {
        return store.equals(other.store) && catalog.equals(other.catalog);
    }

    public Enrolment at(URI newHq) {
        return new Enrolment(newHq, store, catalog, history, epoch, credential, joined);
    }

    /// The credential is a secret: it is left out.
    @Override
    public String toString() {
        return "Enrolment[" + store + " of " + catalog + " at " + hq + ", epoch " + epoch + "]";
    }
}
