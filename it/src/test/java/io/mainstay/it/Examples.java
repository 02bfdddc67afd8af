package io.mainstay.it;

import java.nio.file.Path;

/// Where the build put the programs that run beside the node.
public final class Examples {
    private Examples() {}

    static Path demoService() {
        return target("demo-service");
    }

    static Path demoServiceOlder() {
        return target("demo-service-older");
    }

    /// The demo service with our starter in place of Eureka's.
    static Path demoServiceStreaming() {
        return target("demo-service-streaming");
    }

    static Path demoServiceStreamingOlder() {
        return target("demo-service-streaming-older");
    }

    /// Orders over stock Spring AMQP.
    static Path springAmqp() {
        return target("spring-amqp");
    }

    static Path springAmqpOlder() {
        return target("spring-amqp-older");
    }

    /// Orders over stock Spring Cloud Stream.
    static Path springStream() {
        return target("spring-stream");
    }

    static Path springStreamOlder() {
        return target("spring-stream-older");
    }

    static Path gateway() {
        return target("gateway");
    }

    static Path eurekaPeer() {
        return target("eureka-peer");
    }

    /// Sources: the test installs what they need.
    static Path jsClient() {
        return Path.of(System.getProperty("mainstay.examples", "../examples"), "js-client");
    }

    /// Sources, as above.
    public static Path jsAmqpClient() {
        return Path.of(System.getProperty("mainstay.examples", "../examples"), "js-amqp-client");
    }

    private static Path target(String module) {
        return Path.of(System.getProperty("mainstay.examples", "../examples"), module, "target");
    }
}
