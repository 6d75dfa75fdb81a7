package dev.storemesh.ops.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// All that a script needs to use a running demo: addresses, process ids, tokens.
record Description(String catalog, Hq hq, List<Store> stores) {
    /// @param url base address, without `/api/v1`
    /// @param editor token that reads and writes the catalog
    /// @param approver token that reads it and decides change requests
    record Hq(String url, long pid, String editor, String approver) {}

    /// @param token reads the catalog and queues changes, at this store only
    record Store(String id, String url, long pid, String token) {}

    Description {
        stores = List.copyOf(stores);
    }

    ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode().put("catalog", catalog);
        json.putObject("hq")
                .put("url", hq.url())
                .put("pid", hq.pid())
                .put("editor", hq.editor())
                .put("approver", hq.approver());
        var list = json.putArray("stores");
        for (var store : stores) {
            list.addObject()
                    .put("id", store.id())
                    .put("url", store.url())
                    .put("pid", store.pid())
                    .put("token", store.token());
        }
        return json;
    }
}
