package dev.storemesh.node.backup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.node.backup.LogHeads.Head;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Value.Moment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What a backup is of, as it stands in its `backup.json`.
///
/// @param site the site's id
/// @param kind `hq` or `store`
/// @param node the version of the program that took it
/// @param takenAt when it was begun: what was acknowledged before that is in it
/// @param catalogs how far they are
/// @param files what is in the folder besides the manifest, by name
record Manifest(String site, String kind, String node, Instant takenAt, List<Head> catalogs, List<File> files) {
    static final String NAME = "backup.json";

    /// The form of the manifest, and of the folder.
    private static final int FORMAT = 1;

    /// @param sha256 of its bytes, in hex
    record File(String name, long bytes, String sha256) {}

    Manifest {
        catalogs = List.copyOf(catalogs);
        files = List.copyOf(files);
    }

    ObjectNode json() {
        var json = Json.object()
                .put("format", FORMAT)
                .put("site", site)
                .put("kind", kind)
                .put("nodeVersion", node)
                .put("takenAt", Moment.format(takenAt));
        var heads = json.putArray("catalogs");
        catalogs.forEach(head -> heads.add(json(head)));
        var list = json.putArray("files");
        for (var file : files) {
            list.addObject().put("name", file.name()).put("bytes", file.bytes()).put("sha256", file.sha256());
        }
        return json;
    }

    static ObjectNode json(Head head) {
        var json = Json.object()
                .put("catalog", head.catalog().text())
                .put("history", head.history().text())
                .put("version", head.version().number());
        head.chain().ifPresent(chain -> json.put("chain", chain.toString()));
        return json;
    }

    /// @throws IllegalArgumentException if it is none, or a newer program's
    static Manifest read(byte[] utf8) {
        var fields = Fields.of(Json.parse(utf8));
        var format = fields.number("format");
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "format: " + format + " (expected: " + FORMAT + "; a newer version of Storemesh made it)");
        }
        var heads = new ArrayList<Head>();
        for (var node : fields.any("catalogs")) {
            var head = Fields.of(node);
            heads.add(new Head(
                    head.parsed("catalog", CatalogId::new),
                    head.parsed("history", HistoryId::new),
                    new Version(head.number("version")),
                    head.optionalText("chain").map(ChainHash::new)));
        }
        var files = new ArrayList<File>();
        for (var node : fields.any("files")) {
            var file = Fields.of(node);
            files.add(new File(file.text("name"), file.number("bytes"), file.text("sha256")));
        }
        return new Manifest(
                fields.text("site"),
                fields.text("kind"),
                fields.text("nodeVersion"),
                fields.parsed("takenAt", Moment::parse),
                heads,
                files);
    }
}
