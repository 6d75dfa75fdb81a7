package dev.storemesh.node.link;

import dev.storemesh.node.site.SiteFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The enrolment of a running store, whose credential is replaced from time to time.
///
/// ```
/// old is used -> HQ gives a new one, and takes both -> new is kept -> new is used: HQ ends the old one
/// ```
///
/// So whenever the node is killed, what is kept is what HQ takes. Where several nodes share what is kept, the one
/// that has the link replaces it; one that lost the link, and does not know yet, finds that it is too late.
public final class HeldEnrolment {
    private static final Logger LOG = LoggerFactory.getLogger(HeldEnrolment.class);

    private final SiteFiles files;
    private volatile Enrolment enrolment;
    private String kept; // the credential that was kept when it was last looked

    public HeldEnrolment(SiteFiles files, Enrolment enrolment) {
        this.files = files;
        this.enrolment = enrolment;
        this.kept = enrolment.credential();
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

    /// The credential is used from here on, unless another node was faster: then the one that it keeps is. Blocks
    /// until it is on disk.
    ///
    /// @throws IOException if it cannot be kept: the present one is used on
    synchronized void replace(String credential, Instant at) throws IOException {
        var before = files.read(Enrolment.FILE);
        var known = Enrolment.read(files, before).map(Enrolment::credential);
        var next = enrolment.by(credential, at);
        if (known.orElse(kept).equals(kept) && files.replace(Enrolment.FILE, before, next.text())) {
            enrolment = next;
            kept = credential;
        } else {
            reload();
        }
    }

    /// Takes what is kept, where that is another one by now. Blocks.
    ///
    /// @return whether it is
    synchronized boolean reload() throws IOException {
        var present = Enrolment.read(files).filter(found -> !found.credential().equals(kept));
        present.ifPresent(found -> {
            enrolment = found.at(enrolment.hq());
            kept = found.credential();
        });
        return present.isPresent();
    }

    /// HQ does not know the credential. Another node may have replaced it; else, where it is an older HQ that came
    /// back, it knows the one before. Blocks.
    synchronized void tryAnother() {
        try {
            if (!reload()) {
                enrolment = enrolment.byFormer();
            }
        } catch (IOException e) {
            LOG.warn("the enrolment cannot be read from the {}: {}", files.place(), e.getMessage());
        }
    }
}
