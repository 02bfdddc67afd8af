package io.mainstay.spring;

import io.mainstay.client.MainstayClient;
import io.mainstay.client.ServiceView;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// `/actuator/info`, `mainstay`: the connection, and how much is known of each service that was asked for.
public final class MainstayInfoContributor implements InfoContributor {
    private final MainstayClient client;

    MainstayInfoContributor(MainstayClient client) {
        this.client = client;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> services = new TreeMap<>();
        for (ServiceView view : client.views()) {
            Map<String, Object> service = new LinkedHashMap<>();
            service.put("instances", view.instances().size());
            service.put("up", view.up().size());
            service.put("freshness", view.freshness().name());
            service.put("revision", view.revision());
            services.put(view.service(), service);
        }
        Map<String, Object> all = new LinkedHashMap<>(ConnectionReport.of(client).details());
        all.put("services", services);
        builder.withDetail("mainstay", all);
    }
}
