package dev.storemesh.protocol.access;

import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import java.util.Optional;

/// Who is calling. `name` stands in the log as the caller; without `catalog` it may see all of the site's; `store` is
/// the only one that it works for, and of a link the one that it is; `app` the program whose token it is.
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

    /// Whether what is a store's is this principal's to see.
    public boolean sees(StoreId wanted) {
        return store.map(wanted::equals).orElse(true);
    }

    /// Whether this is a store's link.
    public boolean isLink() {
        return role == Role.STORE;
    }

    /// The store whose staff this is: it sees what is global and what is at that store's locations.
    public Optional<StoreId> staffOf() {
        return isLink() ? Optional.empty() : store;
    }
}
