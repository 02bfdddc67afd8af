package io.mainstay.registry.api;

/// What an instance says of itself, or an operator says of it. The names are Eureka's.
public enum InstanceStatus {
    /// Ready for traffic.
    UP,
    /// Do not send traffic: a health check failed.
    DOWN,
    /// Not yet ready.
    STARTING,
    /// Taken out of traffic on purpose.
    OUT_OF_SERVICE,
    UNKNOWN
}
