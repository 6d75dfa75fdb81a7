package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.Version;

/// What a read looks at that a partition holds no more: versions from `lowest` to `highest`. A reader who needs what
/// everybody writes just now, too, has no highest one.
record Past(Version lowest, Version highest) {
    private static final Version OPEN = new Version(Long.MAX_VALUE);

    static Past at(Version version) {
        return new Past(version, version);
    }

    static Past from(Version lowest) {
        return new Past(lowest, OPEN);
    }
}
