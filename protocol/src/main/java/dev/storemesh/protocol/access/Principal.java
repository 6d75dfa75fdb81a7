package dev.storemesh.protocol.access;

import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import java.util.Optional;

/// Who is calling. `name` stands in the log as the caller; without `catalog` it may see all of the site's; `store` is
/// the one whose link it is; `app` the program whose token it is.
public record Principal(
        String id,
        String name,
        Role role,
        Optional<CatalogId> catalog,
        Optional<StoreId> store,
        Optional<AppName> app) {
    public boolean may(Permission permission) {
        return role.may(permission);
    }

    public boolean sees(CatalogId wanted) {
        return catalog.map(wanted::equals).orElse(true);
    }
}
