package io.mainstay.spring;

import io.mainstay.client.Instance;
import io.mainstay.client.InstanceStatus;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.commons.util.InetUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/// Finds out what this application has to say of itself: properties first, then what Spring knows.
final class LocalInstance {
    private final MainstayDiscoveryProperties properties;
    private final Environment environment;
    private final InetUtils network;

    LocalInstance(
            MainstayDiscoveryProperties properties, Environment environment, InetUtils network) {
        this.properties = properties;
        this.environment = environment;
        this.network = network;
    }

    /// @throws IllegalStateException with a sentence if it has no name
    Instance describe(InstanceStatus status) {
        String service = service();
        InetUtils.HostInfo found = network.findFirstNonLoopbackHostInfo();
        String ip = or(properties.getIpAddress(), found.getIpAddress());
        String host =
                properties.isPreferIpAddress()
                        ? ip
                        : or(properties.getHostname(), found.getHostname());
        int listening = port("local.server.port");
        Integer plain = properties.getPort();
        Integer secure = properties.getSecurePort();
        boolean tls = secure == null && plain == null && serverHasTls();
        int port = plain != null ? plain : tls || secure != null ? 0 : listening;
        int securePort = secure != null ? secure : tls ? listening : 0;
        int named = securePort > 0 ? securePort : port;
        Instance.Builder instance =
                Instance.of(
                                service,
                                or(properties.getInstanceId(), host + ":" + service + ":" + named),
                                host,
                                port)
                        .ip(ip)
                        .securePort(securePort)
                        .zone(properties.getZone())
                        .weight(properties.getWeight())
                        .labels(properties.getLabels());
        if (!properties.getZone().isEmpty()) {
            // Eureka's clients look for it here.
            instance.metadata("zone", properties.getZone());
        }
        int management = port("local.management.port");
        if (management > 0 && management != listening) {
            instance.metadata("management.port", Integer.toString(management));
        }
        return instance.metadata(properties.getMetadata()).status(status).build();
    }

    private String service() {
        String name =
                or(properties.getService(), environment.getProperty("spring.application.name", ""));
        if (name.isBlank()) {
            throw new IllegalStateException(
                    "An application registers under a name: set spring.application.name, or mainstay.discovery.service,"
                            + " or mainstay.discovery.register=false.");
        }
        return name;
    }

    private boolean serverHasTls() {
        return environment.getProperty("server.ssl.enabled", Boolean.class, true)
                && (StringUtils.hasText(environment.getProperty("server.ssl.key-store"))
                        || StringUtils.hasText(environment.getProperty("server.ssl.certificate"))
                        || StringUtils.hasText(environment.getProperty("server.ssl.bundle")));
    }

    /// The web server's initializer puts it into the environment; 0 if there is none.
    private int port(String property) {
        return environment.getProperty(property, Integer.class, 0);
    }

    private static String or(@Nullable String first, String second) {
        return first != null && !first.isBlank() ? first : second;
    }
}
