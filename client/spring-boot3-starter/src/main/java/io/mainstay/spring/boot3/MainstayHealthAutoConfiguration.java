package io.mainstay.spring.boot3;

import io.mainstay.client.MainstayClient;
import io.mainstay.spring.MainstayClientAutoConfiguration;

import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/// The connection as a part of the health of the application. `management.health.mainstay.enabled=false` leaves it out.
@AutoConfiguration(after = MainstayClientAutoConfiguration.class)
@ConditionalOnClass({HealthEndpoint.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(MainstayClient.class)
public class MainstayHealthAutoConfiguration {

    @Bean
    @ConditionalOnEnabledHealthIndicator("mainstay")
    MainstayHealthIndicator mainstayHealthIndicator(MainstayClient client) {
        return new MainstayHealthIndicator(client);
    }
}
