package io.mainstay.demo.service;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

import java.util.ArrayList;
import java.util.List;

/// `POST /orders/{order}`: asks inventory and payment, then notification, each by its service name. One
/// failed call fails the order; nothing is tried twice, so that the demo counts every failure. With the profile `queue`
/// only inventory is called; then the order goes to the queue, and is answered when that has it.
@RestController
@ConditionalOnProperty(name = "spring.application.name", havingValue = "order")
class OrderController {
    private static final List<String> STEPS = List.of("inventory", "payment", "notification");

    private final RestClient services;
    private final @Nullable ConfirmedSender queue;

    OrderController(
            @LoadBalanced RestClient.Builder byName, ObjectProvider<ConfirmedSender> queue) {
        this.services = byName.build();
        this.queue = queue.getIfAvailable();
    }

    /// @param by the instances that did the steps, and `queue`
    record Order(long order, List<String> by) {}

    @PostMapping("/orders/{order}")
    Order order(@PathVariable("order") long order) throws InterruptedException {
        List<String> by = new ArrayList<>();
        for (String service : queue == null ? STEPS : STEPS.subList(0, 1)) {
            StepController.Step step =
                    services.post()
                            .uri("http://" + service + "/steps/{order}", order)
                            .retrieve()
                            .body(StepController.Step.class);
            by.add(step == null ? service + ": no answer" : step.by());
        }
        if (queue != null) {
            queue.send(OrderQueues.NEW, Long.toString(order));
            by.add("queue");
        }
        return new Order(order, by);
    }
}
