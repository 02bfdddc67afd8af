/// The users as the log made them. Start with [AccessMachine].
@NullMarked
package io.mainstay.access.state;

import org.jspecify.annotations.NullMarked;
