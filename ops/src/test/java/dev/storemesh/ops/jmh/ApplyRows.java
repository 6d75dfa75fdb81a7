package dev.storemesh.ops.jmh;

import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A partition takes rows of the log, each with a write of one price: all those that followed the import, and again.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class ApplyRows {
    private final List<LogRow> rows = new Shop().bench.rows();
    private final List<LogRow> changes = rows.subList(rows.size() - Shop.CHANGES, rows.size());
    private final PartitionImage imported = imported();
    private PartitionContents partition = PartitionContents.of(imported);

    private PartitionImage imported() {
        var before = PartitionContents.of(PartitionImage.EMPTY);
        rows.subList(0, rows.size() - Shop.CHANGES).forEach(before::apply);
        return before.image();
    }

    /// Its time does not count; what is measured takes milliseconds.
    @Setup(Level.Invocation)
    public void begin() {
        partition = PartitionContents.of(imported);
    }

    @Benchmark
    @OperationsPerInvocation(Shop.CHANGES)
    public long applyRowOfOneWrite() {
        var weight = 0L;
        for (var row : changes) {
            weight += partition.apply(row);
        }
        return weight;
    }
}
