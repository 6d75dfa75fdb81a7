package dev.storemesh.node.link;

import dev.storemesh.node.site.SiteFiles;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The small texts that the nodes of a site share, in memory.
final class TwinFiles implements SiteFiles {
    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final AtomicBoolean taken = new AtomicBoolean();

    @Override
    public Optional<String> read(String name) throws IOException {
        return Optional.ofNullable(texts.get(name));
    }

    @Override
    public boolean replace(String name, Optional<String> before, String text) {
        return before.isPresent() ? texts.replace(name, before.get(), text) : texts.putIfAbsent(name, text) == null;
    }

    @Override
    public boolean areShared() {
        return true;
    }

    @Override
    public Optional<Alone> tryAlone() {
        return taken.compareAndSet(false, true) ? Optional.of(() -> taken.set(false)) : Optional.empty();
    }

    @Override
    public String place() {
        return "database of a test";
    }
}
