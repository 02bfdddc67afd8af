/// Parts of the dispatcher by themselves.
@org.jspecify.annotations.NullMarked
package io.mainstay.messaging.queue.dispatch;
