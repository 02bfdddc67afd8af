package io.mainstay.head.eureka;

import static org.assertj.core.api.Assertions.assertThat;

import com.netflix.appinfo.DataCenterInfo;
import com.netflix.appinfo.InstanceInfo;
import com.netflix.appinfo.InstanceInfo.InstanceStatus;
import com.netflix.appinfo.LeaseInfo;
import com.netflix.appinfo.MyDataCenterInfo;
import com.netflix.discovery.shared.Application;
import com.netflix.discovery.shared.Applications;
import com.netflix.discovery.shared.resolver.DefaultEndpoint;
import com.netflix.discovery.shared.transport.EurekaHttpClient;
import com.netflix.discovery.shared.transport.TransportClientFactory;
import com.netflix.discovery.shared.transport.jersey3.Jersey3ApplicationClientFactory;

import io.mainstay.access.api.Role;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Credentials;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.Verdict;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.cloud.configuration.TlsProperties;
import org.springframework.cloud.netflix.eureka.TimeoutProperties;
import org.springframework.cloud.netflix.eureka.http.DefaultEurekaClientHttpRequestFactorySupplier;
import org.springframework.cloud.netflix.eureka.http.RestClientTransportClientFactory;
import org.springframework.cloud.netflix.eureka.http.WebClientTransportClientFactory;
import org.springframework.web.reactive.function.client.WebClient;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Every call of the three transports that stock clients use, as they are published.
class StockTransportsTest {

    private static final String ID = "h1:orders:8080";

    /// From the tests of Spring Cloud Netflix.
    private static final String STRANGE_ID = "test#1.[3.?]!";

    private @TempDir Path directory;

    enum Transport {
        JERSEY3,
        REST_CLIENT,
        WEB_CLIENT;

        TransportClientFactory factory() {
            return switch (this) {
                case JERSEY3 ->
                        Jersey3ApplicationClientFactory.newBuilder()
                                .withClientName("stock")
                                .withMaxConnectionsPerHost(8)
                                .withMaxTotalConnections(8)
                                .withConnectionTimeout(5_000)
                                .withReadTimeout(5_000)
                                .withAllowRedirect(true)
                                .build();
                case REST_CLIENT ->
                        new RestClientTransportClientFactory(
                                new TlsProperties(),
                                new DefaultEurekaClientHttpRequestFactorySupplier(
                                        new TimeoutProperties(), Set.of()));
                case WEB_CLIENT -> new WebClientTransportClientFactory(WebClient::builder);
            };
        }
    }

    private static InstanceInfo instance(String id) {
        return InstanceInfo.Builder.newBuilder()
                .setInstanceId(id)
                .setAppName("orders")
                .setHostName("h1")
                .setIPAddr("10.0.0.1")
                .setPort(8080)
                .setSecurePort(8443)
                .setVIPAddress("orders")
                .setSecureVIPAddress("orders-s")
                .setHomePageUrl("/", "http://h1:8080/")
                .setStatusPageUrl("/info", null)
                .setHealthCheckUrls("/health", null, null)
                .setDataCenterInfo(new MyDataCenterInfo(DataCenterInfo.Name.MyOwn))
                .setLeaseInfo(
                        LeaseInfo.Builder.newBuilder()
                                .setRenewalIntervalInSecs(1)
                                .setDurationInSecs(3)
                                .build())
                .add("zone", "a")
                .add("text", "<ä \"&\" \\>")
                .setStatus(InstanceStatus.UP)
                .setLastDirtyTimestamp(7_000L)
                .build();
    }

    private static void same(InstanceInfo sent, InstanceInfo got) {
        assertThat(got.getInstanceId()).isEqualTo(sent.getInstanceId());
        assertThat(got.getAppName()).isEqualTo("ORDERS");
        assertThat(got.getHostName()).isEqualTo(sent.getHostName());
        assertThat(got.getIPAddr()).isEqualTo(sent.getIPAddr());
        assertThat(got.getPort()).isEqualTo(8080);
        assertThat(got.getSecurePort()).isEqualTo(8443);
        assertThat(got.getVIPAddress()).isEqualTo(sent.getVIPAddress());
        assertThat(got.getSecureVipAddress()).isEqualTo(sent.getSecureVipAddress());
        assertThat(got.getHomePageUrl()).isEqualTo(sent.getHomePageUrl());
        assertThat(got.getStatusPageUrl()).isEqualTo(sent.getStatusPageUrl());
        assertThat(got.getHealthCheckUrls()).isEqualTo(sent.getHealthCheckUrls());
        assertThat(got.getMetadata()).isEqualTo(sent.getMetadata());
        assertThat(got.getLastDirtyTimestamp()).isEqualTo(sent.getLastDirtyTimestamp());
        assertThat(got.getLeaseInfo().getDurationInSecs()).isEqualTo(3);
        assertThat(got.getDataCenterInfo().getName()).isEqualTo(DataCenterInfo.Name.MyOwn);
    }

