package io.mainstay.spring;

import io.mainstay.client.Instance;

import org.springframework.cloud.client.ServiceInstance;

import java.net.URI;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// An instance of a view, as Spring Cloud sees it. Its metadata also has the labels, `zone` and `weight`, under which
/// Spring's own balancers look for them; what the owner wrote under these names stays.
///
/// @param instance called at its TLS port if it has one
public record MainstayServiceInstance(Instance instance, Map<String, String> metadata)
        implements ServiceInstance {

    public MainstayServiceInstance(Instance instance) {
        this(instance, metadataOf(instance));
    }

    private static Map<String, String> metadataOf(Instance instance) {
        Map<String, String> all = new TreeMap<>(instance.labels());
        if (!instance.zone().isEmpty()) {
            all.put("zone", instance.zone());
        }
        all.put("weight", Integer.toString(instance.weight()));
        all.putAll(instance.metadata());
        return Collections.unmodifiableMap(all);
    }

    @Override
    public String getInstanceId() {
        return instance.instanceId();
    }

    @Override
    public String getServiceId() {
        return instance.service();
    }

    @Override
    public String getHost() {
        return instance.host();
    }

    @Override
    public int getPort() {
        return instance.callPort();
    }

    @Override
    public boolean isSecure() {
        return instance.secure();
    }

    @Override
    public String getScheme() {
        return isSecure() ? "https" : "http";
    }

    @Override
    public URI getUri() {
        String host = getHost();
        // An IPv6 address in a URI stands in brackets.
        String name = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        return URI.create(getScheme() + "://" + name + ":" + getPort());
    }

    @Override
    public Map<String, String> getMetadata() {
        return metadata;
    }
}
