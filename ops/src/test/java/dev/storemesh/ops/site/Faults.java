package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.ops.history.Chronicle.Doubt;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// What may happen to the machines of a site, one after the other, at instants that a seed chooses. After each of
/// them every catalog is written to again within the time that is promised (doubled, for a busy machine).
final class Faults {
    private static final Duration ELSEWHERE = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(40);
    /// How long the server lets a transaction of a frozen node sit is 3 s.
    private static final Duration ABORTED = Duration.ofSeconds(8);
    /// A node that woke is told by then that the others went on without it, or they did not.
    private static final Duration DOUBTED = Duration.ofSeconds(20);

    private final ThreeNodes site;
    private final Scribe scribe;
    private final List<String> catalogs;
    private final SplittableRandom random;
    private final List<Doubt> doubts = new ArrayList<>();
    private final Set<Integer> frozen = new HashSet<>();
    private int heldOpen;

    Faults(ThreeNodes site, Scribe scribe, List<String> catalogs, SplittableRandom random) {
        this.site = site;
        this.scribe = scribe;
        this.catalogs = catalogs;
        this.random = random;
    }

    /// One kind of fault.
    enum Kind {
        KILL,
        FREEZE_SHORTLY,
        FREEZE_IN_A_TRANSACTION,
        KILL_THE_DATABASE
    }

    /// Which node answered, but was frozen, when.
    List<Doubt> doubts() {
        return doubts;
    }

    /// How often a node was frozen while the database held a transaction of it open.
    int heldOpen() {
        return heldOpen;
    }

    void make(Kind kind) throws Exception {
        revive();
        var node = random.nextInt(1, ThreeNodes.NODES + 1);
        say(kind + (kind == Kind.KILL || kind == Kind.FREEZE_SHORTLY ? " of node " + node : ""));
        switch (kind) {
            case KILL -> kill(node);
            case FREEZE_SHORTLY -> freezeShortly(node);
            case FREEZE_IN_A_TRANSACTION -> freezeInATransaction();
            case KILL_THE_DATABASE -> killTheDatabase();
        }
    }

    private void say(String what) {
        System.out.printf("%7d ms: %s%n", TimeUnit.NANOSECONDS.toMillis(scribe.now()), what);
    }

    /// Every catalog has been written to by somebody who began after `moment`.
    void allWritten(String what, long moment, Duration limit) throws Exception {
        Eventually.see(
                "every catalog is written to again after " + what,
                limit,
                scribe::written,
                written -> catalogs.stream().allMatch(catalog -> written.getOrDefault(catalog, -1L) > moment));
        say("all written again, " + TimeUnit.NANOSECONDS.toMillis(scribe.now() - moment) + " ms after " + what);
    }

    /// Lets the clients do something: as much as the seed says, or as much as they can in that time.
    private void letThemWork(int mostWrites, Duration limit) {
        var until = System.nanoTime() + limit.toNanos();
        var enough = scribe.acknowledged() + random.nextInt(1, mostWrites);
        while (scribe.acknowledged() < enough && System.nanoTime() < until) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private void kill(int node) throws Exception {
        letThemWork(200, Duration.ofSeconds(1));
        frozen.remove(node);
        site.node(node).kill();
        allWritten("a node was killed", scribe.now(), ELSEWHERE);
        site.node(node).start();
        say("node " + node + " is back");
    }

    /// For so short a time that nobody goes on without it; perhaps just as long as that takes.
    private void freezeShortly(int node) throws Exception {
        letThemWork(200, Duration.ofSeconds(1));
        var from = scribe.now();
        site.node(node).freeze();
        heldOpen += idleInTransaction(node) > 0 ? 1 : 0;
        letThemWork(600, Duration.ofSeconds(2));
        site.node(node).thaw();
        frozen.add(node);
        doubts.add(new Doubt(node, from, scribe.now() + DOUBTED.toNanos()));
        allWritten("a node woke", scribe.now(), SOON);
    }

    /// On a busy machine others may have gone on without a node that was frozen for a short time only: then it ends
    /// by itself, and is started again. Nothing else ends a node.
    void revive() throws Exception {
        for (var node = 1; node <= ThreeNodes.NODES; node++) {
            if (site.node(node).hasEnded()) {
                say("node " + node + " has ended by itself");
                assertThat(frozen).as("nodes that may end by themselves").contains(node);
                assertThat(site.node(node).awaitEnd()).isEqualTo(1);
                site.node(node).start();
                frozen.remove(node);
            }
        }
    }

    /// The node is stopped while its row waits for a lock that we hold. Then the lock is free, and the row is
    /// written by a transaction that nobody commits: it holds the next number of a log that somebody else takes
    /// over.
    private void freezeInATransaction() throws Exception {
        long from;
        int node;
        try (var session = site.database().connect()) {
            session.setAutoCommit(false);
            run(session, "LOCK TABLE event_journal IN SHARE ROW EXCLUSIVE MODE");
            node = Eventually.see("a node waits for the journal", SOON, this::waiting, found -> !found.isEmpty())
                    .getFirst();
            from = scribe.now();
            site.node(node).freeze();
            session.rollback();
        }
        say("node " + node + " is frozen");
        Eventually.see("it holds a transaction open", SOON, () -> idleInTransaction(node), open -> open > 0);
        heldOpen++;
        var held = scribe.now();
        Eventually.see("the server ends that", ABORTED, () -> idleInTransaction(node), open -> open == 0);
        var others = scribe.written().values().stream()
                .filter(written -> written > held)
                .count();
        say("its transaction was ended; " + others + " catalogs were written to meanwhile");
        allWritten("a node was frozen in its transaction", from, ELSEWHERE);
        site.node(node).thaw();
        say("it wakes");
        assertThat(site.node(node).awaitEnd())
                .as("node " + node + " was fenced")
                .isEqualTo(1);
        doubts.add(new Doubt(node, from, scribe.now()));
        say("it has ended by itself");
        site.node(node).start();
        say("node " + node + " is back");
    }

    private void killTheDatabase() throws Exception {
        letThemWork(200, Duration.ofSeconds(1));
        site.database().kill();
        letThemWork(2, Duration.ofMillis(random.nextInt(1, 1_500))); // in vain
        site.database().start();
        say("the database is back");
        allWritten("the database came back", scribe.now(), SOON);
    }

    /// The nodes of which a session waits for the table that we have locked, in any order; it may wait for other locks,
    /// too.
    private List<Integer> waiting() throws SQLException {
        var found = new ArrayList<>(IntStream.rangeClosed(1, ThreeNodes.NODES)
                .filter(node -> sessions(node, "wait_event_type = 'Lock' AND wait_event = 'relation'") > 0)
                .boxed()
                .toList());
        Collections.shuffle(found, new Random(random.nextLong()));
        return found;
    }

    private long idleInTransaction(int node) {
        return sessions(node, "state = 'idle in transaction'");
    }

    private long sessions(int node, String state) {
        try (var session = site.database().connect();
                var statement = session.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE usename = '"
                        + MortalPostgres.user(node) + "' AND " + state)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError("the database does not say who waits", e);
        }
    }

    private static void run(Connection session, String sql) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute(sql);
        }
    }
}
