package io.mainstay.spring;

import io.mainstay.client.ClientOptions;
import io.mainstay.client.MainstayClient;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/// The one connection of the application to the registry.
@AutoConfiguration
@ConditionalOnDiscoveryEnabled
@ConditionalOnProperty(name = "mainstay.discovery.enabled", matchIfMissing = true)
@EnableConfigurationProperties({MainstayClientProperties.class, MainstayDiscoveryProperties.class})
public class MainstayClientAutoConfiguration {

    /// An application may have options of its own.
    @Bean
    @ConditionalOnMissingBean
    ClientOptions mainstayClientOptions(
            MainstayClientProperties properties, Environment environment) {
        return properties
                .options()
                .description(environment.getProperty("spring.application.name", ""))
                .build();
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    MainstayClient mainstayClient(ClientOptions options) {
        return MainstayClient.connect(options);
    }
}
