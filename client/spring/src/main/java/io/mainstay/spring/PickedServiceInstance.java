package io.mainstay.spring;

import io.mainstay.client.balance.Pick;

import org.springframework.cloud.client.ServiceInstance;

import java.net.URI;
import java.util.Map;

/// An instance that was chosen for one call; [CallOutcomes] finds the call's pick in it.
final class PickedServiceInstance implements ServiceInstance {
    private final Pick pick;
    private final MainstayServiceInstance instance;

    PickedServiceInstance(Pick pick) {
        this.pick = pick;
        this.instance = new MainstayServiceInstance(pick.instance());
    }

    Pick pick() {
        return pick;
    }

    @Override
    public String getInstanceId() {
        return instance.getInstanceId();
    }

    @Override
    public String getServiceId() {
        return instance.getServiceId();
    }

    @Override
    public String getHost() {
        return instance.getHost();
    }

    @Override
    public int getPort() {
        return instance.getPort();
    }

    @Override
    public boolean isSecure() {
        return instance.isSecure();
    }

    @Override
    public String getScheme() {
        return instance.getScheme();
    }

    @Override
    public URI getUri() {
        return instance.getUri();
    }

    @Override
    public Map<String, String> getMetadata() {
        return instance.getMetadata();
    }
}
