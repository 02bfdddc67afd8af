package io.mainstay.spring.boot3;

import io.mainstay.client.MainstayClient;
import io.mainstay.spring.ApplicationHealth;
import io.mainstay.spring.MainstayClientAutoConfiguration;
import io.mainstay.spring.MainstayDiscoveryProperties;

import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/// The health of the application decides about its status in the registry.
@AutoConfiguration(
        after = {MainstayClientAutoConfiguration.class, HealthEndpointAutoConfiguration.class},
        beforeName = "io.mainstay.spring.MainstayRegistrationAutoConfiguration")
@ConditionalOnClass(HealthEndpoint.class)
@ConditionalOnBean({MainstayClient.class, HealthEndpoint.class})
public class MainstayApplicationHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ApplicationHealth mainstayApplicationHealth(
            HealthEndpoint endpoint, MainstayDiscoveryProperties properties) {
        return new EndpointHealth(endpoint, properties.getHealthCheck().getGroup());
    }
}
