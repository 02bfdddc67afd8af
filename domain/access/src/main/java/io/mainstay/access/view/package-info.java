/// What readers see of the users: one immutable reference. Start with [AccessView].
@NullMarked
package io.mainstay.access.view;

import org.jspecify.annotations.NullMarked;
