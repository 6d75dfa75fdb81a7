package dev.storemesh.ops.importer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiException;
import java.util.List;
import java.util.Map;

/// The catalog an import goes to.
public interface ImportTarget {
    /// All objects of some types, all at one version.
    record Snapshot(long version, Map<String, Present> objects) {
        public Snapshot {
            objects = Map.copyOf(objects);
        }
    }

    Snapshot read(List<String> types) throws ApiException, InterruptedException;

    /// Makes one atomic write.
    ///
    /// @return the version it made
    long write(ObjectNode body, String key) throws ApiException, InterruptedException;
}
