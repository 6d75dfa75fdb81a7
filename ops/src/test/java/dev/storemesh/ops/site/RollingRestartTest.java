package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What clients see of an upgrade: one node after the other is told to leave, over mutual TLS, and started again.
@Isolated("measures how long nodes take to leave")
final class RollingRestartTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    /// What is promised: the node ends itself as it stands after 9 s.
    private static final Duration LEFT = Duration.ofSeconds(9);

    /// When a request is answered 503 that was taken, but not carried out, before its catalog was handed over: less
    /// than the defaults, for the sake of the test's own time.
    private static final List<String> ANSWERED_SOON = List.of(
            "storemesh.catalog.ask-timeout = 3s",
            "storemesh.catalog.lookup-timeout = 2s",
            "storemesh.partition.catch-up-timeout = 3s");

    @TempDir
    Path folder = Path.of("");

    private final AtomicBoolean enough = new AtomicBoolean();
    private List<SiteProcess> nodes = List.of();

    @BeforeEach
    void prepare() throws Exception {
        var site = new TwoNodes(folder);
        site.secure();
        for (var setting : ANSWERED_SOON) {
            site.set(setting);
        }
        nodes = site.both();
        site.start();
    }

    @AfterEach
    void stop() {
        enough.set(true);
        nodes.forEach(SiteProcess::close);
    }

    private List<LoyalClient> clients() throws Exception {
        var urls = nodes.stream().map(SiteProcess::url).toList();
        var token = nodes.getFirst().operator().token();
        return IntStream.range(0, 2 * TwoNodes.CATALOGS)
                .mapToObj(i ->
                        new LoyalClient("c" + i, TwoNodes.catalog(i / 2), token, i % 2 == 0 ? urls : urls.reversed()))
                .toList();
    }

    private List<Future<Boolean>> begin(List<LoyalClient> clients, ExecutorService threads) {
        return clients.stream()
                .map(client -> {
                    Callable<Boolean> working = () -> {
                        client.work(enough::get);
                        return true;
                    };
                    return threads.submit(working);
                })
                .toList();
    }

    /// Every client has had an answer from now on; if one has failed, its failure is thrown.
    private static void allAnswered(List<LoyalClient> clients, List<Future<Boolean>> working) throws Exception {
        var moment = System.nanoTime();
        Eventually.see(
                "every client is answered",
                SOON,
                () -> {
                    for (var each : working) {
                        if (each.isDone()) {
                            each.get();
                        }
                    }
                    return clients.stream().map(LoyalClient::lastAnswerNanos).toList();
                },
                all -> all.stream().allMatch(last -> last > moment));
    }

    @Test
    void losesNoRequestWhileOneNodeAfterTheOtherLeavesAndComesBack() throws Exception {
        var clients = clients();
        try (var threads = Executors.newFixedThreadPool(clients.size())) {
            try {
                var working = begin(clients, threads);
                allAnswered(clients, working);
                for (var node : nodes) {
                    var told = System.nanoTime();
                    assertThat(node.stop()).as(node.logTail()).isZero();
                    var left = Duration.ofNanos(System.nanoTime() - told);
                    System.out.printf("figures: left after %d ms%n", left.toMillis());
                    assertThat(left).isLessThan(LEFT);
                    allAnswered(clients, working);
                    node.start();
                    allAnswered(clients, working);
                }
                enough.set(true);
                for (var each : working) {
                    each.get(SOON.toSeconds(), TimeUnit.SECONDS);
                }
            } finally {
                enough.set(true); // before the clients are waited for, whatever failed
            }
        }
        clients.forEach(client -> System.out.println("figures: " + client.figures()));
        assertKept(clients);
    }

    /// Each write is in the log once, as the version that its client was told.
    private void assertKept(List<LoyalClient> clients) throws Exception {
        for (var i = 0; i < TwoNodes.CATALOGS; i++) {
            var catalog = TwoNodes.catalog(i);
            var history = new History(catalog);
            history.follow(nodes.getFirst().operator());
            for (var client : clients) {
                if (client.catalog().equals(catalog)) {
                    assertThat(history.versions()).as("log of %s", catalog).containsAllEntriesOf(client.acknowledged());
                }
            }
        }
    }
}
