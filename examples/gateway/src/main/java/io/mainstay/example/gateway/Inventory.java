package io.mainstay.example.gateway;

import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/// The service `inventory`, whichever instance answers.
@FeignClient("inventory")
interface Inventory {

    /// @param by the instance that did it
    record Step(long order, String by) {}

    @PostMapping("/steps/{order}")
    Step step(@PathVariable("order") long order);
}
