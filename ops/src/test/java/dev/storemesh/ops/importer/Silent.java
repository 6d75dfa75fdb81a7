package dev.storemesh.ops.importer;

/// Nobody watches.
final class Silent implements Progress {
    @Override
    public void begin(String what, long total) {}

    @Override
    public void advance(long by) {}

    @Override
    public void end() {}
}
