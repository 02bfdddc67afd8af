/// Files that keep full blocks of queue indexes out of the heap. Start at [IndexFiles].
@NullMarked
package io.mainstay.messaging.queue.store;

import org.jspecify.annotations.NullMarked;
