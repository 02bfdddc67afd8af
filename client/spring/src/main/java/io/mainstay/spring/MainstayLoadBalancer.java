package io.mainstay.spring;

import io.mainstay.client.balance.LoadBalancer;
import io.mainstay.client.balance.Pick;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.HintRequestContext;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;

import reactor.core.publisher.Mono;

import java.util.Optional;

/// Chooses for calls by name with the client's own balancer, which learns from [CallOutcomes]. Blocks nobody.
public final class MainstayLoadBalancer implements ReactorServiceInstanceLoadBalancer {
    private final String serviceId;
    private final ServiceViews views;
    private final LoadBalancer balancer;

    MainstayLoadBalancer(String serviceId, ServiceViews views, LoadBalancer balancer) {
        this.serviceId = serviceId;
        this.views = views;
        this.balancer = balancer;
    }

    @Override
    @SuppressWarnings("rawtypes") // As the interface has it.
    public Mono<Response<ServiceInstance>> choose(Request request) {
        return views.known(serviceId).then(Mono.fromSupplier(() -> pick(request)));
    }

    private Response<ServiceInstance> pick(Request<?> request) {
        Optional<Pick> pick = balancer.pick(key(request));
        if (pick.isEmpty()) {
            return new EmptyResponse();
        }
        if (request == REQUEST) {
            // Somebody wants to know an instance and tells nobody what comes of it.
            pick.get().close();
        }
        return new DefaultResponse(new PickedServiceInstance(pick.get()));
    }

    private static String key(Request<?> request) {
        return request.getContext() instanceof HintRequestContext context
                        && context.getHint() != null
                ? context.getHint()
                : "";
    }
}
