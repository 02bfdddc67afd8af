package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultSaslConfig;
import com.rabbitmq.client.PossibleAuthenticationFailureException;

import io.mainstay.testkit.NodeProcess;
import io.mainstay.testkit.TestCertificate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// AMQP over TLS: clients that check the node, and clients that the node knows by their certificate.
class TlsTest {

    private static final String SUBJECT = "CN=orders,OU=Sales,O=Shop";

    private static NodeProcess node;
    private static TestCertificate own;
    private static TestCertificate orders;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node's TLS");
        own = TestCertificate.make(folder.resolve("node-tls"), "EC");
        orders = TestCertificate.make(folder.resolve("orders-tls"), "RSA", SUBJECT);
        Path clientCa = folder.resolve("ca.pem");
        Files.copy(orders.certificate(), clientCa);
        node =
                NodeProcess.start(
                        folder.resolve("node"),
                        "tls.certificate=" + own.certificate(),
                        "tls.key=" + own.key(),
                        "amqps.client-ca=" + clientCa);
        String name = SUBJECT.replace("=", "%3D").replace(",", "%2C");
        put("/api/users/" + name, "{\"password_hash\":\"\",\"tags\":\"\"}");
        put(
                "/api/permissions/%2F/" + name,
                "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}");
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static void put(String path, String json) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting(null)).build()) {
            String guest =
                    Base64.getEncoder()
                            .encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create("https://127.0.0.1:" + node.managementPort() + path))
                            .header("Authorization", "Basic " + guest)
                            .PUT(BodyPublishers.ofString(json))
                            .build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
        }
    }

    /// @param shown the client's certificate, null: none
    private static SSLContext trusting(@Nullable TestCertificate shown) throws Exception {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store(own.trustStore()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown == null ? null : keys(shown), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyManager[] keys(TestCertificate shown) throws Exception {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(shown.keyStore()), TestCertificate.PASSWORD.toCharArray());
        return keys.getKeyManagers();
    }

    private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, TestCertificate.PASSWORD.toCharArray());
        }
        return store;
    }

    private static ConnectionFactory factory() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(node.amqpsPort());
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }

    private static void roundTrip(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        String queue = channel.queueDeclare().getQueue();
        byte[] body = new byte[300_000];
        new java.util.Random(1).nextBytes(body);
        channel.basicPublish("", queue, null, body);
        assertThat(Amqp.take(channel, queue).getBody()).isEqualTo(body);
    }

    @Test
    void aClientThatVerifiesTheNodeTalksOverTls() throws Exception {
        ConnectionFactory factory = factory();
        factory.useSslProtocol(trusting(null));
        factory.enableHostnameVerification();
        try (Connection connection = factory.newConnection()) {
            roundTrip(connection);
        }
    }

    @Test
    void aClientThatVerifiesNothingTalksOverTls() throws Exception {
        ConnectionFactory factory = factory();
        factory.useSslProtocol("TLS", new TrustsEverybody());
        try (Connection connection = factory.newConnection()) {
            roundTrip(connection);
        }
    }

    @Test
    void aClientThatDoesNotTrustTheNodeEndsTheConnection() throws Exception {
        ConnectionFactory factory = factory();
        factory.useSslProtocol(SSLContext.getDefault());
        assertThatThrownBy(factory::newConnection).isInstanceOf(SSLException.class);
    }

    @Test
    void aPlainClientIsNotUnderstoodOnThePortOfTls() {
        assertThatThrownBy(() -> factory().newConnection()).isInstanceOf(IOException.class);
    }

    @Test
    void aCertificateIsAUserWithoutAPassword() throws Exception {
        ConnectionFactory factory = external(orders);
        try (Connection connection = factory.newConnection()) {
            roundTrip(connection);
        }
    }

    @Test
    void aClientWithACertificateMayStillUseAPassword() throws Exception {
        ConnectionFactory factory = external(orders);
        factory.setSaslConfig(DefaultSaslConfig.PLAIN);
        try (Connection connection = factory.newConnection()) {
            roundTrip(connection);
        }
    }

    @Test
    void withoutACertificateThereIsNoMechanismExternal() throws Exception {
        ConnectionFactory factory = external(null);
        assertThatThrownBy(factory::newConnection)
                .isInstanceOf(PossibleAuthenticationFailureException.class.getSuperclass())
                .hasMessageContaining("No compatible authentication mechanism");
    }

    @Test
    void aCertificateThatNobodySignedForUsIsRefusedByTls() throws Exception {
        ConnectionFactory factory = external(own);
        assertThatThrownBy(factory::newConnection)
                .isNotInstanceOf(AuthenticationFailureException.class);
    }

    private static ConnectionFactory external(@Nullable TestCertificate shown) throws Exception {
        ConnectionFactory factory = factory();
        factory.useSslProtocol(trusting(shown));
        factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
        return factory;
    }

    /// As many clients are set up in test environments.
    private static final class TrustsEverybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
