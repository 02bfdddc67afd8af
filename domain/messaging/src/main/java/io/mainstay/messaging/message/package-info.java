/// Messages and the values in them, as AMQP 0-9-1 writes them: the form in which queues keep them. Start at [FieldTable].
@NullMarked
package io.mainstay.messaging.message;

import org.jspecify.annotations.NullMarked;
