/// What heads call: changes by proposals, checks of passwords that never block an event loop. Start with [AccessService].
@NullMarked
package io.mainstay.access.service;

import org.jspecify.annotations.NullMarked;
