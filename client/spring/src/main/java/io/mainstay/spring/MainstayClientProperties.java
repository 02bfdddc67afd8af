package io.mainstay.spring;

import io.mainstay.client.ClientOptions;
import io.mainstay.client.Credentials;
import io.mainstay.client.Tls;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How the application reaches its nodes.
@ConfigurationProperties("mainstay.client")
public class MainstayClientProperties {

    /// Nodes, as host:port. The client talks to one of them and goes to the next when it is lost.
    private List<String> addresses = List.of("localhost:8701");

    /// Namespace of everything that is registered and looked up.
    private String namespace = "default";

    /// User name; goes with the password.
    private @Nullable String username;

    /// Password of the user.
    private @Nullable String password;

    /// Token, instead of user and password.
    private @Nullable String token;

    /// Time between beats, 100 ms or more.
    private Duration beat = Duration.ofSeconds(1);

    /// Silence after which the node takes this process for dead.
    private Duration lease = Duration.ofSeconds(5);

    /// How long a broken connection may take to come back before this process is taken for dead, up to 1 minute.
    private Duration grace = Duration.ofSeconds(2);

    /// Longest wait between two tries to connect.
    private Duration maxBackOff = Duration.ofSeconds(5);

    /// Directory that keeps what is known of other services over a restart of this process. None by default.
    private @Nullable Path cacheDirectory;

    private final TlsProperties tls = new TlsProperties();

    /// Encryption of the connection.
    public static class TlsProperties {

        /// Whether the connection is encrypted.
        private boolean enabled;

        /// PEM file with the certificates that a node's certificate must come from. Those of the JVM by default.
        private @Nullable Path trusted;

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        public @Nullable Path getTrusted() {
            return trusted;
        }

        public void setTrusted(@Nullable Path trusted) {
            this.trusted = trusted;
        }
    }

    /// @throws IllegalStateException with a sentence if properties exclude each other
    ClientOptions.Builder options() {
        ClientOptions.Builder options =
                ClientOptions.builder()
                        .addresses(addresses)
                        .namespace(namespace)
                        .credentials(credentials())
                        .beat(beat)
                        .lease(lease)
                        .grace(grace)
                        .maxBackOff(maxBackOff)
                        .cacheDirectory(cacheDirectory);
        return tls.enabled ? options.tls(new Tls(tls.trusted)) : options;
    }

    private Credentials credentials() {
        String user = username;
        String secret = password;
        String bearer = token;
        if (bearer != null && user != null) {
            throw new IllegalStateException(
                    "mainstay.client.token and mainstay.client.username are both set; one of them says who this is.");
        }
        if (bearer != null) {
            return Credentials.token(() -> bearer);
        }
        if (user == null && secret == null) {
            return Credentials.NONE;
        }
        if (user == null || secret == null) {
            throw new IllegalStateException(
                    "mainstay.client.username and mainstay.client.password go together; one of them is missing.");
        }
        return Credentials.basic(user, secret);
    }

    public List<String> getAddresses() {
        return addresses;
    }

    public void setAddresses(List<String> addresses) {
        this.addresses = addresses;
    }

    public String getNamespace() {
        return namespace;
    }

    public void setNamespace(String namespace) {
        this.namespace = namespace;
    }

    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public @Nullable String getToken() {
        return token;
    }

    public void setToken(@Nullable String token) {
        this.token = token;
    }

    public Duration getBeat() {
        return beat;
    }

    public void setBeat(Duration beat) {
        this.beat = beat;
    }

    public Duration getLease() {
        return lease;
    }

    public void setLease(Duration lease) {
        this.lease = lease;
    }

    public Duration getGrace() {
        return grace;
    }

    public void setGrace(Duration grace) {
        this.grace = grace;
    }

    public Duration getMaxBackOff() {
        return maxBackOff;
    }

    public void setMaxBackOff(Duration maxBackOff) {
        this.maxBackOff = maxBackOff;
    }

    public @Nullable Path getCacheDirectory() {
        return cacheDirectory;
    }

    public void setCacheDirectory(@Nullable Path cacheDirectory) {
        this.cacheDirectory = cacheDirectory;
    }

    public TlsProperties getTls() {
        return tls;
    }
}
