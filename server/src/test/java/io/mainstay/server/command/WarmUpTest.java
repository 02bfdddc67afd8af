package io.mainstay.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.server.Main;
import io.mainstay.server.config.NodeConfig;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// What `./mainstay` runs after a build, so that commands and nodes start at once.
class WarmUpTest {

    @Test
    void aNodeThatIsInNobodysWayIsStartedAndLeavesNothing() {
        AtomicReference<NodeConfig> started = new AtomicReference<>();
        AtomicInteger closed = new AtomicInteger();
        NodeStarter starter =
                config -> {
                    started.set(config);
                    return new StartedNode() {
                        @Override
                        public Map<String, String> addresses() {
                            return Map.of("http", "http://127.0.0.1:1");
                        }

                        @Override
                        public void close() {
                            closed.incrementAndGet();
                        }
                    };
                };
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        int exit =
                Main.commandLine(starter)
                        .setOut(nowhere)
                        .setErr(nowhere)
                        .execute("doctor", "--warm-up");
        assertThat(exit).isZero();
        assertThat(closed).hasValue(1);
        assertThat(started.get().heads().values()).allMatch(head -> head.port() == 0);
        assertThat(started.get().dataDir()).doesNotExist();
    }
}
