/// Message brokers beside each other, loaded by RabbitMQ's own PerfTest in a JVM of its own, in turn in one run. Start with [AmqpBench].
@NullMarked
package io.mainstay.bench.amqp;

import org.jspecify.annotations.NullMarked;
