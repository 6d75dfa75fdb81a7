package dev.storemesh.node.link;

import dev.storemesh.node.link.HqClient.Refused;
import dev.storemesh.node.site.Join;
import dev.storemesh.node.site.LinkSettings;
import dev.storemesh.node.site.SiteFiles;
import dev.storemesh.node.site.StartFailure;
import dev.storemesh.protocol.access.SecretHash;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.StoreId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Trades a join token for a store's credential, once, while the node starts. It may be killed at any instant: the
/// node's id stands on disk before HQ hears it, so that the next start repeats the same enrolment.
public final class Enroller {
    private static final Logger LOG = LoggerFactory.getLogger(Enroller.class);
    private static final String NODE_ID = "node.id";
    /// What a site is, from its first start on: `hq` or `store`.
    public static final String KIND = "site.kind";

    private static final String HQ = "hq";
    private static final String STORE = "store";
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration LOOK = Duration.ofMillis(20);

    private Enroller() {}

    /// The names of all texts by which a site remembers what it is.
    public static final List<String> FILES = List.of(KIND, NODE_ID, Enrolment.FILE);

    /// Whoever may end the wait, or what it is for.
    ///
    /// @param member completes when this node is in the cluster of its site
    /// @param stopping whether the node is told to stop
    public record Waiting(CompletionStage<?> member, BooleanSupplier stopping) {
        void pause() throws StartFailure {
            if (stopping.getAsBoolean()) {
                throw new StartFailure("The node was stopped while it waited for its enrolment");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /// The enrolment of this site: the one it has, or a new one by this join token. Empty: this is no store. Blocks
    /// while HQ is out of reach, for a minute at most, or until the node is told to stop. One of a site's nodes
    /// enrols; the others wait for it.
    ///
    /// @throws StartFailure if HQ refuses, or stays out of reach, or if this home or database is another site's
    public static Optional<Enrolment> enrol(
            SiteFiles files,
            Optional<Join> join,
            LinkSettings settings,
            Optional<SSLContext> trust,
            Supplier<String> newNodeId,
            InstantSource clock,
            Waiting waiting)
            throws StartFailure {
        try {
            if (join.isEmpty()) {
                return present(files, waiting)
                        .map(found -> found.at(settings.hq().orElse(found.hq())));
            }
            var alone = alone(files, waiting);
            try {
                return Optional.of(joined(files, join.get(), settings, trust, newNodeId, clock, waiting));
            } finally {
                alone.close();
            }
        } catch (IOException e) {
            throw new StartFailure("The enrolment cannot be kept in the " + files.place() + ": " + e.getMessage(), e);
        }
    }

    /// What stands; and where that is nothing, the site is HQ's from here on.
    private static Optional<Enrolment> present(SiteFiles files, Waiting waiting) throws IOException, StartFailure {
        var present = Enrolment.read(files);
        if (present.isEmpty() && files.areShared()) {
            present = ofOthers(files, waiting);
        }
        if (present.isEmpty()) {
            become(files, HQ);
        }
        return present;
    }

    /// Whose the site is, the node that begins its cluster says first; and that may be about to enrol.
    private static Optional<Enrolment> ofOthers(SiteFiles files, Waiting waiting) throws IOException, StartFailure {
        if (files.read(KIND).isEmpty()) {
            LOG.info("nobody has said yet whose the {} is: waiting for the cluster", files.place());
            while (!waiting.member().toCompletableFuture().isDone()) {
                waiting.pause();
            }
        }
        var until = System.nanoTime() + LONGEST.toNanos();
        while (files.read(KIND).equals(Optional.of(STORE))) {
            var enrolled = Enrolment.read(files);
            if (enrolled.isPresent() || System.nanoTime() > until) {
                return enrolled;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            waiting.pause();
        }
        return Optional.empty();
    }

    private static SiteFiles.Alone alone(SiteFiles files, Waiting waiting) throws IOException, StartFailure {
        var until = System.nanoTime() + 2 * LONGEST.toNanos();
        var alone = files.tryAlone();
        while (alone.isEmpty()) {
            if (System.nanoTime() > until) {
                throw new StartFailure("Another node of the site has been enrolling it for too long");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            waiting.pause();
            alone = files.tryAlone();
        }
        return alone.get();
    }

    private static Enrolment joined(
            SiteFiles files,
            Join asked,
            LinkSettings settings,
            Optional<SSLContext> trust,
            Supplier<String> newNodeId,
            InstantSource clock,
            Waiting waiting)
            throws IOException, StartFailure {
        if (files.read(KIND).equals(Optional.of(HQ))) {
            throw new StartFailure("The " + files.place() + " is HQ's: a store needs one of its own");
        }
        var before = files.read(Enrolment.FILE);
        var present = Enrolment.read(files, before);
        if (present.isPresent() && present.get().joined().equals(SecretHash.of(asked.token()))) {
            return present.get().at(asked.hq());
        }
        if (files.areShared()) {
            become(files, STORE); // the others wait for what HQ answers
        }
        var enrolment = request(
                asked, node(files, newNodeId), HqClient.of(asked.hq(), asked::token, settings, trust), clock, waiting);
        if (present.isPresent() && !present.get().isSameStore(enrolment)) {
            throw new StartFailure("The join token is for store " + enrolment.store() + ", and the " + files.place()
                    + " is that of store " + present.get().store());
        }
        become(files, STORE);
        if (!files.replace(Enrolment.FILE, before, enrolment.text())) {
            throw new StartFailure("Another node of the site has enrolled it meanwhile: start this one again");
        }
        LOG.info("enrolled as store [{}] of catalog [{}] at {}", enrolment.store(), enrolment.catalog(), asked.hq());
        return enrolment;
    }

    /// As whom HQ knows who enrols; the nodes of a site share that, too.
    private static String node(SiteFiles files, Supplier<String> newNodeId) throws IOException {
        if (files.read(NODE_ID).isEmpty()) {
            files.replace(NODE_ID, Optional.empty(), newNodeId.get());
        }
        return files.read(NODE_ID).orElseThrow();
    }

    private static void become(SiteFiles files, String kind) throws IOException, StartFailure {
        files.replace(KIND, Optional.empty(), kind);
        var is = files.read(KIND);
        if (!is.equals(Optional.of(kind))) {
            throw new StartFailure(
                    kind.equals(STORE)
                            ? "The " + files.place() + " is HQ's: a store needs one of its own"
                            : "The " + files.place()
                                    + " is that of a store whose enrolment is not complete: start it with --join and --token");
        }
    }

    private static Enrolment request(Join join, String node, HqClient hq, InstantSource clock, Waiting waiting)
            throws StartFailure {
        var until = System.nanoTime() + LONGEST.toNanos();
        var told = false;
        while (true) {
            try {
                var answer = answer(hq, node, until, waiting);
                var fields = HqClient.fields(answer);
                return new Enrolment(
                        join.hq(),
                        fields.parsed("store", StoreId::new),
                        fields.parsed("catalog", CatalogId::new),
                        fields.parsed("history", HistoryId::new),
                        fields.number("epoch"),
                        fields.text("credential"),
                        SecretHash.of(join.token()),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        Optional.empty());
            } catch (CompletionException e) {
                var cause = HqClient.cause(e);
                failIfFinal(join, until, cause);
                if (!told) {
                    LOG.info("waiting for HQ at {}: {}", join.hq(), cause.toString());
                    told = true;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            } catch (IllegalArgumentException e) {
                throw new StartFailure("HQ at " + join.hq() + " answered what is no enrolment: " + e.getMessage(), e);
            }
        }
    }

    /// Looks up now and then whether the node is told to stop, or has waited long enough.
    private static HqClient.Answer answer(HqClient hq, String node, long until, Waiting waiting) throws StartFailure {
        var answer =
                hq.post("/api/v1/enrolments", Json.object().put("node", node)).toCompletableFuture();
        while (!answer.isDone()) {
            if (System.nanoTime() > until) {
                throw new CompletionException(new IOException("it does not answer"));
            }
            waiting.pause();
        }
        return answer.join();
    }

    private static void failIfFinal(Join join, long until, Throwable cause) throws StartFailure {
        if (cause instanceof Refused refused && refused.status() < 500 && refused.status() != 429) {
            throw new StartFailure("HQ at " + join.hq() + " refused the join token: " + reason(refused), refused);
        }
        if (System.nanoTime() > until) {
            throw new StartFailure("HQ at " + join.hq() + " is out of reach: " + cause.getMessage(), cause);
        }
    }

    private static String reason(Refused refused) {
        return switch (refused.code()) {
            case "join_token_used" ->
                "another node has joined with it (a second server of the same"
                        + " store needs no token, but the first one's PostgreSQL database and storemesh.cluster.seeds)";
            case "unauthenticated" -> "it is unknown or has expired";
            default -> String.valueOf(refused.getMessage());
        };
    }
}
