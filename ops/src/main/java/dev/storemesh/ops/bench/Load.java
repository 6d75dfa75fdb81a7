package dev.storemesh.ops.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// Closed-loop load: each client sends its next request when the last one is answered, and times every one.
final class Load {
    private Load() {}

    /// One request of one client, numbered from 0; throws when it is not answered as it should be.
    @FunctionalInterface
    interface Work {
        void run(int client, long number) throws Exception;
    }

    /// What came out: requests per second over all clients, and the latency of single ones.
    record Figures(double perSecond, double p50Ms, double p99Ms) {}

    /// Runs `clients` threads for about `time`.
    ///
    /// @throws ExecutionException if one request failed: figures of a failing run are none
    static Figures run(int clients, Duration time, Work work) throws InterruptedException, ExecutionException {
        var until = System.nanoTime() + time.toNanos();
        return run(clients, () -> System.nanoTime() - until < 0, work);
    }

    /// Runs `clients` threads while that is so.
    ///
    /// @throws ExecutionException if one request failed
    static Figures run(int clients, BooleanSupplier goesOn, Work work) throws InterruptedException, ExecutionException {
        var started = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            var runs = threads.invokeAll(IntStream.range(0, clients)
                    .<Callable<long[]>>mapToObj(client -> () -> one(client, goesOn, work))
                    .toList());
            var spent = new ArrayList<long[]>();
            for (var run : runs) {
                spent.add(run.get());
            }
            return figures(spent, System.nanoTime() - started);
        }
    }

    private static long[] one(int client, BooleanSupplier goesOn, Work work) throws Exception {
        var spent = new long[1024];
        var count = 0;
        for (var now = System.nanoTime(); goesOn.getAsBoolean(); ) {
            work.run(client, count);
            var then = System.nanoTime();
            if (count == spent.length) {
                spent = Arrays.copyOf(spent, count * 2);
            }
            spent[count++] = then - now;
            now = then;
        }
        return Arrays.copyOf(spent, count);
    }

    private static Figures figures(List<long[]> spent, long nanos) {
        var all = spent.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Figures(all.length * 1e9 / nanos, at(all, 0.50), at(all, 0.99));
    }

    static double at(long[] sorted, double quantile) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1L, (long) (quantile * sorted.length))] / 1e6;
    }
}
