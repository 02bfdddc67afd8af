/// Queues, dispatchers and sessions in the deterministic simulation of the kernel. Start with [io.mainstay.messaging.queue.simulation.QueueWorkload].
@org.jspecify.annotations.NullMarked
package io.mainstay.messaging.queue.simulation;
