package io.mainstay.server.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How the node writes its log: lines for people on a terminal, one JSON object a line otherwise. Always to standard error, as
/// standard output belongs to what the command prints.
public final class Logs {

    /// A message is one line, and none of its characters tells the terminal anything: names in it may be a stranger's.
    private static final String PATTERN =
            "%d{HH:mm:ss.SSS} %-5level %-18.18logger{0} %replace(%msg){'[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f]', '?'}%n";

    private Logs() {}

    /// @param json one JSON object a line
    /// @param level a level of SLF4J for our own loggers; libraries speak from `WARN` up
    public static void configure(boolean json, String level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("stderr");
        console.setTarget("System.err");
        console.setEncoder(encoder(context, json));
        console.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        root.setLevel(Level.WARN);
        Level ours = Level.toLevel(level, Level.INFO);
        context.getLogger("io.mainstay").setLevel(ours);
        context.getLogger("audit").setLevel(Level.INFO);
        // Its warnings tell of elections and fetches that are part of normal life; the group
        // package logs what matters.
        context.getLogger("org.apache.kafka").setLevel(Level.ERROR);
        // It complains of machines that have loopback only.
        context.getLogger("io.netty.util.internal.MacAddressUtil").setLevel(Level.ERROR);
    }

    static Encoder<ILoggingEvent> encoder(LoggerContext context, boolean json) {
        if (json) {
            JsonEncoder encoder = new JsonEncoder();
            encoder.setContext(context);
            encoder.setWithFormattedMessage(true);
            encoder.setWithMessage(false);
            encoder.setWithArguments(false);
            encoder.setWithSequenceNumber(false);
            encoder.setWithNanoseconds(false);
            encoder.setWithContext(false);
            encoder.start();
            return encoder;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        return encoder;
    }
}
