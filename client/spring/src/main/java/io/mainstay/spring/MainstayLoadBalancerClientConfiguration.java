package io.mainstay.spring;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// The context of one balanced service. Who asks for one of Spring's own chains of suppliers
/// (`spring.cloud.loadbalancer.configurations`) or has a bean of its own gets that, on top of our discovery client.
@Configuration(proxyBeanMethods = false)
public class MainstayLoadBalancerClientConfiguration {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty(
            name = "spring.cloud.loadbalancer.configurations",
            havingValue = "default",
            matchIfMissing = true)
    ServiceInstanceListSupplier mainstayServiceInstanceListSupplier(
            Environment environment, ServiceViews views) {
        String service = environment.getRequiredProperty(LoadBalancerClientFactory.PROPERTY_NAME);
        return new MainstayServiceInstanceListSupplier(service, views);
    }
}
