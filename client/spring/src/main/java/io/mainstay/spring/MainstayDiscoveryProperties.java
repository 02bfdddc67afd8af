package io.mainstay.spring;

import io.mainstay.client.InstanceStatus;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the application says of itself, and how it looks for others.
@ConfigurationProperties("mainstay.discovery")
public class MainstayDiscoveryProperties {

    /// Whether this application uses the registry at all.
    private boolean enabled = true;

    /// Whether this application registers itself.
    private boolean register = true;

    /// Name to register under. spring.application.name by default.
    private @Nullable String service;

    /// Unique within the service. host:service:port by default.
    private @Nullable String instanceId;

    /// Host name that others call. Found by itself if not set.
    private @Nullable String hostname;

    /// IP address of this instance. Found by itself if not set.
    private @Nullable String ipAddress;

    /// Whether others call the IP address instead of the host name.
    private boolean preferIpAddress;

    /// Port that others call, if it is another than the one the web server listens on.
    private @Nullable Integer port;

    /// TLS port that others call. The port of the web server if server.ssl is configured.
    private @Nullable Integer securePort;

    /// Zone of this instance; balancers prefer instances of their own.
    private String zone = "";

    /// Share of traffic, 0 to 10,000.
    private int weight = 100;

    /// Properties that subscribers can select by.
    private Map<String, String> labels = new LinkedHashMap<>();

    /// Free text for others.
    private Map<String, String> metadata = new LinkedHashMap<>();

    /// Status between the start of the web server and the readiness of the application.
    private InstanceStatus initialStatus = InstanceStatus.STARTING;

    /// At shutdown: time between out of service and the stop of the web server.
    private Duration drainWait = Duration.ofMillis(500);

    /// How long the first call of a service waits until something is known of it.
    private Duration firstViewTimeout = Duration.ofSeconds(2);

    /// How often the list of service names is asked for. Instances are pushed and need no asking.
    private Duration catalogInterval = Duration.ofSeconds(10);

    /// Order among several discovery clients.
    private int order = 0;

    private final HealthCheck healthCheck = new HealthCheck();

    /// How health decides about traffic.
    public static class HealthCheck {

        /// Whether the status follows the health of the application, if the actuator is there.
        private boolean enabled = true;

        /// How often health is looked at.
        private Duration interval = Duration.ofSeconds(5);

        /// Health group that decides, "readiness" for example. The whole health by default.
        private @Nullable String group;

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        public Duration getInterval() {
            return interval;
        }

        public void setInterval(Duration interval) {
            this.interval = interval;
        }

        public @Nullable String getGroup() {
            return group;
        }

        public void setGroup(@Nullable String group) {
            this.group = group;
        }
    }

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public boolean isRegister() {
        return register;
    }

    public void setRegister(boolean register) {
        this.register = register;
    }

    public @Nullable String getService() {
        return service;
    }

    public void setService(@Nullable String service) {
        this.service = service;
    }

    public @Nullable String getInstanceId() {
        return instanceId;
    }

    public void setInstanceId(@Nullable String instanceId) {
        this.instanceId = instanceId;
    }

    public @Nullable String getHostname() {
        return hostname;
    }

    public void setHostname(@Nullable String hostname) {
        this.hostname = hostname;
    }

    public @Nullable String getIpAddress() {
        return ipAddress;
    }

    public void setIpAddress(@Nullable String ipAddress) {
        this.ipAddress = ipAddress;
    }

    public boolean isPreferIpAddress() {
        return preferIpAddress;
    }

    public void setPreferIpAddress(boolean preferIpAddress) {
        this.preferIpAddress = preferIpAddress;
    }

    public @Nullable Integer getPort() {
        return port;
    }

    public void setPort(@Nullable Integer port) {
        this.port = port;
    }

    public @Nullable Integer getSecurePort() {
        return securePort;
    }

    public void setSecurePort(@Nullable Integer securePort) {
        this.securePort = securePort;
    }

    public String getZone() {
        return zone;
    }

    public void setZone(String zone) {
        this.zone = zone;
    }

    public int getWeight() {
        return weight;
    }

    public void setWeight(int weight) {
        this.weight = weight;
    }

    public Map<String, String> getLabels() {
        return labels;
    }

    public void setLabels(Map<String, String> labels) {
        this.labels = labels;
    }

    public Map<String, String> getMetadata() {
        return metadata;
    }

    public void setMetadata(Map<String, String> metadata) {
        this.metadata = metadata;
    }

    public InstanceStatus getInitialStatus() {
        return initialStatus;
    }

    public void setInitialStatus(InstanceStatus initialStatus) {
        this.initialStatus = initialStatus;
    }

    public Duration getDrainWait() {
        return drainWait;
    }

    public void setDrainWait(Duration drainWait) {
        this.drainWait = drainWait;
    }

    public Duration getFirstViewTimeout() {
        return firstViewTimeout;
    }

    public void setFirstViewTimeout(Duration firstViewTimeout) {
        this.firstViewTimeout = firstViewTimeout;
    }

    public Duration getCatalogInterval() {
        return catalogInterval;
    }

    public void setCatalogInterval(Duration catalogInterval) {
        this.catalogInterval = catalogInterval;
    }

    public int getOrder() {
        return order;
    }

    public void setOrder(int order) {
        this.order = order;
    }

    public HealthCheck getHealthCheck() {
        return healthCheck;
    }
}
