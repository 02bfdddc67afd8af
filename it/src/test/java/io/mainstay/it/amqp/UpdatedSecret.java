package io.mainstay.it.amqp;

import com.rabbitmq.client.impl.CredentialsProvider;
import com.rabbitmq.client.impl.CredentialsRefreshService;

import java.time.Duration;
import java.util.concurrent.Callable;

/// A password that the client tells anew on an open connection (`connection.update-secret`) when a test says so; otherwise a clock of the client does.
final class UpdatedSecret implements CredentialsProvider, CredentialsRefreshService {
    private final String user;
    private volatile String password;
    private volatile Callable<Boolean> tell = () -> false;

    UpdatedSecret(String user, String password) {
        this.user = user;
        this.password = password;
    }

    /// Returns when the broker has answered, whatever it said.
    void update(String fresh) throws Exception {
        password = fresh;
        tell.call();
    }

    @Override
    public String getUsername() {
        return user;
    }

    @Override
    public String getPassword() {
        return password;
    }

    @Override
    public Duration getTimeBeforeExpiration() {
        return Duration.ofHours(1);
    }

    @Override
    public String register(CredentialsProvider provider, Callable<Boolean> refresh) {
        tell = refresh;
        return user;
    }

    @Override
    public void unregister(CredentialsProvider provider, String registration) {}

    @Override
    public boolean isApproachingExpiration(Duration left) {
        return false;
    }
}
