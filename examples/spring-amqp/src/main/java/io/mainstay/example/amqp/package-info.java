/// Orders over RabbitMQ's protocol as a stock Spring AMQP application: nothing of Mainstay is on its class path.
///
/// One program plays `order`, which sends, or `payment`, which works; several payments share the orders.
/// [Topology] is what both need of the broker. Start with [Orders].
@NullMarked
package io.mainstay.example.amqp;

import org.jspecify.annotations.NullMarked;
