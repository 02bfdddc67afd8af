/// What readers see of the topology, and how messages are routed on it: immutable, shared between moments. Start with [PublishedVhost].
@NullMarked
package io.mainstay.messaging.topology.view;

import org.jspecify.annotations.NullMarked;
