/// What queues hold: sequences of entries that point at bodies, and which of them are settled. Pure. Start at [QueueMachine].
@NullMarked
package io.mainstay.messaging.queue.state;

import org.jspecify.annotations.NullMarked;
