package io.mainstay.spring;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

import java.util.List;

/// Discovery for code that may block: it does so at the first question about a service only, and for names.
public final class MainstayDiscoveryClient implements DiscoveryClient {
    private final ServiceViews views;
    private final ServiceCatalog catalog;
    private final int order;

    MainstayDiscoveryClient(ServiceViews views, ServiceCatalog catalog, int order) {
        this.views = views;
        this.catalog = catalog;
        this.order = order;
    }

    @Override
    public String description() {
        return "Mainstay discovery client";
    }

    @Override
    public List<ServiceInstance> getInstances(String serviceId) {
        return views.instances(serviceId);
    }

    @Override
    public List<String> getServices() {
        return catalog.names();
    }

    @Override
    public int getOrder() {
        return order;
    }
}
