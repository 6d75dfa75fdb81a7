package dev.storemesh.ops.demo;

import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeLaunch;
import dev.storemesh.ops.process.NodeProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/// The processes of a running demo: watched while it runs, stopped together, each of them once.
final class Fleet {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Progress progress;
    private final List<NodeProcess> nodes = new CopyOnWriteArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    Fleet(Progress progress) {
        this.progress = progress;
    }

    void add(NodeProcess node) throws CommandFailed {
        nodes.add(node);
        if (stopping.get()) {
            node.terminate(); // stop() may have passed it by
            throw new CommandFailed("The demo was stopped while it started.");
        }
    }

    List<NodeProcess> nodes() {
        return List.copyOf(nodes);
    }

    /// Whether somebody asked for the end, so that processes ending is no news.
    boolean isStopping() {
        return stopping.get();
    }

    /// From now on each node that ends is reported, with the command that starts it again; the others go on.
    /// Returns when none is left.
    void watchUntilAllEnded() {
        var reports = nodes.stream()
                .map(node -> node.ended().thenAccept(code -> report(node, code)))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(reports).join();
    }

    private void report(NodeProcess node, int code) {
        if (!stopping.get()) {
            progress.step(node.id() + " (process " + node.pid() + ") ended with exit code " + code
                    + "; the others go on. This starts it again: " + NodeLaunch.typed(node.home()));
        }
    }

    /// Stops all in good order and waits for it, 10 s at most; who is not done by then is killed. Safe to call again.
    void stop() throws InterruptedException {
        stopping.set(true);
        stopAll();
    }

    private synchronized void stopAll() throws InterruptedException {
        var deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        nodes.reversed().forEach(NodeProcess::terminate); // stores first: HQ answers their last words
        for (var node : nodes) {
            if (!node.awaitEnd(deadline)) {
                progress.step(node.id() + " did not stop within " + STOP_LIMIT.toSeconds() + " s and was killed");
            }
        }
    }
}
