/// The node's own traces, by the SDK of OpenTelemetry, which nobody else knows. [Tracing] is the whole of it; without it nothing of this package runs.
@org.jspecify.annotations.NullMarked
package io.mainstay.server.trace;
