package dev.storemesh.ops.importer;

/// Is told how far a long job is. Calls come from one thread.
public interface Progress {
    /// A part of the job begins; the one before is done.
    void begin(String what, long total);

    /// So many more of the part's total are done.
    void advance(long by);

    /// The job has ended, well or not.
    void end();
}
