package dev.storemesh.node.link;

import dev.storemesh.node.link.HqClient.Refused;
import dev.storemesh.node.site.HomeFolder;
import dev.storemesh.node.site.Join;
import dev.storemesh.node.site.LinkSettings;
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
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Trades a join token for a store's credential, once, while the node starts. It may be killed at any instant: the
/// node's own id stands on disk before HQ hears it, so that the next start repeats the same enrolment.
public final class Enroller {
    private static final Logger LOG = LoggerFactory.getLogger(Enroller.class);
    private static final String NODE_ID = "node.id";
    /// What a home is for, from its first start on: `hq` or `store`.
    private static final String KIND = "site.kind";

    private static final String HQ = "hq";
    private static final String STORE = "store";
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration LOOK = Duration.ofMillis(20);

    private Enroller() {}

    /// The enrolment of this home: the one it has, or a new one by this join token. Empty: this is no store. Blocks
    /// while HQ is out of reach, for a minute at most, or until `stopping`.
    ///
    /// @throws StartFailure if HQ refuses, or stays out of reach, or if this home is another site's
    public static Optional<Enrolment> enrol(
            HomeFolder home,
            Optional<Join> join,
            LinkSettings settings,
            Optional<SSLContext> trust,
            Supplier<String> newNodeId,
            InstantSource clock,
            BooleanSupplier stopping)
            throws StartFailure {
        try {
            var present = Enrolment.read(home);
            if (join.isEmpty()) {
                if (present.isEmpty()) {
                    becomeHq(home);
                }
                return present.map(enrolment -> enrolment.at(settings.hq().orElse(enrolment.hq())));
            }
            var asked = join.get();
            if (home.read(KIND).equals(Optional.of(HQ))) {
                throw new StartFailure("The home folder " + home.path() + " is HQ's: a store needs one of its own");
            }
            if (present.isPresent() && present.get().joined().equals(SecretHash.of(asked.token()))) {
                return Optional.of(present.get().at(asked.hq()));
            }
            var node = home.read(NODE_ID);
            if (node.isEmpty()) {
                home.create(NODE_ID, newNodeId.get());
                node = home.read(NODE_ID);
            }
            var hq = HqClient.of(asked.hq(), asked::token, settings, trust);
            var enrolment = request(asked, node.orElseThrow(), hq, clock, stopping);
            if (present.isPresent() && !present.get().isSameStore(enrolment)) {
                throw new StartFailure("The join token is for store " + enrolment.store() + ", and the home folder "
                        + home.path() + " is that of store " + present.get().store());
            }
            home.write(KIND, STORE);
            enrolment.write(home);
            LOG.info(
                    "enrolled as store [{}] of catalog [{}] at {}", enrolment.store(), enrolment.catalog(), asked.hq());
            return Optional.of(enrolment);
        } catch (IOException e) {
            throw new StartFailure("The enrolment cannot be kept in " + home.path() + ": " + e.getMessage(), e);
        }
    }

    private static void becomeHq(HomeFolder home) throws IOException, StartFailure {
        var kind = home.read(KIND);
        if (kind.equals(Optional.of(STORE))) {
            throw new StartFailure("The home folder " + home.path()
                    + " is that of a store whose enrolment is not complete: start it with --join and --token");
        }
        if (kind.isEmpty()) {
            home.create(KIND, HQ);
        }
    }

    private static Enrolment request(Join join, String node, HqClient hq, InstantSource clock, BooleanSupplier stopping)
            throws StartFailure {
        var until = System.nanoTime() + LONGEST.toNanos();
        var told = false;
        while (true) {
            try {
                var answer = answer(hq, node, until, stopping);
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
    private static HqClient.Answer answer(HqClient hq, String node, long until, BooleanSupplier stopping)
            throws StartFailure {
        var answer =
                hq.post("/api/v1/enrolments", Json.object().put("node", node)).toCompletableFuture();
        while (!answer.isDone()) {
            if (stopping.getAsBoolean()) {
                throw new StartFailure("The node was stopped while it waited for HQ");
            }
            if (System.nanoTime() > until) {
                throw new CompletionException(new IOException("it does not answer"));
            }
            LockSupport.parkNanos(LOOK.toNanos());
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
            case "join_token_used" -> "another node has joined with it";
            case "unauthenticated" -> "it is unknown or has expired";
            default -> String.valueOf(refused.getMessage());
        };
    }
}
