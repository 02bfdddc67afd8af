package io.mainstay.demo.service;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// `POST /steps/{order}`: what inventory, payment and notification do for an order. They say who did it.
@RestController
class StepController {
    private final String name;
    private final int port;

    StepController(
            @Value("${spring.application.name}") String name, @Value("${server.port}") int port) {
        this.name = name;
        this.port = port;
    }

    /// @param by `service:port`
    record Step(long order, String by) {}

    @PostMapping("/steps/{order}")
    Step step(@PathVariable("order") long order) {
        return new Step(order, name + ":" + port);
    }
}
