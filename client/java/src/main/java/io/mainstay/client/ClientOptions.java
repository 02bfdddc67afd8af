package io.mainstay.client;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a client connects. Immutable; made by [#builder()].
///
/// @param addresses of nodes, `host:port`; the client talks to one of them and goes to the next when it is lost
/// @param namespace what it registers and subscribes to is in this one
/// @param clientId names this process over all its connections
/// @param description for people: "orders 2.3 on host-17"
/// @param beat time between beats; `lease` the silence that is death; `grace` how long a broken connection may take to come back
/// @param maxBackOff longest wait between two tries to connect
/// @param cacheDirectory where the last views are kept over a restart of this process; `null`: nowhere
/// @param tls `null`: none
public record ClientOptions(
        List<String> addresses,
        String namespace,
        String clientId,
        String description,
        Credentials credentials,
        @Nullable Tls tls,
        Duration beat,
        Duration lease,
        Duration grace,
        Duration maxBackOff,
        @Nullable Path cacheDirectory,
        ClientListener listener) {

    private static final Pattern ADDRESS = Pattern.compile("(\\[[^]]+]|[^:\\s]+):(\\d{1,5})");

    public ClientOptions {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("A client needs the address of a node.");
        }
        for (String address : addresses) {
            Matcher parts = ADDRESS.matcher(address);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
                throw new IllegalArgumentException(
                        "'%s' is no address; it looks like localhost:8701.".formatted(address));
            }
        }
        if (beat.toMillis() < 100 || lease.compareTo(beat) < 0) {
            throw new IllegalArgumentException(
                    "Beats come every 100 ms at the most, and a lease (%s) is not shorter than the time between beats (%s)."
                            .formatted(lease, beat));
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Collects options; those not named have the defaults of the protocol.
    public static final class Builder {
        private List<String> addresses = List.of("localhost:8701");
        private String namespace = "default";
        private String clientId = UUID.randomUUID().toString();
        private String description = "";
        private Credentials credentials = Credentials.NONE;
        private @Nullable Tls tls;
        private Duration beat = Duration.ofSeconds(1);
        private Duration lease = Duration.ofSeconds(5);
        private Duration grace = Duration.ofSeconds(2);
        private Duration maxBackOff = Duration.ofSeconds(5);
        private @Nullable Path cacheDirectory;
        private ClientListener listener = new ClientListener() {};

        private Builder() {}

        public Builder addresses(String... hostAndPort) {
            addresses = List.of(hostAndPort);
            return this;
        }

        public Builder addresses(List<String> hostAndPort) {
            addresses = List.copyOf(hostAndPort);
            return this;
        }

        public Builder namespace(String name) {
            namespace = Objects.requireNonNull(name);
            return this;
        }

        public Builder clientId(String id) {
            clientId = id;
            return this;
        }

        public Builder description(String text) {
            description = text;
            return this;
        }

        public Builder credentials(Credentials who) {
            credentials = who;
            return this;
        }

        public Builder tls(Tls encryption) {
            tls = encryption;
            return this;
        }

        /// @param interval 100 ms or more
        public Builder beat(Duration interval) {
            beat = interval;
            return this;
        }

        public Builder lease(Duration silence) {
            lease = silence;
            return this;
        }

        /// @param time up to a minute
        public Builder grace(Duration time) {
            grace = time;
            return this;
        }

        public Builder maxBackOff(Duration time) {
            maxBackOff = time;
            return this;
        }

        public Builder cacheDirectory(@Nullable Path directory) {
            cacheDirectory = directory;
            return this;
        }

        public Builder listener(ClientListener told) {
            listener = told;
            return this;
        }

        /// @throws IllegalArgumentException with a sentence if an option cannot be
        public ClientOptions build() {
            return new ClientOptions(
                    addresses,
                    namespace,
                    clientId,
                    description,
                    credentials,
                    tls,
                    beat,
                    lease,
                    grace,
                    maxBackOff,
                    cacheDirectory,
                    listener);
        }
    }
}