    @ParameterizedTest
    @EnumSource
    void everyCallIsUnderstood(Transport transport) throws Exception {
        TransportClientFactory factory = transport.factory();
        try (HeadFixture head = new HeadFixture(directory, Authenticator.open())) {
            EurekaHttpClient client =
                    factory.newClient(
                            new DefaultEndpoint("http://127.0.0.1:" + head.port() + "/eureka/"));
            InstanceInfo sent = instance(ID);
            assertThat(client.sendHeartBeat("ORDERS", ID, sent, null).getStatusCode())
                    .isEqualTo(404);
            assertThat(client.register(sent).getStatusCode()).isEqualTo(204);
            assertThat(client.sendHeartBeat("ORDERS", ID, sent, null).getStatusCode())
                    .isEqualTo(200);

            Applications all = client.getApplications().getEntity();
            assertThat(all.getAppsHashCode()).isEqualTo(all.getReconcileHashCode());
            assertThat(all.getAppsHashCode()).isEqualTo("UP_1_");
            same(sent, only(all));
            Applications delta = client.getDelta().getEntity();
            same(sent, only(delta));
            assertThat(delta.getVersion()).isPositive();
            Application app = client.getApplication("ORDERS").getEntity();
            same(sent, app.getInstances().getFirst());
            same(sent, client.getInstance("ORDERS", ID).getEntity());
            same(sent, client.getInstance(ID).getEntity());
            same(sent, only(client.getVip("orders").getEntity()));
            same(sent, only(client.getSecureVip("orders-s").getEntity()));

            assertThat(
                            client.statusUpdate("ORDERS", ID, InstanceStatus.OUT_OF_SERVICE, sent)
                                    .getStatusCode())
                    .isEqualTo(200);
            InstanceInfo drained = client.getInstance("ORDERS", ID).getEntity();
            assertThat(drained.getStatus()).isEqualTo(InstanceStatus.OUT_OF_SERVICE);
            assertThat(drained.getOverriddenStatus()).isEqualTo(InstanceStatus.OUT_OF_SERVICE);
            assertThat(client.getDelta().getEntity().getAppsHashCode())
                    .isEqualTo("OUT_OF_SERVICE_1_");
            assertThat(client.deleteStatusOverride("ORDERS", ID, sent).getStatusCode())
                    .isEqualTo(200);
            assertThat(client.sendHeartBeat("ORDERS", ID, sent, null).getStatusCode())
                    .isEqualTo(404);
            assertThat(client.register(sent).getStatusCode()).isEqualTo(204);

            assertThat(client.cancel("ORDERS", ID).getStatusCode()).isEqualTo(200);
            assertThat(client.getApplications().getEntity().size()).isZero();
            assertThat(only(client.getDelta().getEntity()).getActionType())
                    .isEqualTo(InstanceInfo.ActionType.DELETED);
            client.shutdown();
        } finally {
            factory.shutdown();
        }
    }

    /// Spring's transports cut such an id themselves where they fetch one instance; all else works.
    @ParameterizedTest
    @EnumSource
    void strangeIdsLive(Transport transport) throws Exception {
        TransportClientFactory factory = transport.factory();
        try (HeadFixture head = new HeadFixture(directory, Authenticator.open())) {
            EurekaHttpClient client =
                    factory.newClient(
                            new DefaultEndpoint("http://127.0.0.1:" + head.port() + "/eureka/"));
            InstanceInfo sent = instance(STRANGE_ID);
            assertThat(client.register(sent).getStatusCode()).isEqualTo(204);
            same(sent, only(client.getApplications().getEntity()));
            assertThat(client.sendHeartBeat("ORDERS", STRANGE_ID, sent, null).getStatusCode())
                    .isEqualTo(200);
            assertThat(client.cancel("ORDERS", STRANGE_ID).getStatusCode()).isEqualTo(200);
        } finally {
            factory.shutdown();
        }
    }

    private static InstanceInfo only(Applications applications) {
        List<Application> apps = applications.getRegisteredApplications();
        assertThat(apps).hasSize(1);
        List<InstanceInfo> instances = apps.getFirst().getInstancesAsIsFromEureka();
        assertThat(instances).hasSize(1);
        return instances.getFirst();
    }

    @ParameterizedTest
    @EnumSource
    void credentialsOfTheServiceUrlAreTaken(Transport transport) throws Exception {
        TransportClientFactory factory = transport.factory();
        try (HeadFixture head = new HeadFixture(directory, new OneUser())) {
            String address = "127.0.0.1:" + head.port() + "/eureka/";
            EurekaHttpClient wrong =
                    factory.newClient(new DefaultEndpoint("http://ann:wrong@" + address));
            EurekaHttpClient plain =
                    factory.newClient(new DefaultEndpoint("http://ann:pass@" + address));
            assertThat(plain.register(instance(ID)).getStatusCode()).isEqualTo(204);
            assertThat(plain.getApplications().getEntity().size()).isEqualTo(1);
            assertThat(wrong.register(instance(ID)).getStatusCode()).isNotEqualTo(204);
        } finally {
            factory.shutdown();
        }
    }

    /// Knows one user with one password.
    private static final class OneUser implements Authenticator {
        @Override
        public boolean required() {
            return true;
        }

        @Override
        public Verdict known(Credentials credentials) {
            return credentials.equals(new Credentials.Basic("ann", "pass"))
                    ? new Verdict.Granted(new Principal("ann", Role.SERVICE))
                    : new Verdict.Denied();
        }

        @Override
        public void check(Credentials credentials, Consumer<Verdict> done) {
            done.accept(known(credentials));
        }
    }
}
