/// Tests with the stock RabbitMQ client, one file per feature. What they assert is RabbitMQ's behaviour: started with
/// `-Dmainstay.it.amqp=host:port` they run against any other broker and pass against RabbitMQ too. Start with [Amqp].
@NullMarked
package io.mainstay.it.amqp;

import org.jspecify.annotations.NullMarked;
