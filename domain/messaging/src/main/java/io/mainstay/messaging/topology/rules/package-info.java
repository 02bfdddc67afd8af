/// What may be declared, and RabbitMQ's sentences for what may not: pure functions of what a client asked for. Start with [QueueRules].
@NullMarked
package io.mainstay.messaging.topology.rules;

import org.jspecify.annotations.NullMarked;
