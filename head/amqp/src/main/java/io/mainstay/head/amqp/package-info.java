/// AMQP 0-9-1 with RabbitMQ's extensions: bytes to calls of messaging and back, and nothing else.
///
/// A connection ([AmqpConnection]) belongs to one event loop for life; nothing on it blocks. Methods of a channel ([AmqpChannel]) are carried out one
/// after the other; what waits for messaging makes the later ones of its channel wait, and no others. Everything that a stranger sends has a
/// bound in [AmqpLimits]. Start with [AmqpHead].
@NullMarked
package io.mainstay.head.amqp;

import org.jspecify.annotations.NullMarked;
