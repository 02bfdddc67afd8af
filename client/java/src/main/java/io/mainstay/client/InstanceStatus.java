package io.mainstay.client;

/// What an instance says of itself, or an operator says of it.
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
