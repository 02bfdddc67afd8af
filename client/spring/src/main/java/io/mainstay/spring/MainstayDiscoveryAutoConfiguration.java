package io.mainstay.spring;

import io.mainstay.client.MainstayClient;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnReactiveDiscoveryEnabled;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.concurrent.atomic.AtomicLong;

/// Finds other services.
@AutoConfiguration(
        after = MainstayClientAutoConfiguration.class,
        beforeName = {
            "org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration"
        })
@ConditionalOnBean(MainstayClient.class)
public class MainstayDiscoveryAutoConfiguration {

    /// Tells Spring Cloud that what it may have kept is out of date.
    static final class Heartbeat implements Runnable {
        private final ApplicationContext context;
        private final AtomicLong count = new AtomicLong();

        Heartbeat(ApplicationContext context) {
            this.context = context;
        }

        @Override
        public void run() {
            context.publishEvent(new HeartbeatEvent(context, count.incrementAndGet()));
        }
    }

    @Bean
    Heartbeat mainstayHeartbeat(ApplicationContext context) {
        return new Heartbeat(context);
    }

    @Bean(destroyMethod = "close")
    ServiceViews mainstayServiceViews(
            MainstayClient client, MainstayDiscoveryProperties properties, Heartbeat heartbeat) {
        return new ServiceViews(client, properties.getFirstViewTimeout(), heartbeat);
    }

    @Bean
    ServiceCatalog mainstayServiceCatalog(MainstayClient client, Heartbeat heartbeat) {
        return new ServiceCatalog(client, heartbeat);
    }

    @Bean(destroyMethod = "close")
    Background mainstayBackground(ServiceCatalog catalog, MainstayDiscoveryProperties properties) {
        Background background = new Background();
        background.every(
                properties.getCatalogInterval(), "the question for service names", catalog::names);
        return background;
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
