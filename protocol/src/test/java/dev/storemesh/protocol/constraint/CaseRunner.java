package dev.storemesh.protocol.constraint;

/// Whatever judges writes, as the conformance cases ask it.
interface CaseRunner {
    /// Sets the case's stage in an empty catalog and submits its write.
    ///
    /// @throws AssertionError if the stage is not accepted
    CaseOutcome run(ConformanceCase one);
}
