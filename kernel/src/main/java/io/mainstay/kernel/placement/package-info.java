/// Which raft group holds a name. Start with [SlotMap].
@NullMarked
package io.mainstay.kernel.placement;

import org.jspecify.annotations.NullMarked;
