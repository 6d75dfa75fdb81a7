package dev.storemesh.node.site;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a node, from settings to exit code; a log line for every step.
///
/// ```
/// starting -> database opened -> cluster up -> listening -> ready -> stopping -> stopped
/// ```
///
/// SIGTERM, SIGINT and the end of `storemesh.site.exit-with-parent` stop it in good order with exit code 0. A
/// system that ends by itself is a failure: exit code 1.
public final class Node {
    /// The longest that an orderly stop may take; the process is then ended as it stands. Nothing acknowledged is
    /// lost by that: it is what a crash would do.
    static final Duration LONGEST_STOP = Duration.ofSeconds(9);

    /// The process given by `storemesh.site.exit-with-parent` ended.
    private record ParentEnded() implements CoordinatedShutdown.Reason {}

    private static final Logger LOG = LoggerFactory.getLogger("dev.storemesh.node");

    /// Of this process, which ends when the last of them has stopped.
    private static final AtomicInteger RUNNING = new AtomicInteger();

    private static final AtomicInteger WORST = new AtomicInteger(); // code of those that have ended

    private final NodeSettings settings;
    private final HomeFolder home;
    private final Wiring wiring;
    private final CompletableFuture<ActorSystem<?>> system = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    private Node(NodeSettings settings, HomeFolder home, Wiring wiring) {
        this.settings = settings;
        this.home = home;
        this.wiring = wiring;
    }

    /// Runs a node until it ends; the process's exit code is returned, and 0 only for an orderly stop. A failure to
    /// start is one sentence on stderr.
    public static int run(Path home, Optional<Join> join, Map<String, String> overrides, Wiring wiring) {
        var code = ran(home, join, overrides, wiring);
        WORST.accumulateAndGet(code, Math::max);
        return code;
    }

    /// Ends this process as a failure: its nodes stop in good order before.
    @SuppressWarnings("DoNotCallSystemExit") // that is what this is for
    public static void endProcess() {
        WORST.set(1);
        System.exit(1);
    }

    private static int ran(Path home, Optional<Join> join, Map<String, String> overrides, Wiring wiring) {
        try {
            var settings = NodeSettings.load(home, overrides);
            try (var folder = HomeFolder.open(settings.home())) {
                LOG.info(
                        "starting Storemesh {} on Java {}, home [{}], pid {}",
                        ProgramVersion.text(),
                        Runtime.version(),
                        folder.path(),
                        ProcessHandle.current().pid());
                return new Node(settings, folder, wiring).run(join);
            }
        } catch (StartFailure failure) {
            System.err.println(failure.sentence());
        } catch (RuntimeException bug) {
            LOG.error("the node failed", bug);
            System.err.println("The node failed: " + bug);
        }
        return 1;
    }

    private int run(Optional<Join> join) throws StartFailure {
        var hook = new Thread(this::stopWithTheProcess, "storemesh-stop");
        RUNNING.incrementAndGet();
        Runtime.getRuntime().addShutdownHook(hook);
        var code = 1;
        try {
            watchParent();
            code = live(join);
        } catch (StartFailure | RuntimeException failure) {
            if (!stopping) {
                throw failure;
            }
            LOG.info("stopped while starting");
            code = 0; // whatever failed, failed by that
        } finally {
            ended.complete(code);
            remove(hook);
        }
        return code;
    }

    private int live(Optional<Join> join) throws StartFailure {
        var prepared = wiring.prepare(settings, home);
        LOG.info("database opened in [{}]", settings.storage().place(home.path()));
        var running = SiteSystem.start(settings, prepared, () -> LOG.info("cluster up"));
        system.complete(running);
        var terminated = running.getWhenTerminated().toCompletableFuture();
        try {
            var started = wiring.wire(running, settings, home, join);
            LOG.info("listening on {}", started.url());
            await(started.ready().toCompletableFuture(), terminated);
        } catch (StartFailure | RuntimeException failure) {
            running.terminate();
            terminated.join();
            throw failure;
        }
        terminated.join();
        if (!stopping) {
            throw new StartFailure("The actor system ended by itself; the log says why");
        }
        LOG.info("stopped");
        return 0;
    }

    private static void await(CompletableFuture<?> ready, CompletableFuture<?> terminated) throws StartFailure {
        try {
            CompletableFuture.anyOf(ready, terminated).join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof StartFailure failure
                    ? failure
                    : new StartFailure("The site does not get ready: " + failed.getCause(), failed);
        }
        if (ready.isDone()) {
            LOG.info("ready in {} ms", sinceProcessStart().toMillis());
        }
    }

    private void watchParent() throws StartFailure {
        var parent = settings.site().exitWithParent();
        if (parent.isPresent()) {
            var process = ProcessHandle.of(parent.getAsLong())
                    .orElseThrow(() -> new StartFailure("storemesh.site.exit-with-parent: there is no process "
                            + parent.getAsLong() + " (any more)"));
            var unused = process.onExit().thenAcceptBoth(system, (gone, running) -> stop(running, new ParentEnded()));
        }
    }

    private void stop(ActorSystem<?> running, CoordinatedShutdown.Reason reason) {
        stopping = true;
        LOG.info("stopping: {}", reason instanceof ParentEnded ? "the parent process ended" : "told to");
        var unused = CoordinatedShutdown.get(running).runAll(reason).whenComplete((done, failed) -> {
            if (failed != null) {
                LOG.warn("the stop was not orderly", failed);
            }
        });
    }

    /// The JVM's shutdown hook. The last node's halts, since the process would otherwise end with 143 although all
    /// went well. While the system is not there yet nobody has been promised anything: the process may end as it
    /// stands.
    private void stopWithTheProcess() {
        stopping = true;
        var code = 0;
        if (system.isDone()) {
            stop(system.join(), CoordinatedShutdown.jvmExitReason());
            code = exitCode();
        } else {
            LOG.info("stopped while starting");
        }
        WORST.accumulateAndGet(code, Math::max);
        if (RUNNING.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(WORST.get());
        }
    }

    private int exitCode() {
        try {
            return ended.get(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException tooLong) {
            LOG.warn("not stopped within {} s: ending the process as it stands", LONGEST_STOP.toSeconds());
        } catch (InterruptedException | ExecutionException cannotBe) {
            LOG.error("waiting for the stop failed", cannotBe);
        }
        return 1;
    }

    private static void remove(Thread hook) {
        try {
            if (Runtime.getRuntime().removeShutdownHook(hook)) {
                RUNNING.decrementAndGet();
            }
        } catch (IllegalStateException alreadyRunning) {
            LOG.debug("the process is ending: the hook stays");
        }
    }

    private static Duration sinceProcessStart() {
        var now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    }
}
