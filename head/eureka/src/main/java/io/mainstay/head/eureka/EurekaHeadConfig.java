package io.mainstay.head.eureka;

import io.mainstay.head.web.WebServerConfig;

/// How the Eureka head is set up.
///
/// @param web where it listens and its limits; a single registration is bounded by [EurekaLimits], too
/// @param consoleUrl where a browser is sent that opens `/` or `/eureka/`; empty: it gets 404
public record EurekaHeadConfig(WebServerConfig web, String consoleUrl) {}
