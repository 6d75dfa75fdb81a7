package dev.storemesh.ops.demo;

import java.util.Locale;

/// Tells how far an import is, a line at each full tenth.
final class ImportSteps implements dev.storemesh.ops.importer.Progress {
    private static final long TENTHS = 10;
    private static final long WORTH_TELLING = 1000; // fewer are done before anybody has read the line

    private final Progress progress;
    private String what = "";
    private long total;
    private long done;

    ImportSteps(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void begin(String what, long total) {
        this.what = what;
        this.total = total;
        this.done = 0;
    }

    @Override
    public void advance(long by) {
        var before = done;
        done += by;
        if (total >= WORTH_TELLING && done * TENTHS / total > before * TENTHS / total) {
            progress.step(String.format(Locale.ROOT, "  %s: %,d of %,d", what, done, total));
        }
    }

    @Override
    public void end() {} // the report follows
}
