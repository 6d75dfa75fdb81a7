package dev.storemesh.protocol;

import org.junit.jupiter.api.Assumptions;

/// What a test needs of the machine beyond a JDK and Maven. Where it is missing the test skips with a loud line;
/// where `STOREMESH_ALL=1` promises that everything is there, it fails.
public final class Needs {
    private Needs() {}

    /// Goes on where the machine has it.
    ///
    /// @param isThere whether the machine has it
    /// @param what for the line, such as "a network interface besides loopback"
    public static void that(boolean isThere, String what) {
        if (isThere) {
            return;
        }
        if ("1".equals(System.getenv("STOREMESH_ALL"))) {
            throw new AssertionError("STOREMESH_ALL=1, and this machine lacks " + what);
        }
        System.out.println("SKIPPED, for this machine lacks " + what);
        Assumptions.abort("this machine lacks " + what);
    }
}
