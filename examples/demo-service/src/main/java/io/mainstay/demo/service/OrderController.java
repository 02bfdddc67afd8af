package io.mainstay.demo.service;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

import java.util.ArrayList;
import java.util.List;

/// `POST /orders/{order}`: asks inventory and payment, then notification, each by its service name. One
/// failed call fails the order; nothing is tried twice, so that the demo counts every failure.
@RestController
@ConditionalOnProperty(name = "spring.application.name", havingValue = "order")
class OrderController {
    private static final List<String> STEPS = List.of("inventory", "payment", "notification");

    private final RestClient services;

    OrderController(@LoadBalanced RestClient.Builder byName) {
        this.services = byName.build();
    }

    /// @param by the instances that did the steps
    record Order(long order, List<String> by) {}

    @PostMapping("/orders/{order}")
    Order order(@PathVariable("order") long order) {
        List<String> by = new ArrayList<>();
        for (String service : STEPS) {
            StepController.Step step =
                    services.post()
                            .uri("http://" + service + "/steps/{order}", order)
                            .retrieve()
                            .body(StepController.Step.class);
            by.add(step == null ? service + ": no answer" : step.by());
        }
        return new Order(order, by);
    }
}
