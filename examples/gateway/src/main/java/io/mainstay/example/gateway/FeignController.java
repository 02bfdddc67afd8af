package io.mainstay.example.gateway;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// `POST /feign/{order}`: asks inventory with Feign.
@RestController
class FeignController {
    private final Inventory inventory;

    FeignController(Inventory inventory) {
        this.inventory = inventory;
    }

    @PostMapping("/feign/{order}")
    Inventory.Step step(@PathVariable("order") long order) {
        return inventory.step(order);
    }
}
