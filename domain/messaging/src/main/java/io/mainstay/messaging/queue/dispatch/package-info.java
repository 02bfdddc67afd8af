/// What the leader of a data group knows of its queues beyond the log: who consumes, what is in hand, what is ready. Apply thread only. Start at [Dispatcher].
@NullMarked
package io.mainstay.messaging.queue.dispatch;

import org.jspecify.annotations.NullMarked;
