package io.mainstay.spring;

import io.mainstay.client.Instance;
import io.mainstay.client.InstanceStatus;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.serviceregistry.Registration;

import java.net.URI;
import java.util.Map;

/// This application as an instance. Its ports are known when the web server listens; until then they are 0.
public final class MainstayRegistration implements Registration {
    private final LocalInstance local;
    private volatile @Nullable MainstayServiceInstance fixed;

    MainstayRegistration(LocalInstance local) {
        this.local = local;
    }

    /// As it is now, with `status`; the first call after the web server's start settles host, ports and id.
    Instance instance(InstanceStatus status) {
        return current().instance().withStatus(status);
    }

    private MainstayServiceInstance current() {
        MainstayServiceInstance settled = fixed;
        if (settled != null) {
            return settled;
        }
        MainstayServiceInstance found =
                new MainstayServiceInstance(local.describe(InstanceStatus.STARTING));
        if (found.getPort() > 0) {
            fixed = found;
        }
        return found;
    }

    @Override
    public String getInstanceId() {
        return current().getInstanceId();
    }

    @Override
    public String getServiceId() {
        return current().getServiceId();
    }

    @Override
    public String getHost() {
        return current().getHost();
    }

    @Override
    public int getPort() {
        return current().getPort();
    }

    @Override
    public boolean isSecure() {
        return current().isSecure();
    }

    @Override
    public URI getUri() {
        return current().getUri();
    }

    @Override
    public Map<String, String> getMetadata() {
        return current().getMetadata();
    }
}
