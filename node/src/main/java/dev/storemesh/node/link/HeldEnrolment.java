package dev.storemesh.node.link;

import dev.storemesh.node.site.HomeFolder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// The enrolment of a running store, whose credential is replaced from time to time.
///
/// ```
/// old is used -> HQ gives a new one, and takes both -> new is on disk -> new is used: HQ ends the old one
/// ```
///
/// So whenever the node is killed, what stands on disk is what HQ takes.
public final class HeldEnrolment {
    private final HomeFolder home;
    private volatile Enrolment enrolment;

    public HeldEnrolment(HomeFolder home, Enrolment enrolment) {
        this.home = home;
        this.enrolment = enrolment;
    }

    public Enrolment now() {
        return enrolment;
    }

    String credential() {
        return enrolment.credential();
    }

    boolean isDue(Instant now, Duration age) {
        return !now.isBefore(enrolment.since().plus(age));
    }

    /// The credential is used from here on. Blocks until it is on disk.
    ///
    /// @throws IOException if it cannot be kept: the present one is used on
    synchronized void replace(String credential, Instant at) throws IOException {
        var next = enrolment.by(credential, at);
        next.write(home);
        enrolment = next;
    }

    /// HQ does not know the credential. Where it is an older HQ that came back, it knows the one before.
    synchronized void tryFormer() {
        enrolment = enrolment.byFormer();
    }
}
