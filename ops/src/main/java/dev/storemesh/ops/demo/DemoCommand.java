package dev.storemesh.ops.demo;

import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeLaunch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `storemesh demo`: options in, exit code out, and a good end however it is asked for.
@Command(
        name = "demo",
        description = {
            "Starts a whole little chain on this machine: HQ and two stores, three processes on loopback, with a"
                    + " catalog imported at HQ and followed by both stores. Prints a tour of curl lines to try.",
            "Ctrl-C stops all three."
        })
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command = CommandSpec.create();

    /// Three nodes share this machine: the quick compiler alone starts them sooner, and little heap is enough.
    private static final List<String> NODE_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-Xmx512m");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Import CORE-POS's products.csv and departments.csv from this folder, not the sample.")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep everything in this folder; the next start with it finds it all again."
                    + " Without it the data is removed at the end.")
    private Optional<Path> keep = Optional.empty();

    @Option(
            names = "--describe",
            paramLabel = "FILE",
            description = "Write addresses, tokens and process ids to this file as JSON, once everything is ready.")
    private Optional<Path> describe = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Use the ports N, N+1 and N+2. Without it: 8080, 8081, 8082, or the next that are free.")
    private Optional<Integer> port = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        var terminal = command.commandLine();
        var clock = InstantSource.system();
        var progress = new Progress(terminal.getOut(), clock, clock.instant());
        try {
            run(progress);
            return 0;
        } catch (CommandFailed e) {
            terminal.getErr().println("storemesh: " + e.getMessage());
            terminal.getErr().flush();
            return 1;
        }
    }

    private void run(Progress progress) throws CommandFailed, InterruptedException {
        var goods = Goods.of(data);
        if (describe.isPresent()) {
            forget(describe.get());
        }
        var home = Home.open(keep);
        var fleet = new Fleet(progress);
        var finished = new AtomicBoolean();
        var hook = new Thread(() -> endBySignal(home, fleet, finished, progress), "demo-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            var running = Demo.start(
                    home,
                    fleet,
                    NodeLaunch.ofThisJvm(System.getenv(), NODE_OPTIONS),
                    goods,
                    data.isPresent(),
                    port.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                    progress);
            announce(running, home, progress);
            fleet.watchUntilAllEnded();
            throw new CommandFailed("All three nodes have ended.");
        } catch (CommandFailed | InterruptedException | RuntimeException failure) {
            if (fleet.isStopping()) {
                Thread.currentThread().join(); // a consequence of the stop, which ends this JVM by itself
            }
            throw failure;
        } finally {
            finished.set(true);
            end(home, fleet);
        }
    }

    private void announce(Demo.Running running, Home home, Progress progress) throws CommandFailed {
        if (describe.isPresent()) {
            Demo.describe(running.description(), describe.get());
        }
        progress.step("everything is ready");
        progress.print(Tour.text(running.description(), running.item()));
        progress.print("\n" + (home.isKept() ? "Kept in " + home : "Removed at the end: " + home)
                + ". Ctrl-C stops all three.\n");
    }

    /// A script that waits for the file must not find one of an earlier demo; and that it can be written is found out
    /// now, not when all is ready.
    private static void forget(Path file) throws CommandFailed {
        try {
            PrivateFile.clear(file);
        } catch (IOException e) {
            throw new CommandFailed("--describe: " + file + " cannot be written: " + e, e);
        }
    }

    /// Ctrl-C and SIGTERM end up here; being asked to stop is a success, which a JVM that dies of a signal would not
    /// say.
    private static void endBySignal(Home home, Fleet fleet, AtomicBoolean finished, Progress progress) {
        if (finished.get()) {
            return; // the JVM ends because we are done
        }
        progress.print("\n");
        progress.step("stopping all three");
        try {
            end(home, fleet);
            progress.step("stopped");
            Runtime.getRuntime().halt(0);
        } catch (CommandFailed | InterruptedException e) {
            progress.step("storemesh: " + e.getMessage());
            Runtime.getRuntime().halt(1);
        }
    }

    private static void end(Home home, Fleet fleet) throws CommandFailed, InterruptedException {
        fleet.stop();
        try {
            home.close();
        } catch (IOException e) {
            throw new CommandFailed("The folder " + home + " cannot be removed: " + e, e);
        }
    }
}
