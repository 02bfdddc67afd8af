/// Real processes and conditions for tests, benches and the demo.
///
/// Nothing here imitates the node: it starts one ([NodeProcess]), the Eureka server that it is
/// compared with ([EurekaServerProcess]) or any program ([JavaProcess]), each in a JVM of its own.
/// A network that fails stands between them if a test wants it ([FaultProxy]).
/// Waiting is for a condition with a deadline ([Conditions]), never for a time. Start with [NodeProcess].
@NullMarked
package io.mainstay.testkit;

import org.jspecify.annotations.NullMarked;
