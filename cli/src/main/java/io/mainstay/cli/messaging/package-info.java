/// The commands on queues and what leads to them, one class each; start with [io.mainstay.cli.messaging.QueueCommand].
@NullMarked
package io.mainstay.cli.messaging;

import org.jspecify.annotations.NullMarked;
