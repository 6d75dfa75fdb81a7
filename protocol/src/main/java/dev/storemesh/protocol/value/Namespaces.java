package dev.storemesh.protocol.value;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which app each claimed namespace belongs to, at the whole installation. Claims of different apps never overlap,
/// and none is ever given back.
public record Namespaces(Map<Namespace, AppName> claims) {
    public static final Namespaces NONE = new Namespaces(Map.of());

    public Namespaces {
        claims = Map.copyOf(claims);
    }

    /// The app in whose namespace a dotted name lies; empty: nobody claimed it.
    public Optional<AppName> ownerOf(String dottedName) {
        return claims.entrySet().stream()
                .filter(claim -> claim.getKey().contains(dottedName))
                .max(Comparator.comparingInt(claim -> claim.getKey().text().length()))
                .map(Map.Entry::getValue);
    }

    /// Whether a name is not the writer's to use: it lies in the namespace of another app; or the writer is an app,
    /// and it lies in none of its own. What nobody claimed is the merchant's.
    public boolean isForeign(String dottedName, Optional<String> app) {
        return ownerOf(dottedName)
                .map(owner -> !Optional.of(owner.text()).equals(app))
                .orElse(app.isPresent());
    }

    public Namespaces with(Namespace namespace, AppName app) {
        var more = new HashMap<>(claims);
        more.put(namespace, app);
        return new Namespaces(more);
    }
}
