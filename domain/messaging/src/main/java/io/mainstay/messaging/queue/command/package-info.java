/// What enters the log of a data group about queues. Start at [QueueCommand].
@NullMarked
package io.mainstay.messaging.queue.command;

import org.jspecify.annotations.NullMarked;
