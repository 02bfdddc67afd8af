package io.mainstay.spring.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.client.InstanceStatus;
import io.mainstay.spring.ApplicationHealth;
import io.mainstay.spring.MainstayAutoRegistration;
import io.mainstay.spring.MainstayDiscoveryClient;
import io.mainstay.spring.MainstayInfoContributor;
import io.mainstay.spring.MainstayLoadBalancer;
import io.mainstay.spring.MainstayReactiveDiscoveryClient;
import io.mainstay.spring.MainstayRegistration;
import io.mainstay.spring.MainstayServiceInstanceListSupplier;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ConfigurableApplicationContext;

import java.util.ArrayList;
import java.util.List;

/// A whole application with a web server and the actuator, and no node: compiled and run against each line.
class StarterTest {

    @EnableAutoConfiguration
    static class Application {}

    private static ConfigurableApplicationContext start(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--spring.application.name=orders",
                                "--spring.main.banner-mode=off",
                                "--server.address=127.0.0.1",
                                "--server.port=0",
                                "--mainstay.client.addresses=127.0.0.1:1",
                                "--mainstay.discovery.drain-wait=0"));
        arguments.addAll(List.of(more));
        return SpringApplication.run(Application.class, arguments.toArray(String[]::new));
    }

    @SuppressWarnings("unchecked")
    private static String status(ConfigurableApplicationContext context) {
        ServiceRegistry<MainstayRegistration> registry = context.getBean(ServiceRegistry.class);
        return registry.getStatus(context.getBean(MainstayRegistration.class));
    }

    @Test
    void oneDependencyBringsEverything() {
        try (ConfigurableApplicationContext context = start()) {
            context.getBean(MainstayDiscoveryClient.class);
            context.getBean(MainstayReactiveDiscoveryClient.class);
            context.getBean(MainstayInfoContributor.class);
            assertThat(context.containsBean("mainstayHealthIndicator")).isTrue();
            assertThat(
                            context.getBean(LoadBalancerClientFactory.class)
                                    .getInstance("payment", ServiceInstanceListSupplier.class))
                    .isInstanceOf(MainstayServiceInstanceListSupplier.class);
            assertThat(
                            context.getBean(LoadBalancerClientFactory.class)
                                    .getInstance("payment", ReactorLoadBalancer.class))
                    .isInstanceOf(MainstayLoadBalancer.class);
        }
    }

    @Test
    void springsOwnSuppliersAreUsedWhenAskedFor() {
        try (ConfigurableApplicationContext context =
                start("--spring.cloud.loadbalancer.configurations=zone-preference")) {
            assertThat(
                            context.getBean(LoadBalancerClientFactory.class)
                                    .getInstance("payment", ServiceInstanceListSupplier.class))
                    .isNotInstanceOf(MainstayServiceInstanceListSupplier.class);
            assertThat(
                            context.getBean(LoadBalancerClientFactory.class)
                                    .getInstance("payment", ReactorLoadBalancer.class))
                    .isNotInstanceOf(MainstayLoadBalancer.class);
        }
    }

    @Test
    void theInstanceHasThePortOfTheWebServerAndFollowsReadiness() {
        ConfigurableApplicationContext context = start();
        try (context) {
            MainstayRegistration registration = context.getBean(MainstayRegistration.class);
            assertThat(registration.getPort())
                    .isPositive()
                    .isEqualTo(
                            context.getEnvironment()
                                    .getProperty("local.server.port", Integer.class));
            assertThat(registration.getServiceId()).isEqualTo("orders");
            assertThat(status(context)).isEqualTo("UP");
            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
            assertThat(status(context)).isEqualTo("OUT_OF_SERVICE");
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(status(context)).isEqualTo("UP");
        }
        assertThat(context.isActive()).isFalse();
    }

    @Test
    @SuppressWarnings("unchecked")
    void whatSomebodySaysHoldsUntilItIsTakenBack() {
        try (ConfigurableApplicationContext context = start()) {
            ServiceRegistry<MainstayRegistration> registry = context.getBean(ServiceRegistry.class);
            MainstayRegistration registration = context.getBean(MainstayRegistration.class);
            registry.setStatus(registration, "down");
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(status(context)).isEqualTo("DOWN");
            registry.setStatus(registration, "CANCEL_OVERRIDE");
            assertThat(status(context)).isEqualTo("UP");
            assertThatThrownBy(() -> registry.setStatus(registration, "sleepy"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("OUT_OF_SERVICE");
        }
    }

    @Test
    void aStoppedRegistrationIsNoneAndCanBeStartedAgain() {
        try (ConfigurableApplicationContext context = start()) {
            MainstayAutoRegistration registration = context.getBean(MainstayAutoRegistration.class);
            registration.stop();
            assertThat(status(context)).isEqualTo("UNKNOWN");
            registration.start();
            assertThat(status(context)).isEqualTo("UP");
        }
    }

    @Test
    void theHealthOfTheApplicationIsAskedFor() {
        try (ConfigurableApplicationContext context = start()) {
            assertThat(context.getBean(ApplicationHealth.class).look())
                    .isEqualTo(InstanceStatus.UP);
        }
        try (ConfigurableApplicationContext context =
                // No disk has so much room.
                start("--management.health.diskspace.threshold=1000000TB")) {
            assertThat(context.getBean(ApplicationHealth.class).look())
                    .isEqualTo(InstanceStatus.DOWN);
        }
    }

    @Test
    void aHealthGroupMayDecideInstead() {
        try (ConfigurableApplicationContext context =
                start(
                        "--management.health.diskspace.threshold=1000000TB",
                        "--management.endpoint.health.group.traffic.include=ping",
                        "--mainstay.discovery.health-check.group=traffic")) {
            assertThat(context.getBean(ApplicationHealth.class).look())
                    .isEqualTo(InstanceStatus.UP);
        }
    }
}
