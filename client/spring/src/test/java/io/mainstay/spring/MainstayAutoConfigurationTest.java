package io.mainstay.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.client.ClientOptions;
import io.mainstay.client.MainstayClient;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Contexts without a web server and without a node: what is there, and what properties do.
class MainstayAutoConfigurationTest {
    private final ApplicationContextRunner application =
            new ApplicationContextRunner()
                    .withPropertyValues(
                            "spring.application.name=orders",
                            // Nobody listens there.
                            "mainstay.client.addresses=127.0.0.1:1",
                            "mainstay.discovery.first-view-timeout=50ms")
                    .withConfiguration(
                            AutoConfigurations.of(
                                    UtilAutoConfiguration.class,
                                    MainstayClientAutoConfiguration.class,
                                    MainstayDiscoveryAutoConfiguration.class,
                                    MainstayRegistrationAutoConfiguration.class,
                                    MainstayLoadBalancerAutoConfiguration.class,
                                    MainstayInfoAutoConfiguration.class));

    @Test
    void discoveryIsThereAndAnswersWithoutANode() {
        application.run(
                context -> {
                    assertThat(context).hasNotFailed();
                    DiscoveryClient blocking = context.getBean(DiscoveryClient.class);
                    assertThat(blocking.getInstances("payment")).isEmpty();
                    assertThat(blocking.getServices()).isEmpty();
                    ReactiveDiscoveryClient reactive =
                            context.getBean(ReactiveDiscoveryClient.class);
                    assertThat(reactive.getInstances("stock").collectList().block()).isEmpty();
                    assertThat(ConnectionReport.of(context.getBean(MainstayClient.class)).status())
                            .isEqualTo("UNKNOWN");
                });
    }

    /// Whatever was told while it started, when listeners like this one were not there yet.
    @Test
    void listenersHearOfTheRegistryOnceTheApplicationHasStarted() {
        application
                .withUserConfiguration(Listener.class)
                .run(
                        context ->
                                assertThat(
                                                context.getBean(Listener.class)
                                                        .heard
                                                        .await(60, TimeUnit.SECONDS))
                                        .isTrue());
    }

    @Configuration(proxyBeanMethods = false)
    static class Listener {
        final CountDownLatch heard = new CountDownLatch(1);

        @EventListener(HeartbeatEvent.class)
        public void changed() {
            heard.countDown();
        }
    }

    @Test
    void withoutAWebServerNothingIsRegisteredUnlessAPortIsNamed() {
        application.run(
                context ->
                        assertThat(context.getBean(MainstayAutoRegistration.class).isRunning())
                                .isFalse());
        application
                .withPropertyValues("mainstay.discovery.port=80")
                .run(
                        context ->
                                assertThat(
                                                context.getBean(MainstayAutoRegistration.class)
                                                        .isRunning())
                                        .isTrue());
    }

    @Test
    void onePropertySwitchesEverythingOff() {
        for (String property :
                new String[] {"mainstay.discovery.enabled", "spring.cloud.discovery.enabled"}) {
            application
                    .withPropertyValues(property + "=false")
                    .run(
                            context ->
                                    assertThat(context)
                                            .hasNotFailed()
                                            .doesNotHaveBean(MainstayClient.class)
                                            .doesNotHaveBean(DiscoveryClient.class));
        }
    }

    @Test
    void registrationIsSwitchedOffApart() {
        for (String property :
                new String[] {
                    "mainstay.discovery.register",
                    "spring.cloud.service-registry.auto-registration.enabled"
                }) {
            application
                    .withPropertyValues(property + "=false")
                    .run(
                            context ->
                                    assertThat(context)
                                            .hasSingleBean(DiscoveryClient.class)
                                            .doesNotHaveBean(MainstayAutoRegistration.class));
        }
    }

    @Test
    void propertiesReachTheClient() {
        application
                .withPropertyValues(
                        "mainstay.client.addresses=a:1,b:2",
                        "mainstay.client.namespace=shop",
                        "mainstay.client.token=secret",
                        "mainstay.client.lease=7s",
                        "mainstay.discovery.register=false")
                .run(
                        context -> {
                            ClientOptions options = context.getBean(ClientOptions.class);
                            assertThat(options.addresses()).containsExactly("a:1", "b:2");
                            assertThat(options.namespace()).isEqualTo("shop");
                            assertThat(options.credentials().header()).isEqualTo("Bearer secret");
                            assertThat(options.lease()).hasSeconds(7);
                            assertThat(options.description()).isEqualTo("orders");
                        });
    }

    @Test
    void credentialsThatCannotBeAreExplained() {
        application
                .withPropertyValues("mainstay.client.username=me")
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .rootCause()
                                        .hasMessageContaining("mainstay.client.password"));
        application
                .withPropertyValues("mainstay.client.username=me", "mainstay.client.token=x")
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .rootCause()
                                        .hasMessageContaining("both set"));
    }
}
