package dev.storemesh.persistence.postgres;

import com.typesafe.config.Config;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A lease as a row of the site's database: held by one owner until a time of the server's clock, which no node's
/// clock can move. While it is held it is renewed every `heartbeat-interval`, each time for `heartbeat-timeout`;
/// so it is free again that long after its owner died or froze.
///
/// Who asks for it while another has it waits to see whether that one still renews it. One that does not may be
/// the very node that was lost: then it is ours when its time is over. One that we reach is on our side, and gives
/// it to us.
///
/// It is asked for so seldom that each question takes a connection of its own.
public class PostgresLease extends Lease {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresLease.class);
    private static final String ACQUIRE = "INSERT INTO lease (name, owner, held_until)"
            + " VALUES (?, ?, clock_timestamp() + ? * interval '1 millisecond')"
            + " ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, held_until = EXCLUDED.held_until"
            + " WHERE lease.owner IN (EXCLUDED.owner, ?) OR lease.held_until < clock_timestamp()";
    private static final String HOLDER = "SELECT owner, extract(epoch FROM held_until) FROM lease WHERE name = ?";
    private static final int LOOKS = 20;
    private static final String RELEASE = "DELETE FROM lease WHERE name = ? AND owner = ?";

    private final LeaseSettings settings;
    private final String url;
    private final Properties connection;
    private final ScheduledExecutorService thread;
    private final Predicate<String> onOurSide;

    private long renewedNanos; // of that thread alone

    /// What is done when it is lost; empty: it is not held.
    private final AtomicReference<Optional<Consumer<Optional<Throwable>>>> held =
            new AtomicReference<>(Optional.empty());

    /// Called by Pekko; the settings are those that [PostgresDatabase#config()] makes.
    public PostgresLease(LeaseSettings settings, ExtendedActorSystem system) {
        this(settings, system, owner -> false);
    }

    /// The same, where it can be told whether another owner is one that goes on together with us, if we do.
    protected PostgresLease(LeaseSettings settings, ExtendedActorSystem system, Predicate<String> onOurSide) {
        this.settings = settings;
        this.onOurSide = onOurSide;
        this.url = settings.leaseConfig().getString("url");
        this.connection = properties(settings.leaseConfig());
        this.thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .daemon()
                .name("lease-" + settings.leaseName())
                .factory());
        var every = settings.timeoutSettings().getHeartbeatInterval().toMillis();
        var unused = thread.scheduleWithFixedDelay(this::renew, every, every, TimeUnit.MILLISECONDS);
        system.getWhenTerminated().thenRun(thread::shutdownNow);
    }

    private static Properties properties(Config config) {
        var properties = new Properties();
        config.getConfig("properties")
                .root()
                .forEach((name, value) -> properties.put(name, value.unwrapped().toString()));
        properties.setProperty("user", config.getString("user"));
        return properties;
    }

    @Override
    public LeaseSettings getSettings() {
        return settings;
    }

    @Override
    public CompletionStage<Boolean> acquire() {
        return acquire(lost -> {});
    }

    @Override
    public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> lost) {
        var answer = new CompletableFuture<Boolean>();
        var timeouts = settings.timeoutSettings();
        thread.execute(() -> acquire(new Asked(lost, answer, System.nanoTime()), Optional.empty()));
        return answer.orTimeout(
                timeouts.getOperationTimeout()
                        .plus(timeouts.getHeartbeatTimeout())
                        .toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /// Somebody's wish to have it.
    private record Asked(Consumer<Optional<Throwable>> lost, CompletableFuture<Boolean> answer, long sinceNanos) {}

    /// Who has it, or had it, and until when, in seconds of the server's clock.
    private record Holder(String owner, BigDecimal until) {}

    /// @param first who had it when we asked first
    private void acquire(Asked asked, Optional<Holder> first) {
        try {
            var isOurs = hold(owner());
            var other = isOurs ? Optional.<Holder>empty() : holder();
            var ally = other.map(Holder::owner).filter(onOurSide);
            if (ally.isPresent()) {
                isOurs = hold(ally.get());
            }
            if (!isOurs && ally.isEmpty() && mayBeGone(asked, first, other)) {
                var unused = thread.schedule(
                        () -> acquire(asked, first.or(() -> other)), lookAgainMillis(), TimeUnit.MILLISECONDS);
                return;
            }
            held.set(isOurs ? Optional.of(asked.lost()) : Optional.empty());
            LOG.info("lease [{}]: {} [{}]", settings.leaseName(), isOurs ? "held by" : "refused to", owner());
            asked.answer().complete(isOurs);
        } catch (SQLException e) {
            asked.answer().completeExceptionally(new LeaseUnknownException(settings.leaseName(), e));
        }
    }

    /// Whether it may still come out that nobody renews it.
    private boolean mayBeGone(Asked asked, Optional<Holder> first, Optional<Holder> other) {
        return (first.isEmpty() || first.equals(other))
                && System.nanoTime() - asked.sinceNanos()
                        < settings.timeoutSettings().getHeartbeatTimeout().toNanos();
    }

    private long lookAgainMillis() {
        return settings.timeoutSettings().getHeartbeatTimeout().toMillis() / LOOKS;
    }

    private Optional<Holder> holder() throws SQLException {
        try (Connection session = DriverManager.getConnection(url, connection);
                var statement = session.prepareStatement(HOLDER)) {
            statement.setString(1, settings.leaseName());
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.of(new Holder(row.getString(1), row.getBigDecimal(2))) : Optional.empty();
            }
        }
    }

    @Override
    public CompletionStage<Boolean> release() {
        return inTime(() -> {
            held.set(Optional.empty());
            update(RELEASE, settings.leaseName(), owner());
            return true;
        });
    }

    @Override
    public boolean checkLease() {
        return held.get().isPresent();
    }

    private String owner() {
        return settings.ownerName();
    }

    /// @param from who may have it besides us
    private boolean hold(String from) throws SQLException {
        var asked = System.nanoTime();
        Duration until = settings.timeoutSettings().getHeartbeatTimeout();
        var isOurs = update(ACQUIRE, settings.leaseName(), owner(), until.toMillis(), from) == 1;
        renewedNanos = isOurs ? asked : renewedNanos;
        return isOurs;
    }

    private void renew() {
        var before = held.get();
        if (before.isEmpty()) {
            return;
        }
        try {
            if (!hold(owner())) {
                lose(before, Optional.empty());
            }
        } catch (SQLException e) {
            LOG.warn("lease [{}]: cannot be renewed: {}", settings.leaseName(), Reasons.of(e));
            if (System.nanoTime() - renewedNanos
                    > settings.timeoutSettings().getHeartbeatTimeout().toNanos()) {
                lose(before, Optional.of(e));
            }
        }
    }

    private void lose(Optional<Consumer<Optional<Throwable>>> before, Optional<Throwable> cause) {
        if (held.compareAndSet(before, Optional.empty())) {
            before.ifPresent(lost -> lost.accept(cause));
        }
    }

    /// One question to the database.
    private interface Question {
        boolean ask() throws SQLException;
    }

    private CompletionStage<Boolean> inTime(Question question) {
        var limit = settings.timeoutSettings().getOperationTimeout();
        return CompletableFuture.supplyAsync(() -> asked(question), thread)
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean asked(Question question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new LeaseUnknownException(settings.leaseName(), e);
        }
    }

    private int update(String sql, Object... values) throws SQLException {
        try (Connection session = DriverManager.getConnection(url, connection);
                var statement = session.prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    /// Whether it is ours could not be found out.
    private static final class LeaseUnknownException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private LeaseUnknownException(String name, SQLException cause) {
            super("lease " + name + ": " + Reasons.of(cause), cause);
        }
    }
}
