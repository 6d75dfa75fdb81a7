package dev.storemesh.node.site;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/// `storemesh.site`: who this node is.
///
/// @param id the configured id of the site; a store's real id is the one it was enrolled with
/// @param reader whether a site that follows HQ only reads, and queues nothing
/// @param exitWithParent the process that this node must not outlive
public record SiteSettings(String id, boolean reader, OptionalLong exitWithParent) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    static SiteSettings read(SettingsReader reader) throws StartFailure {
        var parent = reader.wholeLong("site.exit-with-parent", 0, Long.MAX_VALUE);
        return new SiteSettings(
                reader.text("site.id", ID, "1 to 64 of A-Z a-z 0-9 . _ ~ -"),
                reader.flag("site.reader"),
                parent == 0 ? OptionalLong.empty() : OptionalLong.of(parent));
    }
}
