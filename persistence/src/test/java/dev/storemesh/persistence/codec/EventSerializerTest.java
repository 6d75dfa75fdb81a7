package dev.storemesh.persistence.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import com.typesafe.config.ConfigFactory;
import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.catalog.CatalogEvent.WriteAccepted;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Ulid;
import dev.storemesh.protocol.value.Value;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;

class EventSerializerTest {
    private final EventSerializer serializer = new EventSerializer();

    @Seeds(200)
    void givesBackWhatItWasGiven(long seed) {
        for (var stored : new RandomEvents(seed).oneOfEach()) {
            var bytes = serializer.toBinary(stored);
            var back = serializer.fromBinary(bytes, serializer.manifest(stored));
            assertThat(back).isEqualTo(stored);
            assertThat(serializer.toBinary(back)).isEqualTo(bytes); // also what equals overlooks: a decimal's digits
        }
    }

    @Seeds(200)
    void refusesDamagedBytesOrReadsThemWithoutAskingForMemory(long seed) {
        var random = new SplittableRandom(seed);
        var meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (var stored : new RandomEvents(seed).oneOfEach()) {
            var manifest = serializer.manifest(stored);
            var sound = serializer.toBinary(stored);
            for (int i = 0; i < 20; i++) {
                var damaged = damaged(sound, random);
                var before = meter.getCurrentThreadAllocatedBytes();
                try {
                    serializer.fromBinary(damaged, manifest);
                } catch (UnreadableRowException expected) {
                    assertThat(expected).hasMessageNotContaining("\n");
                }
                var allocated = meter.getCurrentThreadAllocatedBytes() - before;
                assertThat(allocated).isLessThan(1_000_000 + 100L * damaged.length); // the first runs link lambdas
            }
        }
    }

    private static byte[] damaged(byte[] sound, SplittableRandom random) {
        var bytes = sound.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xff);
        }
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
            default -> bytes;
        };
    }

    @Seeds(20)
    void refusesARowCutOffAnywhere(long seed) {
        for (var stored : new RandomEvents(seed).oneOfEach()) {
            var sound = serializer.toBinary(stored);
            for (int length = 0; length < sound.length; length++) {
                var cut = Arrays.copyOf(sound, length);
                assertThatThrownBy(() -> serializer.fromBinary(cut, serializer.manifest(stored)))
                        .isInstanceOf(UnreadableRowException.class);
            }
        }
    }

    @Test
    void refusesManifestsAndClassesItDoesNotKnow() {
        assertThatThrownBy(() -> serializer.fromBinary(new byte[] {1}, "catalog-round-2"))
                .isInstanceOf(UnreadableRowException.class)
                .hasMessageContaining("catalog-round-2");
        assertThatThrownBy(() -> serializer.toBinary("text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String");
    }

    @Seeds(5)
    void pekkoFindsItForAllThatIsStored(long seed) {
        var system = ActorSystem.create("codecs", ConfigFactory.load());
        try {
            var serialization = SerializationExtension.get(system);
            for (var stored : new RandomEvents(seed).oneOfEach()) {
                assertThat(serialization.findSerializerFor(stored)).isInstanceOf(EventSerializer.class);
            }
        } finally {
            TestKit.shutdownActorSystem(system);
        }
    }

    @Test
    void anAttributeOfABigRowTakesAtMost40Bytes() {
        var changes = new ArrayList<ObjectChange>();
        var attributes = 0;
        for (int i = 0; i < 500; i++) {
            var item = item(i);
            attributes += item.set().size();
            changes.add(item);
        }
        var entry = new LogEntry(
                new Version(41),
                Instant.parse("2026-01-31T08:00:00.123Z"),
                Provenance.of("importer"),
                ChainHash.of(new byte[32]),
                false,
                changes);
        var row = serializer.toBinary(Round.of(new WriteAccepted(entry, Map.of(), "")));
        assertThat(row.length / (double) attributes).isLessThan(40);
        assertThat(row.length / (double) attributes).isLessThan(12); // where it stands: names cost one byte each
    }

    private static ObjectChange item(int i) {
        return new ObjectChange(
                new ObjectToken(Ulid.encode(0x0193aa5512340000L + i, i * 0x9e3779b97f4a7c15L)),
                StandardSchema.ITEM,
                false,
                List.of(
                        attribute("name", new Value.Text("Organic green tea no. " + i)),
                        attribute("barcode", new Value.Text("00%011d".formatted(i))),
                        attribute("brand", new Value.Text("BRAND " + i % 40)),
                        attribute("size", new Value.Text("12 OZ")),
                        attribute("price", new Value.Money(350 + i, "USD")),
                        attribute("cost", new Value.Money(200 + i, "USD")),
                        attribute("department", new Value.Reference(new ObjectToken(Ulid.encode(7, i % 12)))),
                        attribute("soldByWeight", new Value.Flag(false)),
                        attribute("foodstamp", new Value.Flag(true)),
                        attribute("tax", new Value.Whole(1)),
                        attribute("modifiedAt", new Value.Moment(Instant.ofEpochMilli(1_700_000_000_000L + i))),
                        new Attribute(
                                StandardSchema.name(StandardSchema.ITEM, "price"),
                                Optional.of(new LocationId("store-" + i % 3)),
                                new Value.Money(375, "USD"))),
                List.of());
    }

    private static Attribute attribute(String name, Value value) {
        DefinitionName definition = StandardSchema.name(StandardSchema.ITEM, name);
        return new Attribute(definition, Optional.empty(), value);
    }
}
