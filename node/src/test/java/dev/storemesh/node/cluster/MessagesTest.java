package dev.storemesh.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.storemesh.node.access.AccessEntity;
import dev.storemesh.node.access.FleetEntity;
import dev.storemesh.node.catalog.CatalogEntity;
import dev.storemesh.node.catalog.ObjectPartition;
import dev.storemesh.node.catalog.PartitionRead;
import dev.storemesh.node.link.SiteLink;
import dev.storemesh.node.replica.ReplicaEntity;
import dev.storemesh.protocol.catalog.Answer.Accepted;
import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogStanding;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.value.ObjectToken;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final Set<Class<?>> LEAVES = Set.of(
            String.class,
            long.class,
            Long.class,
            int.class,
            Integer.class,
            boolean.class,
            Boolean.class,
            byte[].class,
            Instant.class,
            Duration.class,
            BigDecimal.class,
            Optional.class,
            List.class,
            Set.class,
            Map.class,
            Collection.class);

    private static final ActorTestKit KIT = ActorTestKit.create(
            "messages",
            ConfigFactory.parseString("pekko.actor.provider = local")
                    .withFallback(ConfigFactory.parseResources("site.conf"))
                    .withFallback(ConfigFactory.load()));

    private final Serialization serialization = SerializationExtension.get(KIT.system());
    private final ActorRefResolver refs = ActorRefResolver.get(KIT.system());
    private final Set<Type> seen = new HashSet<>();
    private final Set<String> lacking = new TreeSet<>();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void allThatTheActorsOfASiteSayToEachOtherCanTravel() {
        for (var message : List.of(
                AccessEntity.Message.class,
                FleetEntity.Message.class,
                CatalogEntity.Message.class,
                ObjectPartition.Message.class,
                ReplicaEntity.Message.class,
                SiteLink.Message.class)) {
            concrete(message)
                    .filter(type -> !Modifier.isPrivate(type.getModifiers()))
                    .forEach(type -> {
                        part(type, type.getName());
                        whole(type, type.getName());
                    });
        }
        Arrays.stream(PartitionRead.class.getPermittedSubclasses())
                .forEach(read -> answer(answerOf(read), read.getName()));
        assertThat(seen).hasSizeGreaterThan(100);
        assertThat(lacking).isEmpty();
    }

    private static Type answerOf(Class<?> read) {
        return ((ParameterizedType) read.getGenericInterfaces()[0]).getActualTypeArguments()[0];
    }

    /// A type as a part of a message: our own form must know it.
    private void part(Type type, String where) {
        if (!seen.add(type)) {
            return;
        }
        switch (type) {
            case ParameterizedType generic
            when generic.getRawType() == ActorRef.class -> answer(generic.getActualTypeArguments()[0], where);
            case ParameterizedType generic -> {
                part(generic.getRawType(), where);
                Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> part(argument, where));
            }
            case WildcardType wildcard -> part(wildcard.getUpperBounds()[0], where);
            case TypeVariable<?> variable -> {} // seen where it is given
            case Class<?> leaf when LEAVES.contains(leaf) || leaf.isEnum() -> {}
            case Class<?> one
            when one.isSealed() && !one.isRecord() ->
                Arrays.stream(one.getPermittedSubclasses()).forEach(kind -> part(kind, where));
            case Class<?> one
            when one.isRecord() && Shape.of(one).isPresent() ->
                Arrays.stream(one.getRecordComponents())
                        .forEach(component ->
                                part(component.getGenericType(), one.getSimpleName() + "." + component.getName()));
            case Class<?> one -> {
                if (Shape.of(one).isEmpty()) {
                    lacking.add(one.getName() + " in " + where);
                }
            }
            default -> lacking.add(type + " in " + where);
        }
    }

    /// A type as a whole message, or as what Pekko's own envelopes hold: it needs a serializer.
    private void answer(Type type, String where) {
        switch (type) {
            case ParameterizedType generic
            when generic.getRawType() == StatusReply.class || generic.getRawType() == Optional.class ->
                answer(generic.getActualTypeArguments()[0], where);
            case ParameterizedType generic -> {
                answer(generic.getRawType(), where);
                Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> part(argument, where));
            }
            case TypeVariable<?> variable -> {} // of a read: each is looked at by itself
            case Class<?> standing
            when standing == LogStanding.class ->
                List.of(Catalog.Made.class, Replica.Following.class).forEach(kind -> whole(kind, where));
            case Class<?> one ->
                concrete(one).forEach(kind -> {
                    if (whole(kind, where) instanceof MessageSerializer) {
                        part(kind, where);
                    }
                });
            default -> lacking.add(type + " in " + where);
        }
    }

    private Object whole(Class<?> type, String where) {
        try {
            var serializer = serialization.serializerFor(type);
            if (!serializer.getClass().getName().contains("DisabledJavaSerializer")) {
                return serializer;
            }
        } catch (NotSerializableException none) {
            lacking.add(where + ": no serializer for " + type.getName());
            return none;
        }
        lacking.add(where + ": no serializer for " + type.getName());
        return type;
    }

    private static Stream<Class<?>> concrete(Class<?> type) {
        return type.isSealed() && type.isInterface()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(MessagesTest::concrete)
                : Stream.of(type);
    }

    @Test
    void comesBackAsItWas() {
        var message = accepted();
        assertThat(read(write(message))).isEqualTo(message);
    }

    private static Accepted accepted() {
        return new Accepted(new Version(Long.MAX_VALUE), Map.of("#tea", new ObjectToken("tea")), false);
    }

    @Test
    void readsWhatANewerOrOlderVersionSent() {
        var newer = new Bytes()
                .newShape("dev.storemesh.protocol.log.Version", "colour", "number")
                .tag(Tag.LIST)
                .number(1)
                .tag(Tag.TEXT)
                .text("red")
                .tag(Tag.WHOLE)
                .number(14);
        assertThat(read(newer.done())).isEqualTo(new Version(7));
        var older = new Bytes().newShape("dev.storemesh.protocol.log.Position");
        assertThat(read(older.done())).isEqualTo(new Position(0));
    }

    @Test
    void makesNothingButOurOwn() {
        for (var name : List.of("java.io.File", "dev.storemesh.node.NodeMain", "dev.storemesh.None")) {
            assertThatThrownBy(() -> read(new Bytes().newShape(name).done()))
                    .isInstanceOf(UnreadableMessageException.class);
        }
        assertThatThrownBy(() -> read(new Bytes()
                        .tag(Tag.CONSTANT)
                        .text("java.util.concurrent.TimeUnit")
                        .text("DAYS")
                        .done()))
                .isInstanceOf(UnreadableMessageException.class);
        assertThatThrownBy(() -> write(new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsCut() {
        var whole = write(accepted());
        for (var length = 0; length < whole.length; length++) {
            var cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(UnreadableMessageException.class);
        }
        var longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> read(longer)).isInstanceOf(UnreadableMessageException.class);
    }

    @Test
    void refusesWhatIsTooDeep() {
        var deep = new Bytes();
        for (var i = 0; i < 100_000; i++) {
            deep.tag(Tag.SOMETHING);
        }
        assertThatThrownBy(() -> read(deep.done())).isInstanceOf(UnreadableMessageException.class);
    }

    private byte[] write(Object message) {
        return new MessageWriter(refs).write(message);
    }

    private Object read(byte[] bytes) {
        return new MessageReader(refs, bytes).read();
    }

    /// Bytes as another version of the program may send them.
    private static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes tag(Tag tag) {
            out.write(tag.number());
            return this;
        }

        /// Below 128.
        Bytes number(int number) {
            out.write(number);
            return this;
        }

        Bytes text(String text) {
            number(text.length());
            out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        Bytes newShape(String name, String... parts) {
            tag(Tag.NEW_SHAPE).text(name).number(parts.length);
            Arrays.stream(parts).forEach(this::text);
            return this;
        }

        byte[] done() {
            return out.toByteArray();
        }
    }
}
