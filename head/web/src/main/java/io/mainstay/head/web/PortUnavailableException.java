package io.mainstay.head.web;

import java.io.IOException;
import java.net.BindException;
import java.util.Map;

/// A head cannot listen where it shall; its message is the sentence that a person needs.
public final class PortUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final Map<Integer, String> USUAL_OWNERS =
            Map.of(
                    8761, "a Eureka server",
                    8700, "another Mainstay node",
                    8080, "a web application",
                    8848, "a Nacos server",
                    8500, "a Consul agent",
                    15672, "a RabbitMQ broker",
                    9092, "a Kafka broker",
                    2181, "a ZooKeeper server");

    PortUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    /// @param config names the head and where it should listen
    public static PortUnavailableException of(WebServerConfig config, Throwable cause) {
        String where = config.host() + ":" + config.port();
        if (!taken(cause)) {
            return new PortUnavailableException(
                    "The head %s cannot listen on %s: %s."
                            .formatted(config.head(), where, cause.getMessage()),
                    cause);
        }
        String owner = USUAL_OWNERS.getOrDefault(config.port(), "another process");
        return new PortUnavailableException(
                "The head %s cannot listen on %s: the port is taken (%s usually has it). Stop that process, or set %s.port to another port (0: a free one)."
                        .formatted(config.head(), where, owner, config.head()),
                cause);
    }

    /// The native transport has its own class for what the JDK calls a BindException.
    private static boolean taken(Throwable cause) {
        return cause instanceof BindException
                || (cause instanceof IOException
                        && String.valueOf(cause.getMessage()).contains("already in use"));
    }
}
