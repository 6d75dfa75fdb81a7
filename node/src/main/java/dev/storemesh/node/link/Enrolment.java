package dev.storemesh.node.link;

import dev.storemesh.node.site.SiteFiles;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value.Moment;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// What a store got when it joined: where HQ is, whom it is there, and its credential. Kept as `link.json` in the
/// home folder, mode 0600, or in the database that the store's nodes share, written whole before the credential is
/// first used. `joined` is the hash of the join token it came by; `since` is when the credential came, and `former`
/// the one before it, which an HQ that was restored from an older backup still knows.
public record Enrolment(
        URI hq,
        StoreId store,
        CatalogId catalog,
        HistoryId history,
        long epoch,
        String credential,
        SecretHash joined,
        Instant since,
        Optional<String> former) {
    static final String FILE = "link.json";
    private static final int FORMAT = 1;

    /// The enrolment that this site holds, if it is a store's.
    ///
    /// @throws IOException if it cannot be read, or is not of the form
    public static Optional<Enrolment> read(SiteFiles files) throws IOException {
        return read(files, files.read(FILE));
    }

    /// @param text as it is kept
    static Optional<Enrolment> read(SiteFiles files, Optional<String> text) throws IOException {
        try {
            return text.map(Enrolment::parse);
        } catch (IllegalArgumentException e) {
            throw new IOException(FILE + " in the " + files.place() + ": " + e.getMessage(), e);
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
                fields.parsed("joined", SecretHash::new),
                fields.optionalParsed("since", Moment::parse).orElse(Instant.EPOCH), // from before there was one
                fields.optionalText("former"));
    }

    /// As it is kept.
    String text() {
        var json = Json.object()
                .put("format", FORMAT)
                .put("hq", hq.toString())
                .put("store", store.text())
                .put("catalog", catalog.text())
                .put("history", history.text())
                .put("epoch", epoch)
                .put("credential", credential)
                .put("joined", joined.hex())
                .put("since", Moment.format(since));
        former.ifPresent(secret -> json.put("former", secret));
        return Json.text(json);
    }

    boolean isSameStore(Enrolment other) {
        return store.equals(other.store) && catalog.equals(other.catalog);
    }

    public Enrolment at(URI newHq) {
        return new Enrolment(newHq, store, catalog, history, epoch, credential, joined, since, former);
    }

    /// The same by a credential that comes after the present one.
    Enrolment by(String next, Instant at) {
        return new Enrolment(hq, store, catalog, history, epoch, next, joined, at, Optional.of(credential));
    }

    /// The same by the former credential, which is then due to be replaced; itself where there is none.
    Enrolment byFormer() {
        return former.map(secret -> new Enrolment(
                        hq, store, catalog, history, epoch, secret, joined, Instant.EPOCH, Optional.of(credential)))
                .orElse(this);
    }

    /// The credential is a secret: it is left out.
    @Override
    public String toString() {
        return "Enrolment[" + store + " of " + catalog + " at " + hq + ", epoch " + epoch + "]";
    }
}
