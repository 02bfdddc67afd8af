/// What messaging offers to heads and other domains: topology (virtual hosts, exchanges, queues, bindings), publishing and consuming. Start at [Messaging].
@NullMarked
package io.mainstay.messaging.api;

import org.jspecify.annotations.NullMarked;
