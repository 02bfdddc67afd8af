package io.mainstay.spring;

import io.mainstay.client.MainstayClient;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnReactiveDiscoveryEnabled;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Finds other services.
@AutoConfiguration(
        after = MainstayClientAutoConfiguration.class,
        beforeName = {
            "org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration"
        })
@ConditionalOnBean(MainstayClient.class)
public class MainstayDiscoveryAutoConfiguration {

    @Bean(destroyMethod = "close")
    Background mainstayBackground() {
        return new Background();
    }

    @Bean
    Heartbeat mainstayHeartbeat(ApplicationContext context, Background background) {
        return new Heartbeat(context, background);
    }

    @Bean(destroyMethod = "close")
    ServiceViews mainstayServiceViews(
            MainstayClient client, MainstayDiscoveryProperties properties, Heartbeat heartbeat) {
        return new ServiceViews(client, properties.getFirstViewTimeout(), heartbeat);
    }

    @Bean
    ServiceCatalog mainstayServiceCatalog(
            MainstayClient client,
            Heartbeat heartbeat,
            Background background,
            MainstayDiscoveryProperties properties) {
        ServiceCatalog catalog = new ServiceCatalog(client, heartbeat);
        background.every(
                properties.getCatalogInterval(), "the question for service names", catalog::names);
        return catalog;
    }

    /// For code that may block.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBlockingDiscoveryEnabled
    static class Blocking {

        @Bean
        @ConditionalOnMissingBean
        MainstayDiscoveryClient mainstayDiscoveryClient(
                ServiceViews views,
                ServiceCatalog catalog,
                MainstayDiscoveryProperties properties) {
            return new MainstayDiscoveryClient(views, catalog, properties.getOrder());
        }
    }

    /// For code that must not.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnReactiveDiscoveryEnabled
    static class Reactive {

        @Bean
        @ConditionalOnMissingBean
        MainstayReactiveDiscoveryClient mainstayReactiveDiscoveryClient(
                ServiceViews views,
                ServiceCatalog catalog,
                MainstayDiscoveryProperties properties) {
            return new MainstayReactiveDiscoveryClient(views, catalog, properties.getOrder());
        }
    }
}
