package io.mainstay.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;

/// Gives every service that is called by name (`lb://`) the list that is pushed, and a balancer that learns from failed calls.
@AutoConfiguration(
        after = MainstayDiscoveryAutoConfiguration.class,
        beforeName = "org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration")
@ConditionalOnClass(ServiceInstanceListSupplier.class)
@ConditionalOnBean(ServiceViews.class)
@EnableConfigurationProperties(MainstayLoadBalancerProperties.class)
@LoadBalancerClients(defaultConfiguration = MainstayLoadBalancerClientConfiguration.class)
public class MainstayLoadBalancerAutoConfiguration {}
