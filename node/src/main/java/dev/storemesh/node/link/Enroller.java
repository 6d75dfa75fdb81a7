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
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Trades a join token for a store's credential, once, while the node starts. It may be killed at any instant: the
/// node's own id stands on disk before HQ hears it, so that the next start repeats the same enrolment.
public final class Enroller {
    private static final Logger LOG = LoggerFactory.getLogger(Enroller.class);
    private static final String NODE_ID = "node.id";
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private Enroller() {}

    /// The enrolment of this home: the one it has, or a new one by this join token. Empty: this is no store. Blocks
    /// while HQ is out of reach, for a minute at most.
    ///
    /// @throws StartFailure if HQ refuses, or stays out of reach
    public static Optional<Enrolment> enrol(
            HomeFolder home,
            Optional<Join> join,
            LinkSettings settings,
            Optional<SSLContext> trust,
            Supplier<String> newNodeId)
            throws StartFailure {
        try {
            var present = Enrolment.read(home);
            if (join.isEmpty()) {
                return present.map(enrolment -> enrolment.at(settings.hq().orElse(enrolment.hq())));
            }
            var asked = join.get();
            if (present.isPresent() && present.get().joined().equals(SecretHash.of(asked.token()))) {
                return Optional.of(present.get().at(asked.hq()));
            }
            var node = home.read(NODE_ID);
            if (node.isEmpty()) {
                home.create(NODE_ID, newNodeId.get());
                node = home.read(NODE_ID);
            }
            var enrolment = request(asked, node.orElseThrow(), HqClient.of(asked.hq(), asked.token(), settings, trust));
            enrolment.write(home);
            LOG.info(
                    "enrolled as store [{}] of catalog [{}] at {}", enrolment.store(), enrolment.catalog(), asked.hq());
            return Optional.of(enrolment);
        } catch (IOException e) {
            throw new StartFailure("The enrolment cannot be kept in " + home.path() + ": " + e.getMessage(), e);
        }
    }

    private static Enrolment request(Join join, String node, HqClient hq) throws StartFailure {
        var until = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            try {
                var answer = hq.post("/api/v1/enrolments", Json.object().put("node", node))
                        .toCompletableFuture()
                        .get(LONGEST.toSeconds(), TimeUnit.SECONDS);
                var fields = HqClient.fields(answer);
                return new Enrolment(
                        join.hq(),
                        fields.parsed("store", StoreId::new),
                        fields.parsed("catalog", CatalogId::new),
                        fields.parsed("history", HistoryId::new),
                        fields.number("epoch"),
                        fields.text("credential"),
                        SecretHash.of(join.token()));
            } catch (ExecutionException | CompletionException e) {
                pauseOrFail(join, until, HqClient.cause(e.getCause() == null ? e : e.getCause()));
            } catch (IllegalArgumentException e) {
                throw new StartFailure("HQ at " + join.hq() + " answered what is no enrolment: " + e.getMessage(), e);
            } catch (TimeoutException e) {
                throw new StartFailure("HQ at " + join.hq() + " does not answer", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartFailure("The enrolment was interrupted", e);
            }
        }
    }

    private static void pauseOrFail(Join join, long until, Throwable cause) throws StartFailure {
        if (cause instanceof Refused refused && refused.status() < 500 && refused.status() != 429) {
            throw new StartFailure("HQ at " + join.hq() + " refused the join token: " + reason(refused), refused);
        }
        if (System.nanoTime() > until) {
            throw new StartFailure("HQ at " + join.hq() + " is out of reach: " + cause.getMessage(), cause);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    private static String reason(Refused refused) {
        return switch (refused.code()) {
            case "join_token_used" -> "another node has joined with it";
            case "unauthenticated" -> "it is unknown or has expired";
            default -> String.valueOf(refused.getMessage());
        };
    }
}
