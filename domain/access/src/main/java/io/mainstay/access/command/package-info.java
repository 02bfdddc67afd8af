/// What goes to the log of `meta` when users change. Start with [AccessCommand]; its bytes are [AccessCommandCodec].
@NullMarked
package io.mainstay.access.command;

import org.jspecify.annotations.NullMarked;
