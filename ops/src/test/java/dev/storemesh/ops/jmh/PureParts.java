package dev.storemesh.ops.jmh;

import dev.storemesh.persistence.codec.EventSerializer;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.CatalogDecider;
import dev.storemesh.protocol.catalog.Outcome.RoundOutcome;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.constraint.Constraints;
import dev.storemesh.protocol.constraint.Edit;
import dev.storemesh.protocol.constraint.Surroundings;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.ReadableObjects;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.Bounded;
import dev.storemesh.protocol.query.Part;
import dev.storemesh.protocol.query.Plan;
import dev.storemesh.protocol.query.Queries;
import dev.storemesh.protocol.query.QueryCompiler;
import dev.storemesh.protocol.query.QueryJson;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Operation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Each part alone, over the same [Shop].
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class PureParts {
    private static final ObjectToken ITEM = new ObjectToken("item-4711");
    private static final int IMPORTED = 400;
    private static final String BY_NAME = """
            {"filter": {"attribute": "retail.item.name", "equal": "article 4711 of the shop"}, "location": "store-1"}""";

    private final Shop shop = new Shop();
    private final EventSerializer codec = new EventSerializer();
    private final Schema schema = shop.bench.standing().schemas().now();
    private final Version now = shop.bench.head();
    private final Version before = new Version(now.number() - Shop.CHANGES / 2);

    private final Submit oneWrite = shop.submit(Shop.price(4711));
    private final Fetched fetched = shop.fetched(oneWrite);
    private final Round oneRound = shop.round(oneWrite);
    private final Round importRound = shop.round(shop.submit(imported()));
    private final byte[] oneRow = codec.toBinary(oneRound);
    private final byte[] importRow = codec.toBinary(importRound);
    private final String manifest = codec.manifest(oneRound);
    private final LogEntry entry = oneRound.entries().getFirst();
    private final LogEntry importEntry = importRound.entries().getFirst();
    private final ChainHash chain = new ChainHash("0".repeat(64));
    private final Edit edit = edit();
    private final Surroundings end = new End();
    private final Plan byName = plan(BY_NAME);

    /// Fails here if a part does something else than it is to be measured at.
    @Setup
    public void check() {
        if (!Constraints.violations(schema, List.of(edit), end).isEmpty()
                || pageOf100().objects().size() != 100
                || oneObject().isEmpty()
                || !(effectiveQueryByIndexedValue() instanceof Bounded.Within<Part>(var part))
                || part.first().size() != 1
                || !codec.fromBinary(oneRow, manifest).equals(oneRound)) {
            throw new IllegalStateException("not what is to be measured");
        }
    }

    private static Operation[] imported() {
        return IntStream.range(Shop.ITEMS, Shop.ITEMS + IMPORTED)
                .mapToObj(Shop::item)
                .toArray(Operation[]::new);
    }

    private Plan plan(String json) {
        return switch (QueryCompiler.compile(QueryJson.read(Fields.of(Json.parse(json))), schema)) {
            case QueryCompiler.Compiled.Ready(var plan) -> plan;
            case QueryCompiler.Compiled.Invalid(var faults) -> throw new IllegalStateException(faults.toString());
        };
    }

    /// The item as it is now, after all of it was set anew.
    private Edit edit() {
        var rows = shop.bench
                .partition()
                .objects()
                .object(ITEM, now, Scope.all())
                .orElseThrow()
                .rows();
        var attributes = rows.stream().map(Row::attribute).toList();
        return new Edit(ITEM, StandardSchema.ITEM, Optional.empty(), Optional.of(attributes));
    }

    /// Everything that is referred to is a department, and nothing else has a value that must be unique.
    private static final class End implements Surroundings {
        @Override
        public Optional<Standing> object(ObjectToken token) {
            return Optional.of(new Standing(token, StandardSchema.DEPARTMENT, List.<Attribute>of()));
        }

        @Override
        public Set<ObjectToken> holders(DefinitionName definition, Value value) {
            return Set.of(ITEM);
        }

        @Override
        public Set<ObjectToken> referrers(ObjectToken target) {
            return Set.of();
        }
    }

    private ReadableObjects objects() {
        return shop.bench.partition().objectsAt(now);
    }

    @Benchmark
    public RoundOutcome decideOneWrite() {
        return CatalogDecider.decideRound(shop.bench.catalog(), fetched, List.of(oneWrite), Samples.NOON);
    }

    @Benchmark
    public List<Violation> judgeOneObject() {
        return Constraints.violations(schema, List.of(edit), end);
    }

    @Benchmark
    public byte[] encodeRowOfOneWrite() {
        return codec.toBinary(oneRound);
    }

    @Benchmark
    public Object decodeRowOfOneWrite() {
        return codec.fromBinary(oneRow, manifest);
    }

    @Benchmark
    public byte[] encodeRowOf400Items() {
        return codec.toBinary(importRound);
    }

    @Benchmark
    public Object decodeRowOf400Items() {
        return codec.fromBinary(importRow, manifest);
    }

    @Benchmark
    public Optional<ObjectView.Live> oneObject() {
        return objects().object(ITEM, before, Scope.all());
    }

    @Benchmark
    public Slice pageOf100() {
        return objects().page(Selection.EVERYTHING, before, Order.PAGE_KEY, Optional.of(ITEM), 100);
    }

    @Benchmark
    public Bounded<Part> effectiveQueryByIndexedValue() {
        return Queries.part(objects(), byName, now, Optional.empty());
    }

    @Benchmark
    public ChainHash chainHashOfOneWrite() {
        return chain.next(entry.version(), entry.at(), entry.provenance(), entry.changes());
    }

    @Benchmark
    public ChainHash chainHashOf400Items() {
        return chain.next(importEntry.version(), importEntry.at(), importEntry.provenance(), importEntry.changes());
    }
}
