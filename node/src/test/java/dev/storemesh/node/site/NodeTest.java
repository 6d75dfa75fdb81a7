package dev.storemesh.node.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTest {
    private static final String SENTENCE = "The database was written by a newer version";

    @TempDir
    Path folder;

    private final PrintStream realErrors = System.err;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @BeforeEach
    void listenToErrors() {
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setErr(realErrors);
    }

    @Test
    void saysWhyTheDatabaseCannotBeOpenedAndLeavesTheHomeFree() throws StartFailure {
        assertThat(run(new FailingToPrepare())).isOne();
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo(SENTENCE + System.lineSeparator());
        HomeFolder.open(folder).close();
    }

    @Test
    void stopsItsActorSystemWhenTheSiteCannotStart() throws StartFailure {
        var failing = new FailingToWire();
        assertThat(run(failing)).isOne();
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo(SENTENCE + System.lineSeparator());
        assertThat(failing.system)
                .hasValueSatisfying(
                        system -> assertThat(system.getWhenTerminated()).isCompleted());
        HomeFolder.open(folder).close();
    }

    private int run(Wiring wiring) {
        return Node.run(folder, Optional.empty(), Map.of(), wiring);
    }

    private static final class FailingToPrepare implements Wiring {
        @Override
        public Config prepare(NodeSettings settings, HomeFolder home) throws StartFailure {
            throw new StartFailure(SENTENCE);
        }

        @Override
        public Started wire(ActorSystem<?> system, NodeSettings settings, HomeFolder home, Optional<Join> join) {
            throw new AssertionError("wired although nothing was prepared");
        }
    }

    private static final class FailingToWire implements Wiring {
        private Optional<ActorSystem<?>> system = Optional.empty();

        @Override
        public Started wire(ActorSystem<?> started, NodeSettings settings, HomeFolder home, Optional<Join> join)
                throws StartFailure {
            system = Optional.of(started);
            throw new StartFailure(SENTENCE);
        }
    }
}
