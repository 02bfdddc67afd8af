package io.mainstay.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;

class LogsTest {

    private static String logged(boolean json, String name) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        LoggingEvent event =
                new LoggingEvent(
                        "",
                        context.getLogger("head.Amqp"),
                        Level.INFO,
                        "no exchange '{}'",
                        null,
                        new Object[] {name});
        return new String(Logs.encoder(context, json).encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void aNameThatAStrangerChoseMakesNoLineOfItsOwn() {
        String name = "x\r\n12:00:00.000 ERROR Node all is lost\u001b[2J\u009b2J\tö";
        assertThat(logged(false, name))
                .endsWith(
                        "INFO  Amqp               no exchange 'x??12:00:00.000 ERROR Node all is lost?[2J?2J\tö'\n");
        assertThat(logged(true, name).strip()).doesNotContain("\n", "\u001b");
    }
}
