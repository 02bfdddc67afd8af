package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.it.Examples;
import io.mainstay.it.NodeJs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// npm's `amqplib`, as published.
@AmqpTest
class JsAmqpClientTest {

    @TempDir Path folder;

    @Test
    void itPublishesConsumesAndIsToldItsErrors(Broker broker) throws Exception {
        NodeJs js = NodeJs.install(Examples.jsAmqpClient(), folder);
        Path log = folder.resolve("client.log");
        Process client = js.run(log, "client.js", broker.host(), Integer.toString(broker.port()));
        try {
            assertThat(client.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
            assertThat(Files.readAllLines(log))
                    .containsExactly(
                            "ok publishWithConfirms",
                            "ok aFullQueueNacks",
                            "ok consumeAckAndNack",
                            "ok prefetchBoundsWhatIsOut",
                            "ok exchangesRoute",
                            "ok whatNobodyTakesReturns",
                            "ok headersOfEveryTypeComeBack",
                            "ok anErrorClosesTheChannelOnly",
                            "done");
        } finally {
            client.destroyForcibly();
        }
    }
}
