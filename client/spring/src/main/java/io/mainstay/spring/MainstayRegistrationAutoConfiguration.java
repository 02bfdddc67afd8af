package io.mainstay.spring;

import io.mainstay.client.MainstayClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.commons.util.InetUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/// Puts this application into the registry.
@AutoConfiguration(
        after = {MainstayClientAutoConfiguration.class, MainstayDiscoveryAutoConfiguration.class},
        afterName = "org.springframework.cloud.commons.util.UtilAutoConfiguration",
        beforeName =
                "org.springframework.cloud.client.serviceregistry.ServiceRegistryAutoConfiguration")
@ConditionalOnBean(MainstayClient.class)
public class MainstayRegistrationAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    MainstayServiceRegistry mainstayServiceRegistry(
            MainstayClient client, MainstayDiscoveryProperties properties) {
        return new MainstayServiceRegistry(client, properties.getInitialStatus());
    }

    @Bean
    @ConditionalOnMissingBean
    MainstayRegistration mainstayRegistration(
            MainstayDiscoveryProperties properties, Environment environment, InetUtils network) {
        return new MainstayRegistration(new LocalInstance(properties, environment, network));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty(
            name = {
                "mainstay.discovery.register",
                "spring.cloud.service-registry.auto-registration.enabled"
            },
            matchIfMissing = true)
    MainstayAutoRegistration mainstayAutoRegistration(
            MainstayServiceRegistry registry,
            MainstayRegistration registration,
            MainstayDiscoveryProperties properties,
            ApplicationContext context,
            ObjectProvider<ApplicationHealth> health,
            MainstayClient client,
            Background background) {
        MainstayDiscoveryProperties.HealthCheck check = properties.getHealthCheck();
        MainstayAutoRegistration made =
                new MainstayAutoRegistration(
                        registry,
                        registration,
                        properties,
                        context,
                        check.isEnabled() ? health.getIfUnique() : null);
        background.every(
                check.getInterval(),
                "the look at the application's health",
                () -> made.lookAtHealth(client.state().connected()));
        return made;
    }
}
