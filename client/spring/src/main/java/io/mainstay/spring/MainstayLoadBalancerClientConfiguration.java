package io.mainstay.spring;

import io.mainstay.client.balance.LoadBalancer;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
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
    @ConditionalOnMissingBean(ServiceInstanceListSupplier.class)
    @ConditionalOnProperty(
            name = "spring.cloud.loadbalancer.configurations",
            havingValue = "default",
            matchIfMissing = true)
    MainstayServiceInstanceListSupplier mainstayServiceInstanceListSupplier(
            Environment environment, ServiceViews views) {
        return new MainstayServiceInstanceListSupplier(service(environment), views);
    }

    /// Knows no supplier but ours: with another one Spring's own balancer stays.
    @Bean
    @ConditionalOnMissingBean(ReactorLoadBalancer.class)
    @ConditionalOnBean(MainstayServiceInstanceListSupplier.class)
    MainstayLoadBalancer mainstayLoadBalancer(
            Environment environment,
            ServiceViews views,
            MainstayLoadBalancerProperties properties,
            MainstayDiscoveryProperties discovery) {
        String service = service(environment);
        LoadBalancer balancer =
                LoadBalancer.of(() -> views.view(service), properties.getPolicy().create());
        return new MainstayLoadBalancer(
                service,
                views,
                properties.isZoneFirst() ? balancer.zoneFirst(discovery.getZone()) : balancer);
    }

    @Bean
    @ConditionalOnBean(MainstayLoadBalancer.class)
    CallOutcomes mainstayCallOutcomes() {
        return new CallOutcomes();
    }

    private static String service(Environment environment) {
        return environment.getRequiredProperty(LoadBalancerClientFactory.PROPERTY_NAME);
    }
}
