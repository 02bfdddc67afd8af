package io.mainstay.demo.service;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /sightings`: what this service sees of the others, and since when.
@RestController
class SightingsController {
    private final Sightings sightings;

    SightingsController(Sightings sightings) {
        this.sightings = sightings;
    }

    @GetMapping("/sightings")
    Sightings.Report sightings() {
        return sightings.report();
    }
}
