package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.ConnectionFactory;

import io.mainstay.testkit.Http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A broker that scripts are done at.
///
/// @param factory of connections to it
/// @param api where its management API is, empty: it has none
record Peer(ConnectionFactory factory, String api) {

    private static final String GUEST =
            Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));

    static Peer on(int port, String api) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setAutomaticRecoveryEnabled(false);
        return new Peer(factory, api);
    }

    /// @param path behind `/api/`
    /// @return the status
    int call(String method, String path, String json) throws IOException, InterruptedException {
        return Http.call(
                        method,
                        api + path,
                        json,
                        "application/json",
                        "Authorization",
                        "Basic " + GUEST)
                .status();
    }
}
